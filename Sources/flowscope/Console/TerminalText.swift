import FileFormats

/// Text that may go to a terminal: nothing in it acts on one but what this program styles.
///
/// The one door of strings to standard output and standard error. Each is escaped on its way in,
/// wherever it comes from, so that no name, metadata or path has to be remembered; line ends part
/// lines, and colour is added by `styled` alone.
struct TerminalText: Equatable {
  /// What is written.
  let text: String

  /// Lines of text; of what acts on a terminal only line ends stay.
  init(_ lines: String) {
    if FileFailure.isPlain(lines, isLine: false) {
      text = lines
      return
    }
    text = lines.unicodeScalars.reduce(into: "") { result, scalar in
      if scalar != "\n" && FileFailure.actsOnTerminal(scalar) {
        result += FileFailure.escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  private init(passing text: String) { self.text = text }

  /// The text between a style's codes.
  func styled(_ code: String) -> TerminalText {
    TerminalText(passing: "\u{1b}[\(code)m\(text)\u{1b}[0m")
  }

  static func + (a: TerminalText, b: TerminalText) -> TerminalText {
    TerminalText(passing: a.text + b.text)
  }

  static func + (a: TerminalText, b: String) -> TerminalText { a + TerminalText(b) }

  /// The text of JSON with the same characters as `\uXXXX`: they stand in its strings alone, since
  /// outside of them it is plain ASCII, so that what a parser reads is unchanged.
  static func json(_ text: String) -> TerminalText {
    if FileFailure.isPlain(text) { return TerminalText(passing: text) }
    return TerminalText(
      passing: text.unicodeScalars.reduce(into: "") { result, scalar in
        guard FileFailure.actsOnTerminal(scalar) else {
          return result.unicodeScalars.append(scalar)
        }
        for unit in String(Character(scalar)).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      })
  }
}

extension [TerminalText] {
  /// The texts with line ends between, and one at the end.
  var lines: TerminalText { reduce(TerminalText("")) { $0 + $1 + "\n" } }
}
