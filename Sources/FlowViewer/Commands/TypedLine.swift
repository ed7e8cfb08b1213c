import TerminalCanvas

/// The keys that edit a line of text, the same wherever text is typed: Backspace takes a character,
/// Ctrl-W the last word, Ctrl-U the whole line.
enum TypedLine {
  /// The line after a key; nil where the key edits nothing. A line holds at most `limit` characters.
  static func edited(_ line: String, by key: Key, limit: Int) -> String? {
    switch key {
    case .character(let character): line.count < limit ? line + String(character) : line
    case .backspace: String(line.dropLast())
    case .control("u"): ""
    case .control("w"): withoutLastWord(line)
    default: nil
    }
  }

  private static func withoutLastWord(_ line: String) -> String {
    var rest = Substring(line)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    while let last = rest.last, !last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
