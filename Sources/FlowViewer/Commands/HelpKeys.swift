import TerminalCanvas

extension AppState {
  /// Under help no key acts on the viewer beneath; / searches the table.
  mutating func readHelp(_ key: Key) -> [Effect] {
    if let query = dialogue.helpQuery, searchHelp(query, key) { return [] }
    switch key {
    case .character("?"), .character(" "), .down, .right, .pageDown: return perform(.app(.help))
    case .up, .left, .pageUp:
      dialogue.helpPage = max(0, dialogue.helpPage - 1)
      revision += 1
    case .character("/"):
      dialogue.helpQuery = ""
      dialogue.helpPage = 0
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
    case .character(let character):
      if query.count < 30 { dialogue.helpQuery = query + String(character) }
    case .backspace: dialogue.helpQuery = query.isEmpty ? nil : String(query.dropLast())
    case .escape: dialogue.helpQuery = nil
    default: return false
    }
    dialogue.helpPage = 0
    revision += 1
    return true
  }
}

extension KeyBindings {
  /// The rows whose keys or words hold every word of a query, in any case.
  static func matching(_ query: String) -> [KeyBinding] {
    let words = query.split(separator: " ")
    return all.filter { binding in
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
