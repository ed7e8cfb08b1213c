import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Help")
struct HelpTests {
  @Test("/ searches the table by words and by keys; Esc goes back to all of it, then closes")
  func search() {
    var state = slowState()
    state.press("?", "/")
    for letter in "noise" { state.press(String(letter)) }
    let text = state.drawn().text()
    #expect(text.contains("/noise") && text.contains("new noise"))
    #expect(!text.contains("theme: contrast") && state.dialogue.overlay == .help)
    state.press("Backspace", "Backspace", "Backspace", "Backspace", "Backspace", "M")
    #expect(state.drawn().text().contains("match by t") && KeyBindings.matching("M").count == 1)
    for letter in "qqq" { state.press(String(letter)) }
    #expect(!state.drawn().text().contains("match by t") && state.dialogue.overlay == .help)
    state.press("Esc")
    #expect(state.drawn().text().contains("theme: contrast"))
    state.press("Esc")
    #expect(state.dialogue.overlay == nil)
  }

  @Test(
    "Every row of the key table can be read on every size, page by page",
    arguments: ["160x48", "120x36", "100x30", "94x24", "93x24", "80x24", "60x20", "40x12"])
  func complete(size: String) throws {
    var replay = try smallReplay()
    try replay.run("train 10\nT\nresize \(size)\n?")
    var seen = replay.text
    var pages = 1
    while pages < 99 {
      try replay.run("Down")
      if replay.state.dialogue.overlay == nil { break }
      seen += replay.text
      pages += 1
    }
    #expect(replay.state.dialogue.overlay == nil)
    for binding in KeyBindings.all {
      #expect(seen.contains(binding.help), "\(binding.label) at \(size)")
    }
    let keys = HelpOverlay.keyPages(replay.state.window.size, "")
    #expect(keys <= 8 && (keys == 1 || !["160x48", "120x36"].contains(size)))
  }
}
