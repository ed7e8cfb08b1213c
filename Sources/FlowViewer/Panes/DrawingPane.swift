import FlowMatching
import TerminalCanvas

/// The plot while a data set is drawn: its points, and the pen.
struct DrawingPane {
  let theme: Theme

  func draw(_ drawing: Drawing, _ state: AppState, into screen: inout Screen, in rect: Rect) {
    let inner = rect.inset(by: 1)
    let axes = state.axes(in: inner)
    screen.fill(rect, style: Style())
    Panel(
      title: rect.width >= 44 ? "draw a data set" : "draw",
      labels: [
        theme.run(NumberFormat.grouped(drawing.count), .value, bold: true),
        theme.run(" points", .label),
      ], bottom: state.borderNumbers(axes), leftTicks: state.leftTicks(axes), isFocused: true
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    axes.drawGrid(into: &screen, theme: theme)
    var grid = DotGrid(axes.rect.size)
    for dab in drawing.dabs {
      for j in 0..<dab.count {
        let (x, y) = (axes.dotX(dab[0, j]), axes.dotY(dab[1, j]))
        if abs(x) < 1e6, abs(y) < 1e6 {
          grid.set(Int(saturating: x.rounded(.down)), Int(saturating: y.rounded(.down)))
        }
      }
    }
    grid.draw(into: &screen, in: axes.rect, style: theme.style(.series), glyphs: theme.glyphs)
    axes.drawNumbers(into: &screen, theme: theme)
    if let cell = axes.cell(x: drawing.x, y: drawing.y) {
      screen.set(
        cell.column, cell.row, theme.glyphs == .braille ? "┼" : "+",
        style: theme.style(.accent).bold)
    }
  }

  /// The keys of the mode, in place of the hints.
  func drawHints(into screen: inout Screen, in rect: Rect) {
    screen.fill(rect, style: Style())
    var x = rect.x + 1
    let keys = [
      ("Enter", "learn it"), ("Esc", "cancel"), ("mouse", "draws"), ("← ↑ ↓ →", "pen"),
      ("space", "points"), ("Backspace", "undo"), ("c", "clear"),
    ]
    for (key, word) in keys {
      let line = [theme.run(key, .key), theme.run(" " + word, .hint)]
      if x + line.columns > rect.maxX - 1 { break }
      x += screen.write(line, x: x, y: rect.y, clip: rect) + 3
    }
  }
}
