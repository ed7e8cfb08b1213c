import TerminalCanvas

/// The question before quitting: what would be lost, and what keeps it.
struct LeaveOverlay {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen) {
    let lines = lines(state, width: min(62, screen.size.columns) - 6)
    let box = screen.bounds.centred(width: 62, height: lines.count + 2)
    screen.fade(towards: theme.backgroundColor, outside: box)
    screen.fill(box, style: theme.style(.panel))
    let inner = Panel(title: "quit?", isFocused: true, border: .axis)
      .draw(into: &screen, in: box, theme: theme)
    screen.paintBackground(box, theme.paint(.panel))
    for (row, line) in lines.enumerated() {
      screen.write(line, x: inner.x + 2, y: inner.y + row, clip: inner)
    }
  }

  private func lines(_ state: AppState, width: Int) -> [[Run]] {
    let report = state.training.report
    let now = "Training has reached step \(NumberFormat.grouped(report.step))"
    let goal = NumberFormat.grouped(state.trainedSteps)
    let kept =
      state.options.origin.map { "\($0) keeps the weights that were opened; what came after" }
      ?? "No file keeps the weights: what was learned"
    let isWide = width >= 52
    return [[theme.run(isWide ? now + " of \(goal)." : now + ".", .value, bold: true)]]
      + Paragraph.lines(kept + " is lost.", width: width).map { [theme.run($0, .label)] }
      + [
        [],
        [
          theme.run("q", .key), theme.run(" quit", .hint), theme.run("     w", .key),
          theme.run(isWide ? " save picture and weights" : " save", .hint),
          theme.run("     Esc", .key), theme.run(" stay", .hint),
        ],
      ]
  }
}
