import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The key table")
struct KeyBindingsTests {
  @Test("No key stands twice")
  func unique() {
    let keys = KeyBindings.all.flatMap { $0.keys.map(\.key) }
    #expect(Set(keys).count == keys.count)
    #expect(keys.count >= 40)
  }

  @Test("Every key of the table dispatches to its action")
  func dispatch() {
    for binding in KeyBindings.all {
      for (key, action) in binding.keys { #expect(KeyBindings.action(for: key) == action) }
    }
    #expect(KeyBindings.action(for: .character("Y")) == nil)
  }

  @Test("Every hint of both bars is a row of the table")
  func hints() {
    for comparing in [false, true] {
      let hints = KeyBindings.hints(comparing: comparing)
      #expect(hints.count >= 10)
      #expect(hints.allSatisfy { $0.hint != nil })
    }
  }

  @Test(
    "A key's name in a script finds the key again",
    arguments: KeyBindings.all.flatMap { $0.keys.map(\.key) })
  func names(key: Key) { #expect(Key(name: key.name) == key) }
}
