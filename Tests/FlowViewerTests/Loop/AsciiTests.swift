import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("ASCII only")
struct AsciiTests {
  @Test("Every character is ASCII where no other can be shown", arguments: [80, 120, 160, 200])
  func everything(columns: Int) throws {
    let theme = Theme(depth: .mono, background: .dark, glyphs: .ascii)
    var replay = try smallReplay(columns: columns, rows: columns * 3 / 10, theme: theme)
    let shown = try replay.run(
      """
      train 200
      wait 0.5
      snapshot single
      o
      ?
      snapshot help
      Esc
      R
      snapshot question
      Esc
      |
      wait 1
      snapshot two
      |
      wait 1
      snapshot four
      """)
    for (name, screen) in shown {
      let others = screen.text().unicodeScalars.filter { !$0.isASCII }
      #expect(others.isEmpty, "\(name)")
    }
  }
}
