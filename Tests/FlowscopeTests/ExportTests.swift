import TerminalCanvas
import Testing

@testable import flowscope

@Suite("Exports")
struct ExportTests {
  let theme = Theme()

  /// A panel with a cloud, a bar, nasty text and every attribute.
  func picture(_ theme: Theme = Theme()) -> Screen {
    var screen = Screen(size: Size(columns: 40, rows: 12))
    let inner = Panel(
      title: "a < b & \"c\"", labels: [theme.run("now ", .hint), theme.run("0.24", .value)]
    ).draw(into: &screen, in: screen.bounds, theme: theme)
    let axes = PlotAxes(rect: inner, x: -2...2, y: -2...2)
    let points = (0..<200).map { Double($0 * 37 % 101) / 50 - 1 }
    var cloud = ScatterDensity()
    cloud.bin(x: points[...], y: points.reversed()[...], axes: axes)
    let mask = TargetMask(axes: axes) { x, y in -(x * x + y * y) }
    cloud.draw(
      into: &screen, axes: axes, theme: theme, look: ScatterLook(maximum: cloud.peak()),
      target: mask)
    ColorBar.density(maximum: 9, theme: theme).draw(
      into: &screen, in: inner.split(right: 4).first, theme: theme)
    screen.write(
      "reverse", x: 2, y: 2, style: Style(attributes: [.reverse, .bold, .underline, .dim]))
    TimeLine(t: 0.4).draw(
      into: &screen, in: Rect(x: 1, y: 10, width: 38, height: 1), theme: theme)
    return screen
  }

  @Test("plain text has one line a row and no trailing blanks")
  func plain() {
    let screen = picture()
    let text = PlainText.text(of: screen)
    #expect(text.filter { $0 == "\n" }.count == 12)
    #expect(text.hasPrefix("╭─ a < b & \"c\" ─"))
    #expect(!text.contains(" \n") && !text.contains("\u{1b}"))
    #expect(PlainText.text(of: Screen(size: Size(columns: 0, rows: 0))) == "")
  }

