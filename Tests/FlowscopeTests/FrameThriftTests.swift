import TerminalCanvas
import Testing

@testable import flowscope

/// A terminal's cells after what it is sent: enough for what a frame needs.
private struct Emulator {
  struct Cell: Equatable {
    var character: Character = " "
    var look: [String] = []
    var ground: [Int] = []
    var strokes: [Int] = []
  }
  var cells: [Cell]
  let columns: Int
  private var (x, y, now) = (0, 0, Cell())

  init(columns: Int, rows: Int) {
    self.columns = columns
    cells = [Cell](repeating: Cell(), count: columns * rows)
  }

  mutating func feed(_ text: String) {
    var rest = Substring(text)
    while let character = rest.popFirst() {
      guard character == "\u{1b}" else {
        switch character {
        case "\r": x = 0
        case "\n": y += 1
        case "\r\n": (x, y) = (0, y + 1)
        default:
          var cell = now
          cell.character = character
          cells[y * columns + x] = cell
          x += 1
        }
        continue
      }
      let body = rest.dropFirst().prefix { !$0.isLetter }
      rest = rest.dropFirst(1 + body.count)
      let final = rest.removeFirst()
      guard !body.hasPrefix("?") else { continue }
      let numbers = body.split(separator: ";").map { Int($0) ?? 0 }
      control(final, numbers)
    }
  }

  private mutating func control(_ final: Character, _ numbers: [Int]) {
    switch final {
    case "H": (y, x) = ((numbers.first ?? 1) - 1, (numbers.dropFirst().first ?? 1) - 1)
    case "C": x += numbers.first ?? 1
    case "K", "J":
      for k
        in (final == "J" ? 0 : y * columns + x)..<(final == "J" ? cells.count : (y + 1) * columns)
      {
        cells[k] = Cell(ground: now.ground)
      }
    case "m": style(numbers)
    default: Issue.record("\(final) is not known here")
    }
  }

  private mutating func style(_ numbers: [Int]) {
    var rest = numbers[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: now = Cell()
      case 1, 2, 4, 7: now.look = (now.look + ["\(number)"]).sorted()
      case 38: (now.strokes, rest) = (Array(rest.dropFirst().prefix(3)), rest.dropFirst(4))
      case 48: (now.ground, rest) = (Array(rest.dropFirst().prefix(3)), rest.dropFirst(4))
      case 39: now.strokes = []
      case 49: now.ground = []
      default: Issue.record("\(number) is not known here")
      }
    }
  }
}

@Suite("Frames in fewer bytes")
struct FrameThriftTests {
  private static let (columns, rows) = (30, 8)

  /// Frame after frame some cells of a picture move on, in colours that change by a little or by much.
  private static func screens(_ count: Int) -> [Screen] {
    var state: UInt64 = 5
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    var screen = Screen(size: Size(columns: columns, rows: rows))
    return (0..<count).map { _ in
      for _ in 0..<random(60) {
        let shade = UInt8(random(64) * 4)
        let style = Style(
          foreground: Paint(Color(red: shade, green: 120, blue: UInt8(random(64) * 4))),
          background: random(3) == 0
            ? .standard : Paint(Color(red: 16, green: UInt8(random(8) * 4), blue: 20)),
          attributes: random(9) == 0 ? .bold : [])
        let text = ["⠁", "⣿", "a", " ", "the end"][random(5)]
        screen.write(text, x: random(columns), y: random(rows), style: style)
      }
      return screen
    }
  }

  private static func isNear(_ a: [Int], _ b: [Int], _ most: Int) -> Bool {
    a == b || (a.count == 3 && b.count == 3 && zip(a, b).allSatisfy { abs($0 - $1) <= most })
  }

  @Test("A terminal shows what it would have shown, up to what no eye sees")
  func shows() {
    var (plain, thrifty) = (
      Emulator(columns: Self.columns, rows: Self.rows),
      Emulator(columns: Self.columns, rows: Self.rows)
    )
    let thrift = FrameThrift(columns: Self.columns, rows: Self.rows)
    var (before, after) = (0, 0)
    for screen in Self.screens(200) {
      var text = ""
      for y in 0..<Self.rows {
        text += "\u{1b}[\(y + 1);1H" + ANSI.line(y, of: screen)
        if !ANSI.isFull(y, of: screen) { text += "\u{1b}[0m\u{1b}[K" }
      }
      let said = thrift.said(text)
      plain.feed(text)
      thrifty.feed(said)
      (before, after) = (before + text.utf8.count, after + said.utf8.count)
      let same = zip(plain.cells, thrifty.cells).allSatisfy { a, b in
        a.character == b.character && Self.isNear(a.ground, b.ground, 8)
          && (a.character == " " || (a.look == b.look && Self.isNear(a.strokes, b.strokes, 16)))
      }
      #expect(same)
      #expect(thrift.said(text).isEmpty)
    }
    #expect(after < before / 4)
  }

  @Test("Rows that scroll do, wherever ncurses has them scroll")
  func scrolling() {
    let thrift = FrameThrift(columns: 5, rows: 4)
    _ = thrift.said("\u{1b}[1;1Hab\r\ncd\r\nef\r\ngh")
    // The first three rows go up by one: a line feed on the last of them.
    let said = thrift.said("\u{1b}[1;3r\u{1b}[3;1H\n\u{1b}[1;4r\u{1b}[3;1Hnew")
    #expect(said.contains("\u{1b}[1;3r") && said.contains("\u{1b}[3;1H\u{1b}[0m\n"))
    #expect(said.contains("new"))
    // On any other row it only leads on.
    #expect(!thrift.said("\u{1b}[1;1H\n\r").contains("\n"))
  }

  @Test("What it does not understand is passed on, and the screen is then said anew")
  func unknown() {
    let thrift = FrameThrift(columns: 5, rows: 2)
    #expect(thrift.said("\u{1b}[1;1Habc").contains("abc"))
    #expect(thrift.said("\u{1b}[1;1Habc").isEmpty)
    #expect(thrift.said("\u{1b}[3S").contains("\u{1b}[3S"))
    #expect(thrift.said("\u{1b}[1;1Habc").contains("abc"))
  }
}
