import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Help")
struct HelpTests {
  @Test(
    "Every row of the key table can be read on every size, page by page",
    arguments: ["160x48", "120x36", "100x30", "94x24", "93x24", "80x24", "60x20", "40x12"])
  func complete(size: String) throws {
    var replay = try smallReplay()
    try replay.run("train 10\nT\nresize \(size)\n?")
    var seen = replay.text
    var pages = 1
    while pages < 9 {
      try replay.run("?")
      if replay.state.overlay == nil { break }
      seen += replay.text
      pages += 1
    }
    #expect(replay.state.overlay == nil)
    for binding in KeyBindings.all {
      #expect(seen.contains(binding.help), "\(binding.label) at \(size)")
    }
    #expect(pages <= 6 && (pages == 1 || !["160x48", "120x36"].contains(size)))
  }
}
