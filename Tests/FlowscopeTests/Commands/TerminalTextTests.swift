import FileFormats
import Foundation
import Testing

@testable import flowscope

@Suite("What reaches a terminal")
struct TerminalTextTests {
  /// C0, delete, C1, an escape in C1's place, direction marks, both separators, a private scalar.
  static let hostile =
    "a\u{1b}[31m\u{7}\u{7f}\u{9b}2J\u{85}\u{202e}\u{2066}\u{200f}\u{2028}\u{2029}\u{e000}\r\tz"

  private func acts(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0 != "\n" && FileFailure.actsOnTerminal($0) }
  }

  @Test("Nothing acts on it but line ends and the program's own styles")
  func text() {
    let text = TerminalText("x\n" + Self.hostile).text
    #expect(!acts(text) && text.hasPrefix("x\na\\u{1b}[31m\\u{7}\\u{7f}\\u{9b}2J"))
    let styled = TerminalText(Self.hostile).styled("1").text
    #expect(styled.unicodeScalars.filter { $0 == "\u{1b}" }.count == 2)
    #expect(!acts(String(styled.dropFirst(4).dropLast(4))))
    #expect((TerminalText("a") + Self.hostile).text == "a" + TerminalText(Self.hostile).text)
    #expect(TerminalText("θ → 3×4, “é”, 数").text == "θ → 3×4, “é”, 数")
  }

  @Test("JSON says the same in plain characters, beyond the basic plane too")
  func json() throws {
    let value = [Self.hostile: [Self.hostile, "\u{e0001}\u{f0000}😀é"]]
    let text = try Output.jsonText(value).text
    #expect(!acts(text) && !text.contains("\n"))
    let read = try JSONDecoder().decode([String: [String]].self, from: Data(text.utf8))
    #expect(read == value)
    #expect(text.contains("\\u009b") && text.contains("\\udb40\\udc01") && text.contains("😀é"))
  }

  @Test("A run whose data set has a name that acts is refused")
  func names() throws {
    for name in ["a\u{9b}5m", "a\nb", "\u{202e}a"] {
      let text = String(decoding: try JSONEncoder().encode(["dataset": name]), as: UTF8.self)
      #expect(throws: FileFailure.self) { try ExperimentJSON.decode(Array(text.utf8)) }
    }
    #expect(try ExperimentJSON.decode(Array(#"{"dataset": "θ.csv"}"#.utf8)).dataset == "θ.csv")
  }
}
