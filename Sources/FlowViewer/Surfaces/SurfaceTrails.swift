import FlowMatching
import TerminalCanvas

/// Whole paths of some particles, from where they started to where they are, in three steps of
/// brightness.
///
/// Short trails look like dust on a body full of particles.
struct SurfaceTrails {
  let theme: Theme
  /// How far the oldest to the youngest third moves towards the background.
  private static let fades = [0.62, 0.34, 0]
  private static let samples = 12
  /// Paths over a plot of so many cells: single ones must be told apart.
  private static func count(_ rect: Rect) -> Int { min(130, rect.width * rect.height / 24) }

  /// Puts the paths over the particles.
  func put(
    _ state: AppState, _ projection: any Projection, on canvas: inout SurfaceCanvas
  ) {
    let solve = state.lanes.ensemble.lanes[state.lanes.focused]
    let t = state.focusedLane.t
    // The ways of an SDE are no lines.
    guard t > 0, solve.knows(t), solve.settings.isDeterministic else { return }
    let count = min(solve.count, SurfaceTrails.count(canvas.axes.rect))
    let steps = SurfaceTrails.samples * SurfaceTrails.fades.count
    var from = Batch(dimension: solve.trajectory.dimension, count: count)
    var to = from
    solve.trajectory.positionOfFirst(at: 0, into: &from)
    for (index, fade) in SurfaceTrails.fades.enumerated() {
      var grid = DotGrid(canvas.axes.rect.size)
      for step in index * SurfaceTrails.samples + 1...(index + 1) * SurfaceTrails.samples {
        solve.trajectory.positionOfFirst(at: t * Double(step) / Double(steps), into: &to)
        grid.segments(canvas.axes, from: from, to: to, through: projection)
        swap(&from, &to)
      }
      let style = theme.faded(theme.style(.title), fade)
      canvas.put(grid, Style(foreground: style.foreground, attributes: style.attributes))
    }
  }
}
