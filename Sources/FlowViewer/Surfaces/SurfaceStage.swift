import FlowMatching
import TerminalCanvas

/// The main plot of a curved space, whatever it shows: its frame, its axes where it has some, and how
/// points come to lie in it.
struct SurfaceStage {
  let theme: Theme
  let space: any PicturedSpace
  let target: SurfaceTarget
  let projection: any Projection
  /// What the frame encloses.
  let inner: Rect
  let axes: PlotAxes
  /// The numbers at its edges; nil for a body, and where nobody wants them.
  let ticks: AngleTicks?
  private let rect: Rect
  private let isFocused: Bool

  /// The plot in a rectangle with its frame; nil in the plane.
  init?(_ state: AppState, _ theme: Theme, in rect: Rect) {
    guard let surface = state.surface else { return nil }
    self.theme = theme
    self.rect = rect
    (space, target) = surface
    projection = state.projection
    inner = rect.inset(by: 1)
    axes = state.axes(in: inner)
    ticks = projection.hasAxes && state.look.appearance.showsAxes ? AngleTicks(axes) : nil
    isFocused = state.window.focusedPane == .plot
  }

  /// What draws on it.
  var plot: SurfacePlot {
    SurfacePlot(theme: theme, projection: projection, space: space, target: target, axes: axes)
  }

  /// Draws the frame.
  func drawFrame(
    _ title: String, heading: [Run] = [], labels: [Run], into screen: inout Screen
  ) {
    Panel(
      title: title, heading: heading, labels: labels, bottom: ticks?.bottom ?? [],
      leftTicks: ticks?.rows ?? [], isFocused: isFocused
    ).draw(into: &screen, in: rect, theme: theme)
  }

  /// Draws the numbers at its left edge.
  func drawNumbers(into screen: inout Screen) {
    ticks?.drawNumbers(into: &screen, theme: theme, in: inner)
  }
}
