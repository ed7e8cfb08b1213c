import FlowMatching
import Testing

@testable import FlowViewer

@Suite("Files that are read while everything else goes on")
struct FileReadingTests {
  private func reading() -> AppState {
    var state = slowState()
    state.press(":", "d", "a", "t", "a", "Space", "a", ".", "c", "s", "v", "Enter")
    return state
  }

  @Test("How far a file has come is told, and the next look is due soon")
  func progress() throws {
    var state = reading()
    #expect(state.dialogue.reading?.path == "a.csv")
    #expect(try #require(state.nextDeadline) <= AppState.readingInterval)
    _ = state.update(.file(.reading(bytes: 250, of: 1000)))
    #expect(state.dialogue.flash?.text == "reads → 25 % of a.csv, Esc gives it up")
    _ = state.update(.file(.reading(bytes: 12_000_000, of: nil)))
    #expect(state.dialogue.flash?.text == "reads → 12 MB of a.csv, Esc gives it up")
  }

  @Test("Esc gives a file up, and what comes of it afterwards changes nothing")
  func escape() {
    var state = reading()
    let effects = state.press("Esc")
    #expect(effects.contains { if case .stopReading = $0 { true } else { false } })
    #expect(
      state.dialogue.reading == nil && state.dialogue.flash?.text.contains("given up") == true)
    let dataset = state.dataset.name
    let data = Dataset(name: "a.csv", points: Batch(points: [[1, 2]]))
    _ = state.update(.file(.loaded(.data(data))))
    #expect(state.dialogue.overlay == nil && state.dataset.name == dataset)
  }

  @Test("Keys act as ever while a file is read")
  func keys() {
    var state = reading()
    let wasPlaying = state.playback.clock.isPlaying
    state.press("space")
    #expect(state.playback.clock.isPlaying != wasPlaying && state.dialogue.reading != nil)
  }
}
