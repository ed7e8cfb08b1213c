import TerminalCanvas

/// What every view of the plane has around it: a border with its words and numbers, and the grid.
struct PlotFrame {
  let theme: Theme
  let title: String
  /// Said after the title where there is room for it.
  var heading: [Run] = []
  var labels: [Run] = []

  /// Draws the frame, and what `content` draws on the axes inside it under their numbers.
  func draw(
    _ state: AppState, into screen: inout Screen, in rect: Rect,
    content: (_ axes: PlotAxes, _ inner: Rect, _ screen: inout Screen) -> Void
  ) {
    let inner = rect.inset(by: 1)
    let axes = state.axes(in: inner)
    Panel(
      title: title, heading: heading, labels: labels, bottom: state.borderNumbers(axes),
      leftTicks: state.leftTicks(axes),
      isFocused: state.window.focusedPane == .plot
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    if state.look.appearance.showsAxes { axes.drawGrid(into: &screen, theme: theme) }
    content(axes, inner, &screen)
    if state.look.appearance.showsAxes { axes.drawNumbers(into: &screen, theme: theme) }
  }

  /// Says in the middle why there is nothing to see.
  func draw(_ complaint: String, into screen: inout Screen, in inner: Rect) {
    let lines = Paragraph.lines(complaint, width: max(1, inner.width - 4))
    let top = inner.y + inner.height / 2 - (lines.count - 1) / 2
    for (row, line) in lines.enumerated() {
      screen.write([theme.run(line, .hint)], x: inner.x + 2, y: top + row, clip: inner)
    }
  }
}
