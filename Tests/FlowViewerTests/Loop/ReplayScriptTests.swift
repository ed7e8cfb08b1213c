import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Scripts of a replay")
struct ReplayScriptTests {
  @Test("Steps, keys, comments and blank lines are read")
  func reads() throws {
    let script = try ReplayScript(
      """
      # a session
      train 500
      space   # play
      wait 1.5

      S-Left
      |
      ?
      resize 80x24
      click 40,12
      snapshot half.txt
      """)
    #expect(
      script.commands == [
        .train(500), .key(.character(" ")), .wait(1.5), .key(.shiftLeft), .key(.character("|")),
        .key(.character("?")), .resize(Size(columns: 80, rows: 24)), .click(x: 40, y: 12),
        .snapshot("half.txt"),
      ])
  }

  @Test(
    "A mistake is named with its line",
    arguments: [
      ("space\nwait", 2), ("wait -1", 1), ("wait nan", 1), ("train 1.5", 1), ("resize 80", 1),
      ("resize 0x5", 1), ("\n\nclick 1", 3), ("snapshot", 1), ("hop", 1), ("q q", 1),
      ("\u{1b}[2J", 1),
    ])
  func mistakes(text: String, line: Int) {
    let mistake = #expect(throws: ReplayScript.Mistake.self) { try ReplayScript(text) }
    #expect(mistake?.line == line)
    #expect(mistake?.description.contains("\u{1b}") == false)
  }
}