  @Test("ANSI says only what changes, and every row ends in the terminal's own colours")
  func minimal() {
    var screen = Screen(size: Size(columns: 12, rows: 2))
    let red = Style(foreground: Paint(palette: 196, basic: 9))
    screen.write("ab", x: 0, y: 0, style: red)
    screen.write("c", x: 3, y: 0, style: red)
    screen.write("d", x: 4, y: 0, style: red.bold)
    screen.write("e", x: 5, y: 0, style: .plain)
    #expect(
      ANSI.text(of: screen) == "\u{1b}[38;2;255;0;0mab c\u{1b}[1md\u{1b}[0me\n\n")
    #expect(
      ANSI.line(0, of: screen, depth: .indexed256)
        == "\u{1b}[38;5;196mab c\u{1b}[1md\u{1b}[0me")
    #expect(ANSI.line(0, of: screen, depth: .basic16) == "\u{1b}[91mab c\u{1b}[1md\u{1b}[0me")
    #expect(ANSI.line(0, of: screen, depth: .mono) == "ab c\u{1b}[1md\u{1b}[0me")
  }

  @Test("ANSI gives the colours back: read again it paints the same picture", arguments: [0, 1])
  func readBack(which: Int) {
    let depth: ColorDepth = which == 0 ? .direct : .indexed256
    let screen = picture(Theme(depth: depth))
    let rows = ANSI.text(of: screen, depth: depth).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(rows.count == 13)
    for y in 0..<12 {
      let read = AnsiReader.cells(String(rows[y]))
      for (x, cell) in screen.row(y).enumerated() {
        let seen = x < read.count ? read[x] : AnsiReader.Seen()
        #expect(seen.scalar == cell.scalar)
        #expect(seen.background == AnsiReader.name(screen.palette[cell.background], depth))
        guard cell.scalar != 0x20 else { continue }
        #expect(seen.foreground == AnsiReader.name(screen.palette[cell.foreground], depth))
        #expect(seen.attributes == cell.attributes)
      }
    }
  }

  @Test("SVG is well-formed: tags balance, text is escaped, one text element a row")
  func wellFormed() {
    let text = SVG(theme: theme).text(of: picture())
    var open: [Substring] = []
    var rows = 0
    for piece in text.split(separator: "<").dropFirst(0) {
      guard let end = piece.firstIndex(of: ">") else {
        Issue.record("a tag without end: \(piece)")
        return
      }
      let tag = piece[..<end]
      let name = tag.prefix { $0 != " " && $0 != "/" || tag.first == "/" && $0 == "/" }
      if tag.hasPrefix("/") {
        #expect(open.popLast() == tag.dropFirst())
      } else if !tag.hasSuffix("/") {
        open.append(name)
        if name == "text" { rows += 1 }
      }
      #expect(tag.filter { $0 == "\"" }.count % 2 == 0)
      // Between tags only the five escapes may follow an ampersand.
      for rest in piece[end...].split(separator: "&", omittingEmptySubsequences: false).dropFirst()
      {
        #expect(["amp;", "lt;", "gt;", "quot;"].contains { rest.hasPrefix($0) })
      }
    }
    #expect(open.isEmpty)
    #expect(rows == 12)
    #expect(text.contains("a &lt; b &amp; &quot;c&quot;") || text.contains("&lt;"))
  }

  @Test("SVG has exact sizes: cells of 8×16, runs as long as their cells")
  func sizes() {
    var screen = Screen(size: Size(columns: 20, rows: 3))
    screen.write("abc de", x: 2, y: 1, style: .plain)
    let text = SVG(theme: theme).text(of: screen)
    #expect(text.contains("viewBox=\"0 0 168 56\""))
    #expect(text.contains("x=\"20\" textLength=\"24\""))
    #expect(text.contains("x=\"52\" textLength=\"16\""))
    #expect(text.contains("<text y=\"16.16\"></text>"))
  }

  @Test("SVG merges backgrounds of one colour into one rectangle")
  func merged() {
    var screen = Screen(size: Size(columns: 20, rows: 6))
    screen.fill(
      Rect(x: 2, y: 1, width: 5, height: 4), style: Style(background: Paint(palette: 236)))
    let text = SVG(theme: theme).text(of: screen)
    #expect(
      text.contains("<rect x=\"20\" y=\"20\" width=\"40\" height=\"64\" fill=\"#303030\"/>"))
    #expect(text.split(separator: "<rect").count == 3)
  }

  @Test("SVG draws every dot of a braille character at its place")
  func dots() {
    var screen = Screen(size: Size(columns: 1, rows: 1))
    screen.set(0, 0, "\u{2881}", style: .plain)
    let text = SVG(theme: theme).text(of: screen)
    #expect(text.contains("d=\"M6 6h.01M10 18h.01\""))
  }

  @Test("every export gives the same bytes for the same screen, and takes an empty one")
  func deterministic() {
    #expect(SVG(theme: theme).text(of: picture()) == SVG(theme: theme).text(of: picture()))
    #expect(ANSI.text(of: picture()) == ANSI.text(of: picture()))
    let empty = Screen(size: Size(columns: 0, rows: 0))
    #expect(ANSI.text(of: empty) == "")
    #expect(SVG().text(of: empty).hasSuffix("</svg>\n"))
  }
}

/// Reads SGR sequences back into cells, as a terminal would.
enum AnsiReader {
  struct Seen {
    var scalar: UInt32 = 0x20
    var foreground = ""
    var background = ""
    var attributes: Attributes = []
  }

  static func name(_ paint: Paint, _ depth: ColorDepth) -> String {
    if depth == .indexed256 { return paint.index256.map { "5;\($0)" } ?? "" }
    return paint.color.map { "2;\($0.red);\($0.green);\($0.blue)" } ?? ""
  }

  static func cells(_ line: String) -> [Seen] {
    var cells: [Seen] = []
    var now = Seen()
    var scalars = line.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "\u{1b}" else {
        now.scalar = scalar.value
        cells.append(now)
        continue
      }
      let end = scalars.firstIndex(of: "m")!
      let parts = String(scalars[scalars.startIndex..<end]).dropFirst().split(separator: ";")
      scalars = scalars[scalars.index(after: end)...]
      apply(parts.map { Int($0)! }, to: &now)
    }
    return cells
  }

  private static func apply(_ codes: [Int], to now: inout Seen) {
    var codes = codes[...]
    while let code = codes.popFirst() {
      switch code {
      case 0: now = Seen()
      case 1: now.attributes.insert(.bold)
      case 2: now.attributes.insert(.dim)
      case 4: now.attributes.insert(.underline)
      case 7: now.attributes.insert(.reverse)
      case 39: now.foreground = ""
      case 49: now.background = ""
      case 38, 48:
        let count = codes.first == 2 ? 4 : 2
        let name = codes.prefix(count).map(String.init).joined(separator: ";")
        codes = codes.dropFirst(count)
        if code == 38 { now.foreground = name } else { now.background = name }
      default: Issue.record("unknown code \(code)")
      }
    }
  }
}
