import FlowMatching
import TerminalCanvas

/// Where some particles came from over the last .15 of t, in three steps of brightness.
struct TrailsLayer {
  let theme: Theme
  private static let length = 0.15
  /// How far the oldest to the youngest third moves towards the background.
  private static let fades = [0.72, 0.48, 0.2]

  func draw(_ state: AppState, axes: PlotAxes, into screen: inout Screen) {
    let solve = state.lanes.ensemble.film
    let t = state.focusedLane.t
    // With noise the film's particles are others than the cloud's.
    guard t > 0, solve.knows(t), solve.settings.isDeterministic else { return }
    let samples = 3
    let steps = samples * TrailsLayer.fades.count
    let projection = state.projection
    var from = Batch(dimension: solve.trajectory.dimension, count: solve.count)
    var to = from
    func time(_ step: Int) -> Double {
      max(0, t - TrailsLayer.length * (1 - Double(step) / Double(steps)))
    }
    solve.trajectory.position(at: time(0), into: &from)
    for (index, fade) in TrailsLayer.fades.enumerated() {
      var grid = DotGrid(axes.rect.size)
      for step in index * samples + 1...(index + 1) * samples {
        solve.trajectory.position(at: time(step), into: &to)
        grid.segments(axes, from: from, to: to, through: projection)
        swap(&from, &to)
      }
      grid.draw(
        into: &screen, in: axes.rect, style: theme.faded(theme.style(.label), fade),
        glyphs: theme.glyphs)
    }
  }
}

extension DotGrid {
  /// The dots of a segment between two places of the plane; nothing where an end is far outside.
  mutating func line(
    _ axes: PlotAxes, from start: (x: Double, y: Double), to end: (x: Double, y: Double)
  ) {
    let a = (axes.dotX(start.x), axes.dotY(start.y))
    let b = (axes.dotX(end.x), axes.dotY(end.y))
    let limit = 4 * Double(max(width, height))
    // Written so that what is not a number fails.
    guard abs(a.0) < limit, abs(a.1) < limit, abs(b.0) < limit, abs(b.1) < limit else { return }
    line(
      from: (Int(saturating: a.0.rounded(.down)), Int(saturating: a.1.rounded(.down))),
      to: (Int(saturating: b.0.rounded(.down)), Int(saturating: b.1.rounded(.down))))
  }
}
