import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("What is typed into the palette is what happens")
struct PaletteWordsTests {
  @Test("Every entry is the first to be found by its title and by each of its synonyms")
  func ownWords() {
    let state = slowState()
    let all = Command.all(state)
    #expect(Set(all.map(\.title)).count == all.count, "titles name one entry each")
    for command in all where Command.typed(command.title) == nil {
      #expect(Palette.hits(command.title, state).first?.command.title == command.title)
      for synonym in command.synonyms where Command.typed(synonym) == nil {
        let found = Palette.hits(synonym, state).first?.command
        #expect(
          found?.title == command.title || found?.synonyms.contains(synonym) == true,
          "\(synonym) → \(found?.title ?? "nothing"), not \(command.title)")
      }
    }
  }

  @Test("No two actions share a synonym, and every action that a key has is offered once")
  func synonyms() {
    let state = slowState()
    let actions = Command.all(state).filter { if case .action = $0.deed { true } else { false } }
    let words = actions.flatMap { $0.synonyms.map { $0.lowercased() } }
    let twice = Dictionary(grouping: words) { $0 }.filter { $1.count > 1 }.keys
    #expect(twice.isEmpty, "\(twice.sorted())")
    let offered = Set(
      actions.compactMap { if case .action(let action) = $0.deed { action } else { nil } })
    for binding in KeyBindings.all {
      for (key, action) in binding.keys { #expect(offered.contains(action), "\(key.name)") }
    }
  }

  /// The state after Enter on what was typed, and the effects.
  private func typed(_ words: String, _ state: AppState) -> (state: AppState, effects: [Effect]) {
    var state = state
    state.press(":")
    for letter in words { state.press(letter == " " ? "space" : String(letter)) }
    let effects = state.press("Enter")
    return (state, effects)
  }

  @Test("The words of the commands that once did the opposite do what they say")
  func opposites() {
    var state = slowState()
    let steps = state.focusedLane.settings.steps
    #expect(typed("more steps", state).state.focusedLane.settings.steps > steps)
    #expect(typed("fewer steps", state).state.focusedLane.settings.steps < steps)
    func isRecording(_ effect: Effect) -> Bool {
      if case .export(.recording(true)) = effect { true } else { false }
    }
    #expect(typed("record", state).effects.contains(where: isRecording))
    #expect(typed("screenshot", state).effects.contains { !isRecording($0) })
    #expect(typed("compare", state).state.lanes.all.count == 2)
    #expect(typed("4 lanes", state).state.lanes.all.count == 4)
    #expect(typed("light", state).state.look.appearance.variant != state.look.appearance.variant)
    #expect(typed("help", state).state.dialogue.overlay == .help)
    #expect(typed("nfe", state).state.dialogue.caption?.title == "NFE")
    state.tick(3)
    state.press("5", "space")
    state.tick(5)
    state.press("space")
    let t = state.playback.clock.t
    var back = typed("back", state).state
    back.tick(3)
    #expect(back.playback.clock.t < t)
    if case .training(.travel(1)) = Palette.hits("later weights", state).first.map({
      $0.command.deed
    })
    .flatMap({ if case .action(let action) = $0 { action } else { nil } }) {
    } else {
      Issue.record("later weights lead elsewhere")
    }
    #expect(Palette.hits("lr 3e-4", state).first?.command.title == "Learning rate: 3e-4")
    #expect(Palette.hits("export", state).first?.command.title == "Save a picture")
  }

  @Test(
    "Nonsense finds nothing",
    arguments: ["xyzzy", "qwerty", "asdfgh", "blorp", "zzz", "teh quick", "solvvver"])
  func nonsense(words: String) {
    #expect(Palette.hits(words, slowState()).map(\.command.title) == [])
  }

  @Test("A slip of one letter still finds the word")
  func slips() {
    let state = slowState()
    #expect(Palette.hits("solvr: euler", state).first?.command.title == "Solver: Euler")
    #expect(FuzzyMatch("thme", in: "Theme: light") != nil)
    #expect(FuzzyMatch("tme", in: "Theme: light") == nil)
  }

  @Test("Ctrl-W takes the last word and Ctrl-U the line, wherever text is typed")
  func editing() {
    #expect(TypedLine.edited("two words ", by: .control("w"), limit: 9) == "two ")
    #expect(TypedLine.edited("two", by: .control("u"), limit: 9) == "")
    #expect(TypedLine.edited("two", by: .character("x"), limit: 3) == "two")
    #expect(TypedLine.edited("two", by: .left, limit: 9) == nil)
    var state = slowState()
    state.press(":", "a", "space", "b", "C-w")
    #expect(state.dialogue.overlay == .palette(Palette(query: "a ")))
    state.press("C-u")
    #expect(state.dialogue.overlay == .palette(Palette(query: "")))
    state.press("Esc", "?", "/", "a", "b", "C-u")
    #expect(state.dialogue.helpQuery == "")
  }

  @Test("No row of the list names keys twice")
  func keysOnce() {
    for command in Command.all(slowState()) where !command.key.isEmpty {
      if case .note(let note) = command.consequence { #expect(note.isEmpty, "\(command.title)") }
    }
  }
}
