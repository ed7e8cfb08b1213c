import FlowMatching
import TerminalCanvas

/// Draws a state into cells. It keeps buffers and what is slow to find out about a target, nothing
/// that the picture depends on: two painters draw the same cells.
struct FramePainter {
  let theme: Theme
  /// Height over width of a cell.
  let aspect: Double
  private var plots = PlotCache()
  private var film = FilmStrip()

  init(theme: Theme, aspect: Double) {
    self.theme = theme
    self.aspect = aspect
  }

  mutating func draw(_ state: AppState, into screen: inout Screen) {
    screen.clear()
    let layout = ScreenLayout(size: state.size, lanes: state.lanes.count)
    guard !layout.isTooSmall else { return drawTooSmall(state.size, into: &screen) }
    HeaderPane(theme: theme).draw(state, into: &screen, in: layout.header)
    for (index, rect) in layout.lanes.enumerated() {
      if state.isComparing {
        LanePane(theme: theme, aspect: aspect)
          .draw(state, lane: index, plots: &plots, into: &screen, in: rect)
      } else {
        ParticlesPane(theme: theme, aspect: aspect)
          .draw(state, plots: &plots, into: &screen, in: rect)
      }
    }
    drawCharts(state, layout, into: &screen)
    TimePane(theme: theme).draw(state, layout: layout, film: &film, into: &screen)
    HintsPane(theme: theme).draw(state, into: &screen, in: layout.hints)
    switch state.overlay {
    case .help: HelpOverlay(theme: theme).draw(page: state.helpPage, into: &screen)
    case .confirmRestart: ConfirmOverlay(theme: theme).draw(into: &screen)
    case nil: break
    }
  }

  private func drawCharts(_ state: AppState, _ layout: ScreenLayout, into screen: inout Screen) {
    let report = state.shownReport
    if let rect = layout.loss { LossPane(theme: theme).draw(report, into: &screen, in: rect) }
    if let rect = layout.excess { ExcessPane(theme: theme).draw(report, into: &screen, in: rect) }
    if let rect = layout.distance {
      DistancePane(theme: theme).draw(report, into: &screen, in: rect)
    }
    if let rect = layout.run {
      RunPane(theme: theme).draw(state, layout: layout, into: &screen, in: rect)
    }
    if let rect = layout.workPrecision {
      WorkPrecisionPane(theme: theme).draw(state, into: &screen, in: rect)
    }
    if let rect = layout.result { ResultPane(theme: theme).draw(state, into: &screen, in: rect) }
  }

  private func drawTooSmall(_ size: Size, into screen: inout Screen) {
    let least = ScreenLayout.smallest
    let times = theme.glyphs == .ascii ? "x" : "×"
    let text =
      "have \(size.columns)\(times)\(size.rows), need \(least.columns)\(times)\(least.rows)"
    let y = size.rows / 2
    screen.write(text, x: max(0, (size.columns - text.count) / 2), y: y, style: theme.style(.value))
    if size.rows > 1 {
      let hint = [theme.run("q", .key), theme.run(" quit", .hint)]
      screen.write(hint, x: max(0, (size.columns - hint.columns) / 2), y: y + 1)
    }
  }
}
