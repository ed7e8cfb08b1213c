import FlowMatching
import TerminalCanvas

/// One coordinate of a few particles of a lane over t: smooth, rough, or in steps that nothing joins.
struct CoursePane {
  let theme: Theme

  func draw(_ state: AppState, lane index: Int, into screen: inout Screen, in rect: Rect) {
    let row = state.look.scenery.coordinate
    let lane = state.lanes.all[index]
    let solve = state.lanes.ensemble.lanes[index]
    let ways =
      solve.isOver && solve.failure == nil ? solve.ways(of: state.wayfarers, to: 1) : []
    let range = CoursePane.range(ways, row, state)
    let chart = Chart(series: [], cursor: lane.t, cursorRole: .accent, xRange: 0...1, yRange: range)
    chart.draw(
      into: &screen, in: rect,
      panel: Panel(
        heading: [
          theme.run(row == 0 ? "x" : "y", .lane(index), bold: true), theme.run(" over t", .label),
        ], labels: [theme.run(AppState.nature(lane.settings), .value)]), theme: theme)
    let plot = chart.plotRect(in: rect.inset(by: 1))
    guard !plot.isEmpty else { return }
    let axis = RowAxis(range: range, rows: plot.height, logarithmic: false)
    for k in 0..<(ways.first?.places.count ?? 0) {
      let course = ways.map { (t: $0.t, value: $0.places[row, k]) }
      draw(
        course, WaysLayer.style(k, theme), solve.settings.leaps, axis, plot, now: lane.t, &screen)
    }
  }

  /// The data and all that is drawn, in every lane the same where nothing leaves it.
  private static func range(
    _ ways: [(t: Double, places: Batch)], _ row: Int, _ state: AppState
  ) -> ClosedRange<Double> {
    let data = state.scene.someData
    var (low, high) = (Double.infinity, -Double.infinity)
    for j in 0..<data.count {
      low = min(low, data[row, j])
      high = max(high, data[row, j])
    }
    for way in ways {
      for k in 0..<way.places.count where way.places[row, k].isFinite {
        low = min(low, way.places[row, k])
        high = max(high, way.places[row, k])
      }
    }
    return low < high ? low...high : (row == 0 ? state.xRange : state.yRange)
  }

  private func draw(
    _ course: [(t: Double, value: Double)], _ style: Style, _ leaps: Bool, _ axis: RowAxis,
    _ plot: Rect, now: Double, _ screen: inout Screen
  ) {
    let width = Double(2 * plot.width - 1)
    var (past, future) = (DotGrid(plot.size), DotGrid(plot.size))
    func y(_ value: Double) -> Int? {
      let place = 4 * axis.row(of: value)
      return abs(place) < 1e5 ? Int(saturating: place.rounded(.down)) : nil
    }
    for (from, to) in zip(course, course.dropFirst()) {
      let ends = (Int(saturating: from.t * width), Int(saturating: to.t * width))
      guard let a = y(from.value), let b = y(leaps ? from.value : to.value) else { continue }
      // A leap is not joined: the place holds until the next stop.
      if to.t <= now + 1e-9 {
        past.line(from: (ends.0, a), to: (ends.1, b))
      } else {
        future.line(from: (ends.0, a), to: (ends.1, b))
      }
    }
    future.draw(into: &screen, in: plot, style: theme.faded(style, 0.6), glyphs: theme.glyphs)
    past.draw(into: &screen, in: plot, style: style, glyphs: theme.glyphs)
  }
}
