import TerminalCanvas

/// A list at the corner of the plot for as long as the last choice is said.
struct ChoicesOverlay {
  let theme: Theme
  private static let curveColumns = 8

  func draw(_ choices: Choices, into screen: inout Screen, in plot: Rect) {
    let names = choices.rows.map { CellText.columns($0.name) }.max() ?? 0
    let notes = choices.rows.map { CellText.columns($0.note) }.max() ?? 0
    let curve = choices.rows.contains { !$0.curve.isEmpty } ? ChoicesOverlay.curveColumns + 2 : 0
    let width = min(plot.width - 2, names + curve + (notes > 0 ? notes + 2 : 0) + 5)
    let height = min(plot.height - 2, choices.rows.count + 2)
    guard width >= 16, height >= 4 else { return }
    let box = Rect(x: plot.x + 1, y: plot.y + 1, width: width, height: height)
    screen.fill(box, style: theme.style(.panel))
    let inner = Panel(title: choices.title, isFocused: true, border: .axis)
      .draw(into: &screen, in: box, theme: theme)
    screen.paintBackground(box, theme.paint(.panel))
    let first = max(
      0, min(choices.chosen - inner.height / 2, choices.rows.count - inner.height))
    for (offset, row) in choices.rows.dropFirst(first).prefix(inner.height).enumerated() {
      let y = inner.y + offset
      let isChosen = first + offset == choices.chosen
      if isChosen {
        screen.fill(
          Rect(x: inner.x, y: y, width: inner.width, height: 1), style: theme.style(.selectedRow))
        screen.set(inner.x, y, theme.glyphs.selection, style: theme.style(.accent))
      }
      screen.write(
        [theme.run(row.name, isChosen ? .value : .label, bold: isChosen)], x: inner.x + 2, y: y,
        clip: inner)
      if !row.curve.isEmpty {
        Sparkline(row.curve).draw(
          into: &screen,
          in: Rect(
            x: inner.x + names + 4, y: y, width: ChoicesOverlay.curveColumns, height: 1
          ).intersection(inner), theme: theme)
      }
      screen.write(
        [theme.run(row.note, .hint)], x: inner.x + 2 + names + curve + 2, y: y, clip: inner)
    }
  }
}
