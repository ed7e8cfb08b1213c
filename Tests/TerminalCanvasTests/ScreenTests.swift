import Testing

@testable import TerminalCanvas

@Suite("Screen")
struct ScreenTests {
  @Test("text takes one cell a scalar and returns its columns")
  func write() {
    var screen = Screen(size: Size(columns: 12, rows: 2))
    #expect(screen.write("W₂ = 0.24", x: 1, y: 1, style: .plain) == 9)
    #expect(screen.text() == "\n W₂ = 0.24")
  }

  @Test(
    "no text breaks a row: controls and wide characters become ?, invisible ones go",
    arguments: [
      ("a\u{1b}[31mb", "a?[31mb"), ("a\nb\tc\r", "a?b?c?"), ("x\u{302}y", "xy"),
      ("日本", "??"), ("👩‍🚀!", "??!"), ("🇩🇪", "??"), ("\u{202e}evil", "evil"),
      ("e\u{301}té", "eté"), ("a\u{200b}\u{feff}b", "ab"), ("\u{7f}\u{9b}31m", "??31m"),
      ("ＡＢ", "??"), ("⚡", "?"), ("\u{e0b0}\u{ffff}", "??"), ("ᄀ", "?"), ("\u{2028}", "?"),
      ("α − σ · ● ▶ ✓", "α − σ · ● ▶ ✓"), ("\u{ad}soft", "soft"), ("❤\u{fe0f}", "❤"),
      ("\u{1f1e6}\u{fe0e}", "?"),
    ])
  func nasty(text: String, shown: String) {
    var screen = Screen(size: Size(columns: 20, rows: 1))
    let columns = screen.write(text, x: 0, y: 0, style: .plain)
    #expect(screen.text() == shown)
    #expect(columns == shown.unicodeScalars.count)
    #expect(CellText.columns(text) == columns)
  }

  @Test("every scalar of Unicode is dropped, kept or replaced by ?, and kept ones are no controls")
  func allScalars() {
    for value in UInt32(0)...0x10ffff {
      guard let scalar = Unicode.Scalar(value), let shown = CellText.shown(scalar) else { continue }
      #expect(shown == scalar || shown == "?")
      if shown == scalar {
        let category = scalar.properties.generalCategory
        let bad: [Unicode.GeneralCategory] = [
          .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
          .nonspacingMark, .enclosingMark,
        ]
        if bad.contains(category), value < 0x3000 { Issue.record("U+\(String(value, radix: 16))") }
        if scalar.properties.isEmojiPresentation { Issue.record("emoji \(value)") }
      }
    }
  }

  @Test("what lies outside the clip or the screen is not drawn but counts")
  func clipping() {
    var screen = Screen(size: Size(columns: 8, rows: 2))
    let clip = Rect(x: 2, y: 0, width: 3, height: 1)
    #expect(screen.write("abcdefgh", x: 0, y: 0, style: .plain, clip: clip) == 8)
    #expect(screen.write("xyz", x: -1, y: 1, style: .plain) == 3)
    #expect(screen.write("never", x: 0, y: 7, style: .plain) == 5)
    #expect(screen.write("never", x: 0, y: -1, style: .plain) == 5)
    #expect(screen.text() == "  cde\nyz")
  }

  @Test("text leaves the background that is there unless its style has one")
  func backgrounds() {
    var screen = Screen(size: Size(columns: 4, rows: 1))
    let panel = Paint(palette: 234)
    screen.fill(screen.bounds, style: Style(background: panel))
    screen.write("ab", x: 0, y: 0, style: .plain)
    screen.write("c", x: 2, y: 0, style: Style(background: .standard))
    #expect(screen.palette[screen[0, 0].background] == panel)
    #expect(screen[2, 0].background == .standard)
    #expect(screen.palette[screen[3, 0].background] == panel)
  }

  @Test("rich lines end where they are told to")
  func runs() {
    var screen = Screen(size: Size(columns: 10, rows: 1))
    screen.write([Run("ab "), Run("12")], endingAt: 9, y: 0)
    #expect(screen.text() == "    ab 12")
  }

  @Test("a colour is entered once; a full palette answers with the nearest colour")
  func palette() {
    var palette = Palette()
    let red = palette.ink(Paint(Color(hex: 0xff0000)))
    #expect(palette.ink(Paint(Color(hex: 0xff0000))) == red)
    #expect(palette.ink(.standard) == .standard)
    for value in UInt32(0)..<5000 { _ = palette.ink(Paint(Color(hex: value))) }
    #expect(palette.paints.count == Palette.limit)
    #expect(palette.ink(Paint(Color(hex: 0xfe0101))) == red)
    let generation = palette.generation
    palette.removeAll()
    #expect(palette.paints == [.standard])
    #expect(palette.generation == generation + 1)
  }

  @Test("fading leaves the overlay as it is and moves the rest towards the background")
  func fade() {
    var screen = Screen(size: Size(columns: 3, rows: 1))
    let white = Style(foreground: Paint(.white))
    screen.write("abc", x: 0, y: 0, style: white)
    screen.fade(towards: .black, outside: Rect(x: 2, y: 0, width: 1, height: 1))
    #expect(screen.palette[screen[0, 0].foreground].color == Color(hex: 0x575757))
    #expect(screen.palette[screen[2, 0].foreground].color == .white)
    #expect(screen.text() == "abc")
  }

  @Test("without colours fading means dim")
  func fadeMono() {
    var screen = Screen(size: Size(columns: 2, rows: 1))
    screen.write("ab", x: 0, y: 0, style: Style.plain.bold)
    screen.fade(towards: .black, outside: Rect(x: 1, y: 0, width: 1, height: 1))
    #expect(screen[0, 0].attributes == .dim)
    #expect(screen[1, 0].attributes == .bold)
  }

  @Test("resizing blanks the screen and reading outside gives a blank")
  func resize() {
    var screen = Screen(size: Size(columns: 2, rows: 1))
    screen.write("ab", x: 0, y: 0, style: .plain)
    screen.resize(to: Size(columns: 3, rows: 2))
    #expect(screen.cells == [Cell](repeating: .blank, count: 6))
    #expect(screen[-1, 0] == .blank && screen[0, 99] == .blank)
    #expect(screen.row(9).isEmpty)
    screen.resize(to: Size(columns: -4, rows: 3))
    #expect(screen.cells.isEmpty)
  }

  @Test("parts of a rectangle cover it exactly and are never negative")
  func splits() {
    let rect = Rect(x: 3, y: 4, width: 10, height: 6)
    for n in [-2, 0, 3, 10, 99] {
      for (a, b) in [rect.split(left: n), rect.split(right: n)] {
        #expect(a.width + b.width == 10 && a.height == 6 && b.height == 6)
        #expect(a.intersection(b).isEmpty)
        #expect(min(a.x, b.x) == 3 && max(a.maxX, b.maxX) == 13)
      }
      for (a, b) in [rect.split(top: n), rect.split(bottom: n)] {
        #expect(a.height + b.height == 6 && a.width == 10 && b.width == 10)
        #expect(min(a.y, b.y) == 4 && max(a.maxY, b.maxY) == 10)
      }
    }
    #expect(rect.split(right: 4).first == Rect(x: 9, y: 4, width: 4, height: 6))
    #expect(rect.split(bottom: 1).first == Rect(x: 3, y: 9, width: 10, height: 1))
    #expect(rect.columns(4).map(\.width).reduce(0, +) == 10)
    #expect(rect.inset(by: 9).isEmpty)
  }
}
