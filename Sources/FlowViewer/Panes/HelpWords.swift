import TerminalCanvas

/// The glossary, after the keys of help: each word of the screen with one sentence and its formula.
struct HelpWords {
  let theme: Theme

  /// An entry with its lines, of words and of the formula.
  struct Lines {
    let entry: GlossaryEntry
    let lines: [(text: String, isFormula: Bool)]
  }

  /// The columns that the terms stand in, and the widest box.
  private static let termColumns = 18
  private static let widest = 108

  private static func width(_ size: Size) -> Int { min(size.columns, widest) }

  /// The entries that fit a query, page by page on a screen of that size.
  static func pages(_ size: Size, _ query: String) -> [[Lines]] {
    let text = max(20, width(size) - termColumns - 6)
    let height = max(4, size.rows - 2)
    var pages: [[Lines]] = [[]]
    var used = 0
    for entry in matching(query) {
      var lines = Paragraph.lines(entry.sentence, width: text).map { (text: $0, isFormula: false) }
      if let last = lines.last, !entry.formula.isEmpty,
        CellText.columns(last.text) + 2 + CellText.columns(entry.formula) > text
      {
        lines += Paragraph.lines(entry.formula, width: text).map { (text: $0, isFormula: true) }
      }
      if used > 0, used + lines.count > height {
        pages.append([])
        used = 0
      }
      pages[pages.count - 1].append(Lines(entry: entry, lines: lines))
      used += lines.count
    }
    return pages
  }

  private static func matching(_ query: String) -> [GlossaryEntry] {
    let words = query.lowercased().split(separator: " ")
    return Glossary.all.filter { entry in
      let line = ([entry.term, entry.text] + entry.synonyms).joined(separator: " ").lowercased()
      return words.allSatisfy { line.contains($0) }
    }
  }

  func draw(page: Int, query: String?, heading: [Run], into screen: inout Screen) {
    let pages = HelpWords.pages(screen.size, query ?? "")
    let page = min(page, pages.count - 1)
    // While something is typed, and from page to page, the box keeps its size.
    let tallest = HelpWords.pages(screen.size, "").map { $0.reduce(0) { $0 + $1.lines.count } }
      .max()
    let box = screen.bounds.centred(
      width: HelpWords.width(screen.size), height: min(screen.size.rows, (tallest ?? 0) + 2))
    screen.fade(towards: theme.backgroundColor, outside: box)
    screen.fill(box, style: theme.style(.panel))
    let close = [theme.run("Esc", .key), theme.run(" close", .hint)]
    let more = [theme.run("↓", .key), theme.run(" more   ", .hint)]
    let inner = Panel(
      title: "words", heading: heading, labels: (page + 1 < pages.count ? more : []) + close,
      isFocused: true, border: .axis
    ).draw(into: &screen, in: box, theme: theme)
    screen.paintBackground(box, theme.paint(.panel))
    var y = inner.y
    for item in pages[page] where y < inner.maxY {
      y = draw(item, y, into: &screen, in: inner)
    }
    if pages[page].isEmpty {
      screen.write([theme.run("no word fits", .hint)], x: inner.x + 2, y: y, clip: inner)
    }
  }

  /// One entry from a row on; returns the row after it.
  private func draw(_ item: Lines, _ top: Int, into screen: inout Screen, in inner: Rect) -> Int {
    let term = CellText.truncated(item.entry.term, to: HelpWords.termColumns - 1)
    screen.write([theme.run(term, .accent, bold: true)], x: inner.x + 2, y: top, clip: inner)
    let left = inner.x + 2 + HelpWords.termColumns
    for (row, line) in item.lines.enumerated() {
      var runs = [theme.run(line.text, line.isFormula ? .value : .label)]
      if row == item.lines.count - 1, !line.isFormula, !item.entry.formula.isEmpty {
        runs.append(theme.run("  " + item.entry.formula, .value))
      }
      screen.write(runs, x: left, y: top + row, clip: inner)
    }
    return top + item.lines.count
  }
}
