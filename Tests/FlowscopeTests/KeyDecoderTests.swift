import CTerminal
import TerminalCanvas
import Testing

@testable import flowscope

@Suite("Keys as the terminal sends them")
struct KeyDecoderTests {
  /// All that comes of `text`, and of silence after it.
  private func inputs(_ text: String) -> [KeyDecoder.Input] {
    inputs(Array(text.utf8))
  }

  private func inputs(_ bytes: [UInt8]) -> [KeyDecoder.Input] {
    var decoder = KeyDecoder()
    let result = bytes.flatMap { decoder.feed(Int32($0)) } + decoder.flush()
    #expect(!decoder.isPartial)
    return result
  }

  private func keys(_ text: String) -> [Key] {
    inputs(text).compactMap { if case .event(.key(let key)) = $0 { key } else { nil } }
  }

  @Test("A paste is one piece of text and no key; broken off it ends after a while")
  func paste() {
    let text = "q\u{1b}[Ax\r\nmoons.csv −"
    #expect(
      inputs("\u{1b}[200~\(text)\u{1b}[201~q") == [
        .event(.paste(text)), .event(.key(.character("q"))),
      ])
    var decoder = KeyDecoder()
    let begun = Array("\u{1b}[200~qq".utf8).flatMap { decoder.feed(Int32($0)) }
    #expect(begun.isEmpty && decoder.flush().isEmpty && decoder.isPartial)
    #expect((0..<60).flatMap { _ in decoder.flush() }.isEmpty && !decoder.isPartial)
    let long = String(repeating: "x", count: 100_000)
    let pasted = inputs("\u{1b}[200~\(long)\u{1b}[201~")
    guard case .event(.paste(let kept))? = pasted.first else { return #expect(pasted.count == 1) }
    #expect(pasted.count == 1 && kept.count <= 1 << 16 && kept.allSatisfy { $0 == "x" })
  }

  @Test("Printable characters are themselves, in UTF-8 too")
  func characters() {
    #expect(keys("a?| é−🙂") == Array("a?| é−🙂").map(Key.character))
  }

  @Test(
    "Control bytes have names",
    arguments: [
      ("\r", Key.enter), ("\n", .enter), ("\t", .tab), ("\u{7f}", .backspace),
      ("\u{8}", .backspace),
      ("\u{10}", .control("p")), ("\u{c}", .control("l")), ("\u{1b}", .escape),
    ])
  func controls(bytes: String, key: Key) { #expect(keys(bytes) == [key]) }

  @Test(
    "Sequences that no description lists are keys all the same",
    arguments: [
      ("\u{1b}[1;2D", Key.shiftLeft), ("\u{1b}[1;2C", .shiftRight), ("\u{1b}[1;2A", .shiftUp),
      ("\u{1b}[1;2B", .shiftDown), ("\u{1b}[1;6C", .shiftRight), ("\u{1b}[1;5C", .right),
      ("\u{1b}[A", .up), ("\u{1b}OB", .down), ("\u{1b}[7~", .home), ("\u{1b}[4~", .end),
      ("\u{1b}[5;3~", .pageUp), ("\u{1b}[Z", .backTab), ("\u{1b}[15~", .function(5)),
      ("\u{1b}[21~", .function(10)), ("\u{1b}[24~", .function(12)), ("\u{1b}OP", .function(1)),
    ])
  func sequences(bytes: String, key: Key) { #expect(keys(bytes) == [key]) }

  @Test("An Esc before another key stays a key of its own")
  func escapeAndKey() {
    #expect(keys("\u{1b}q") == [.escape, .character("q")])
    #expect(keys("\u{1b}\u{1b}") == [.escape, .escape])
    #expect(keys("\u{1b}[") == [.escape, .character("[")])
    #expect(keys("\u{1b}]x") == [.escape, .character("]"), .character("x")])
    #expect(keys("\u{1b}Oz") == [.escape, .character("O"), .character("z")])
  }

  @Test(
    "A sequence that nobody knows is swallowed whole, and the key after it counts",
    arguments: [
      "\u{1b}[?62;1;4c", "\u{1b}[27;5;13~", "\u{1b}[1$r",
      "\u{1b}]52;c;aGVsbG8=\u{7}",
      "\u{1b}]4;1;rgb:00/11/22\u{1b}\\", "\u{1b}[12;", "\u{1b}[<0;0;0M",
    ])
  func unknown(bytes: String) {
    var decoder = KeyDecoder()
    #expect(bytes.utf8.flatMap { decoder.feed(Int32($0)) }.isEmpty)
    #expect(decoder.flush().isEmpty)
    #expect(decoder.feed(Int32(UInt8(ascii: "q"))) == [.event(.key(.character("q")))])
  }

  @Test("Bytes that are no UTF-8 give nothing and spoil nothing")
  func malformed() {
    #expect(inputs([0xff, 0xc3, 0x61, 0xe2, 0x82, 0x62, 0x80]).count == 2)
    #expect(keys("a").count == 1)
  }

  @Test("Mouse reports in the SGR form")
  func mouse() {
    func event(_ text: String) -> MouseEvent? {
      if case .event(.mouse(let event)) = inputs(text).first { event } else { nil }
    }
    #expect(event("\u{1b}[<0;1;1M") == MouseEvent(action: .press, button: .left, x: 0, y: 0))
    #expect(
      event("\u{1b}[<2;161;49m") == MouseEvent(action: .release, button: .right, x: 160, y: 48))
    #expect(
      event("\u{1b}[<36;5;6M")
        == MouseEvent(
          action: .drag, button: .left, x: 4, y: 5, shift: true))
    #expect(event("\u{1b}[<64;5;6M")?.action == .wheelUp)
    #expect(event("\u{1b}[<65;5;6M")?.action == .wheelDown)
    #expect(event("\u{1b}[<35;5;6M")?.action == .move)
  }

  @Test("The window's focus")
  func focus() {
    #expect(inputs("\u{1b}[I\u{1b}[O") == [.event(.focus(true)), .event(.focus(false))])
  }

  @Test(
    "The answer about the background, however many digits and whichever end",
    arguments: [
      ("11;rgb:1010/1010/1414\u{1b}\\", 0x101014), ("11;rgb:ff/80/00\u{7}", 0xff8000),
      ("11;rgba:ffff/ffff/ffff/ffff\u{7}", 0xffffff), ("11;rgb:f/0/f\u{7}", 0xff00ff),
    ] as [(String, UInt32)])
  func background(answer: String, hex: UInt32) {
    #expect(inputs("\u{1b}]" + answer) == [.background(Color(hex: hex))])
  }

  @Test("Named keys of ncurses have a key each, and no two the same")
  func named() {
    let codes = CT_KEY_UP..<CT_KEY_OTHER
    let keys = codes.compactMap { KeyDecoder.named(Int32($0)) }
    #expect(keys.count == codes.count)
    #expect(Set(keys).count == keys.count)
    #expect(KeyDecoder.named(Int32(CT_KEY_SHIFT_LEFT)) == .shiftLeft)
    #expect(KeyDecoder.named(Int32(CT_KEY_F0 + 12)) == .function(12))
    #expect(KeyDecoder.named(Int32(CT_KEY_OTHER)) == nil)
  }
}
