import TerminalCanvas

/// What is to be seen, in a paragraph, until Esc closes it; where it has no room, page by page.
struct CaptionPane {
  let theme: Theme

  func draw(_ caption: Caption, page: Int = 0, into screen: inout Screen, in rect: Rect) {
    let pages = CaptionPane.pages(caption, in: rect)
    let isWide = CaptionPane.isWide(caption, rect)
    let inner = Panel(
      title: isWide ? caption.title : "",
      labels: (pages.count > 1
        ? [
          theme.run("\(page % pages.count + 1)/\(pages.count)   ", .hint),
          theme.run("Enter", .key), theme.run(" more   ", .hint),
        ] : []) + [theme.run("Esc", .key), theme.run(" close", .hint)]
    ).draw(into: &screen, in: rect, theme: theme)
    guard !pages.isEmpty else { return }
    for (row, line) in pages[page % pages.count].enumerated() where row < inner.height {
      let isTitle = !isWide && caption.title.contains(line) && page % pages.count == 0
      screen.write(
        [theme.run(line, isTitle ? .title : .value)], x: inner.x + 1, y: inner.y + row,
        clip: inner)
    }
  }

  /// Whether the border has room for the title.
  private static func isWide(_ caption: Caption, _ rect: Rect) -> Bool {
    rect.width >= caption.title.count + 36
  }

  /// Its lines in as many pages as the room asks for.
  static func pages(_ caption: Caption, in rect: Rect) -> [[String]] {
    let (width, height) = (rect.width - 4, max(1, rect.height - 2))
    let title = isWide(caption, rect) ? [] : Paragraph.lines(caption.title, width: max(1, width))
    let lines = title + caption.lines(width: width)
    return stride(from: 0, to: lines.count, by: height).map {
      Array(lines[$0..<min($0 + height, lines.count)])
    }
  }
}

extension AppState {
  /// Turns to the next page of the paragraph, after the last to the first.
  mutating func turnCaption() {
    guard let caption = dialogue.caption, let rect = layout.caption else { return }
    let pages = CaptionPane.pages(caption, in: rect).count
    guard pages > 1 else { return }
    dialogue.captionPage = (dialogue.captionPage + 1) % pages
    revision += 1
  }
}
