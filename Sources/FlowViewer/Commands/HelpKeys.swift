import TerminalCanvas

extension AppState {
  /// Under help no key acts on the viewer beneath; / searches the table.
  mutating func readHelp(_ key: Key) -> [Effect] {
    if let query = dialogue.helpQuery, searchHelp(query, key) { return [] }
    switch key {
    case .character("?"): return perform(.app(.help))
    case .character(" "), .down, .right, .pageDown:
      dialogue.turnHelpPage(on: window.size)
      revision += 1
    case .up, .left, .pageUp:
      dialogue.helpPage = max(0, dialogue.helpPage - 1)
      revision += 1
    case .character("/"):
      searchHelp(for: "")
      revision += 1
    case .escape, .enter: return perform(.app(.close))
    case .character(":"), .control("p"): return perform(.app(.palette))
    case .character("q"): return perform(.app(.quit))
    case .control("l"): return perform(.app(.repaint))
    default: break
    }
    return []
  }

  /// A key that belongs to what is being typed; Esc goes back to the whole table.
  private mutating func searchHelp(_ query: String, _ key: Key) -> Bool {
    switch key {
    case .escape: searchHelp(for: nil)
    case .backspace where query.isEmpty: searchHelp(for: nil)
    default:
      guard let edited = TypedLine.edited(query, by: key, limit: 30) else { return false }
      searchHelp(for: edited)
    }
    revision += 1
    return true
  }

  /// Searches for something else: of the keys where they are on show, else of the words.
  private mutating func searchHelp(for query: String?) {
    func keyPages() -> Int {
      HelpOverlay.keyPages(
        window.size, dialogue.helpQuery ?? "", inWorld: dialogue.helpsWorld)
    }
    let showsWords = dialogue.helpPage >= keyPages()
    dialogue.helpQuery = query
    dialogue.helpPage = showsWords ? keyPages() : 0
  }
}

extension KeyBindings {
  /// The rows whose keys or words hold every word of a query, in any case; without one those of an exact
  /// world only where that is on show.
  static func matching(_ query: String, inWorld: Bool = false) -> [KeyBinding] {
    let words = query.split(separator: " ")
    let others = all.filter { !inWorld || !$0.keys.allSatisfy { worldAction(for: $0.key) != nil } }
    let rows = words.isEmpty && !inWorld ? all : ofWorld + others
    return rows.filter { binding in
      words.allSatisfy { word in
        // A single letter is a key; m and M are two.
        word.count == 1 && binding.label.split(separator: " ").contains(word)
          || word.count > 1
            && (binding.help + " " + binding.group.rawValue + " " + binding.label).lowercased()
              .contains(word.lowercased())
      }
    }
  }
}
