import FlowMatching
import TerminalCanvas

/// What a frame costs, in a corner of the plot; keys go on to the viewer beneath.
struct CostOverlay {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in plot: Rect) {
    let inner = plot.inset(by: 1)
    let box = Rect(
      x: inner.maxX - min(31, inner.width), y: inner.y, width: min(31, inner.width),
      height: min(10, inner.height))
    guard box.width >= 20, box.height >= 4 else { return }
    screen.fill(box, style: theme.style(.panel))
    let area = Panel(title: "cost of a frame", border: .axis)
      .draw(into: &screen, in: box, theme: theme)
    screen.paintBackground(box, theme.paint(.panel))
    for (row, line) in lines(state).enumerated() where row < area.height {
      screen.write([theme.run(line.name, .label)], x: area.x + 1, y: area.y + row, clip: area)
      screen.write(
        [
          theme.run(NumberFormat.padded(line.value, to: 8), .value),
          theme.run(" " + line.unit, .hint),
        ], x: area.x + 10, y: area.y + row, clip: area)
    }
  }

  private func lines(_ state: AppState) -> [(name: String, value: String, unit: String)] {
    let cost = state.pace.shownCost
    func number(_ value: Double, _ decimals: Int) -> String {
      cost.isKnown ? NumberFormat.fixed(value, decimals) : NumberFormat.missing
    }
    let perPoint = 1e6 / max(1, state.pace.evaluationsPerSecond)
    let budget = 1000 / state.options.framesPerSecond
    return [
      ("solve", number(cost.solve * 1000, 1), "ms"),
      ("model", number(perPoint, 2), "µs a point"),
      ("draw", number(cost.draw * 1000, 1), "ms"),
      ("present", number(cost.present * 1000, 1), "ms"),
      (
        "total", number((cost.solve + cost.draw + cost.present) * 1000, 1),
        "of \(NumberFormat.fixed(budget, 1)) ms"
      ),
      ("output", number(Double(cost.bytes) / 1000, 1), "KB"),
      ("frames", number(cost.framesPerSecond, 0), "a second"),
      ("training", state.training.shownReport.speed, "steps/s"),
    ]
  }
}
