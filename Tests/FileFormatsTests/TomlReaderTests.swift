import FileFormats
import Testing

@Suite("Settings in TOML")
struct TomlReaderTests {
  private func values(_ text: String) throws -> [TomlReader.Value] {
    try TomlReader.entries(Array(text.utf8)).map(\.value)
  }

  @Test("Every form of an integer is read, to both ends of 64 bits")
  func integers() throws {
    let text =
      "a = 0xDEAD_beef\nb = 0o17\nc = 0b101\nd = +1_000\ne = -9223372036854775808\n"
      + "f = 9223372036854775807"
    #expect(
      try values(text)
        == [0xdead_beef, 15, 5, 1000, .min, .max].map { (n: Int) in TomlReader.Value.integer(n) })
  }

  @Test("Every form of a float is read as Swift reads the number")
  func floats() throws {
    #expect(
      try values("a = 1.5\nb = -0.01\nc = 5e+22\nd = 1e06\ne = 6.626e-34\nf = 1_0.2_5\ng = -inf")
        == [1.5, -0.01, 5e22, 1e6, 6.626e-34, 10.25, -.infinity].map { TomlReader.Value.number($0) }
    )
  }

  @Test("Double quotes resolve escapes, single ones do not, and keys may stand in either")
  func strings() throws {
    let text = #"""
      "a b" = "tab\t quote\" \u00e9 \U0001F600 #"
      'c' = 'C:\path' # a comment
      """#
    let entries = try TomlReader.entries(Array(text.utf8))
    #expect(entries.map(\.key) == ["a b", "c"])
    #expect(entries.map(\.value) == [.text("tab\t quote\" é 😀 #"), .text(#"C:\path"#)])
    #expect(entries.map(\.line) == [1, 2])
  }

  @Test("Arrays may run over lines with comments and end in a comma")
  func arrays() throws {
    #expect(
      try values("a = [ # widths\n 64, # one\n\n 32,\n]\nb = []") == [
        .integers([64, 32]), .integers([]),
      ])
  }

  @Test("A place counts characters, not bytes, and the same key in other quotes is the same")
  func places() {
    let failure = #expect(throws: FileFailure.self) {
      try values("a = 'äöü'  x")
    }
    #expect(failure == .malformed("the line's end is expected", line: 1, column: 12))
    #expect(throws: FileFailure.malformed("“a” is set twice", line: 2, column: 1)) {
      try values("a = 1\n\"\\u0061\" = 2")
    }
  }
}
