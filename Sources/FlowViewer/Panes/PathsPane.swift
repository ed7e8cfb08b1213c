import FlowMatching
import TerminalCanvas

/// One coordinate of some particles over t: space and time in one picture.
struct PathsPane: Pane, PlotPane {
  let theme: Theme

  /// Draws the focused lane's paths, or those of another.
  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    draw(state, lane: state.lanes.focused, into: &screen, in: rect)
  }

  func draw(
    _ state: AppState, lane index: Int, into screen: inout Screen, in rect: Rect
  ) {
    let lane = state.lanes.all[index]
    let inner = rect.inset(by: 1)
    let row = state.look.scenery.coordinate
    let range = state.window.viewports[state.lanes.focused].range(
      row == 0 ? state.xRange : state.yRange,
      shift: state.window.viewports[state.lanes.focused].y)
    // Without noise the film's particles are the lane's own.
    let solve =
      state.isComparing
      ? state.lanes.ensemble.lanes[index] : state.lanes.ensemble.film
    let chart = Chart(
      series: [], cursor: lane.t, cursorRole: .accent, xRange: 0...1, yRange: range)
    chart.draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "paths",
        heading: rect.width >= 40
          ? [theme.run("\(state.coordinateName) over t", .label)] : [],
        labels: [
          theme.run("\(PathsPane.count(inner))", .value), theme.run(" particles   ", .label),
          theme.run("o", .key), theme.run(" other coordinate", .hint),
        ], isFocused: state.window.focusedPane == .plot), theme: theme)
    let plot = chart.plotRect(in: inner)
    guard !plot.isEmpty, solve.isOver, solve.failure == nil else { return }
    drawPaths(
      solve, row, chart, plot, now: lane.t,
      through: state.turning == nil ? state.projection : PlaneProjection(),
      into: &screen)
  }

  /// So many that single paths can be followed.
  private static func count(_ rect: Rect) -> Int { min(Ensemble.filmCount, max(16, rect.height)) }

  private func drawPaths(
    _ solve: Solve, _ row: Int, _ chart: Chart, _ plot: Rect, now: Double,
    through projection: any Projection, into screen: inout Screen
  ) {
    let width = 2 * plot.width
    let axis = RowAxis(range: chart.yRange ?? 0...1, rows: plot.height, logarithmic: false)
    var counts = [Int](repeating: 0, count: plot.width * plot.height)
    var dots = DotGrid(plot.size)
    let shown = min(solve.count, PathsPane.count(plot))
    var points = Batch(dimension: solve.trajectory.dimension, count: shown)
    var last = [Int?](repeating: nil, count: shown)
    for x in 0..<width {
      solve.trajectory.positionOfFirst(at: Double(x) / Double(max(1, width - 1)), into: &points)
      let seen = projection.picture(points)
      for j in 0..<shown {
        let place = 4 * axis.row(of: seen[row, j])
        guard abs(place) < 1e6 else { continue }
        let y = Int(saturating: place.rounded(.down))
        dots.line(from: (max(0, x - 1), clamped(last[j] ?? y, dots)), to: (x, clamped(y, dots)))
        last[j] = y
        guard y >= 0, y < dots.height else { continue }
        counts[(y / 4) * plot.width + x / 2] += 1
      }
    }
    let greatest = Double(counts.max() ?? 1)
    let head = Int(saturating: (now * Double(plot.width - 1)).rounded())
    for y in 0..<plot.height {
      for x in 0..<plot.width {
        let bits = dots.pattern(x, y)
        guard bits != 0, x != head else { continue }
        let level = LogScale.level(Double(counts[y * plot.width + x]), maximum: greatest)
        let style = theme.densityStyle(level)
        screen.set(
          plot.x + x, plot.y + y, theme.glyphs.pattern(bits),
          style: x > head ? theme.faded(style, 0.58) : style)
      }
    }
  }

  /// Far outside lines are walked dot by dot for nothing.
  private func clamped(_ y: Int, _ dots: DotGrid) -> Int { min(dots.height + 2, max(-3, y)) }
}
