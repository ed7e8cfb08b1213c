import TerminalCanvas

/// What is to be seen, in a paragraph, until Esc closes it.
struct CaptionPane {
  let theme: Theme

  func draw(_ caption: Caption, into screen: inout Screen, in rect: Rect) {
    let isWide = rect.width >= caption.title.count + 20
    let inner = Panel(
      title: isWide ? caption.title : "",
      labels: [theme.run("Esc", .key), theme.run(" close", .hint)]
    ).draw(into: &screen, in: rect, theme: theme)
    var lines = caption.lines(width: inner.width - 2).map { [theme.run($0, .value)] }
    if !isWide {
      // A narrow border has no room for the title.
      lines =
        Paragraph.lines(caption.title, width: inner.width - 2)
        .map { [theme.run($0, .title)] } + [[]] + lines
    }
    for (row, line) in lines.enumerated() where row < inner.height {
      screen.write(line, x: inner.x + 1, y: inner.y + row, clip: inner)
    }
  }
}
