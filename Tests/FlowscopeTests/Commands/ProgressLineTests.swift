import TerminalCanvas
import Testing

@testable import flowscope

@Suite("The progress line")
struct ProgressLineTests {
  static let parts = [
    (text: "12345/60000", weight: 5), (text: "loss 1.234", weight: 3),
    (text: "floor 1.200 ± 0.001", weight: 0), (text: "excess 0.034", weight: 2),
    (text: "1200 steps/s", weight: 1), (text: "ETA 3h48m", weight: 4),
  ]

  @Test("It fits every width, and the more room there is the more it says")
  func fits() {
    var said = 0
    for width in 1...200 {
      let line = ProgressLine.fitted(share: 0.4, ProgressLineTests.parts, width: width)
      #expect(!line.contains("\n"))
      // Of the last part what does not fit is cut where it is shown.
      if width >= 11 { #expect(CellText.columns(line) <= width) }
      let count = ProgressLineTests.parts.count { line.contains($0.text) }
      #expect(count >= max(said, 1))
      said = count
    }
    #expect(said == ProgressLineTests.parts.count)
  }

  @Test("Where room is short the steps and the time left stay, in their order")
  func order() {
    let line = ProgressLine.fitted(share: 0.5, ProgressLineTests.parts, width: 39)
    #expect(line == "━━━━━━━────────  12345/60000  ETA 3h48m")
    #expect(
      ProgressLine.fitted(share: 1.5, [(text: "x", weight: 0)], width: 40).hasPrefix(
        String(repeating: "━", count: 28) + "  x"))
  }

  @Test(
    "Times are told in two units",
    arguments: [
      (-1.0, "0 s"), (59.4, "59 s"), (59.6, "1m00s"), (725, "12m05s"), (13_700, "3h48m"),
      (86_399.6, "1d00h"), (457_200, "5d07h"), (1e12, "years"), (.infinity, "years"),
    ])
  func duration(seconds: Double, text: String) {
    #expect(ProgressLine.duration(seconds) == text)
  }
}
