import TerminalCanvas
import Testing

@testable import flowscope

@Suite("What the environment says about the terminal")
struct TerminalOptionsTests {
  private func options(_ environment: [String: String]) -> TerminalOptions {
    TerminalOptions { environment[$0] }
  }

  @Test("An empty environment leaves everything to the terminal")
  func empty() {
    let options = options([:])
    #expect(options.depth == nil)
    #expect(options.background == nil)
    #expect(options.synchronised)
    #expect(!options.mouse)
  }

  @Test("NO_COLOR counts when it is not empty, and FLOWSCOPE_COLORS overrides it")
  func noColor() {
    #expect(options(["NO_COLOR": "1"]).depth == .mono)
    #expect(options(["NO_COLOR": ""]).depth == nil)
    #expect(options(["NO_COLOR": "1", "FLOWSCOPE_COLORS": "256"]).depth == .indexed256)
    #expect(options(["FLOWSCOPE_COLORS": "plaid"]).depth == nil)
  }

  @Test(
    "COLORFGBG names the background last",
    arguments: [
      ("15;0", Background.dark), ("0;15", .light), ("0;7", .light), ("12;8", .dark),
      ("0;default;15", .light), ("0;default", nil), ("", nil), ("0;99", nil),
    ] as [(String, Background?)])
  func colorfgbg(text: String, background: Background?) {
    #expect(TerminalOptions.background(colorFGBG: text) == background)
  }

  @Test("FLOWSCOPE_BACKGROUND beats COLORFGBG; FLOWSCOPE_SYNC=0 switches bracketing off")
  func overrides() {
    #expect(options(["FLOWSCOPE_BACKGROUND": "light", "COLORFGBG": "15;0"]).background == .light)
    #expect(!options(["FLOWSCOPE_SYNC": "0"]).synchronised)
    #expect(options(["FLOWSCOPE_SYNC": "1"]).synchronised)
  }

  @Test(
    "Every reason is one line that names the command for machines without a terminal",
    arguments: [
      UnusableTerminal.notATerminal, .termUnset, .termUnknown("evil\u{1b}[31m\nname"),
      .noCursorMotion("dumb"), .system("no such device"),
    ])
  func reasons(error: UnusableTerminal) {
    let text = error.description
    #expect(text.contains("flowscope train"))
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 })
    #expect(UnusableTerminal.exitCode == 69)
  }
}
