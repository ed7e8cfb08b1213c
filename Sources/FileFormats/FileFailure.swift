/// Why a file could not be read or written; callers add its name.
public enum FileFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no such input, or no right to read it.
  case noInput(String)
  /// The contents are not what the format asks for; lines and columns count from 1.
  case malformed(String, line: Int? = nil, column: Int? = nil)
  /// The output cannot be created or replaced.
  case cannotCreate(String)
  /// Reading or writing broke off, for instance because the disk is full.
  case inputOutput(String)
  /// Whoever was reading the output has closed it.
  case closedPipe

  public var description: String {
    switch self {
    case .noInput(let reason), .cannotCreate(let reason), .inputOutput(let reason):
      return reason
    case .malformed(let reason, let line, let column):
      let place = [line.map { "line \($0)" }, column.map { "column \($0)" }].compactMap { $0 }
      return (place.isEmpty ? "" : place.joined(separator: ", ") + ": ") + reason
    case .closedPipe:
      return "the reader has closed the pipe"
    }
  }

  /// Contents that break off before the format is satisfied.
  static func truncated(_ what: String) -> FileFailure {
    .malformed("the file ends within \(what)")
  }

  /// Bytes of a file as they may stand in a message: at most 40 of them, in quotes, controls and
  /// everything that is no printable ASCII escaped.
  static func shown(_ bytes: some Collection<UInt8>) -> String {
    let limit = 40
    var text = "“"
    for byte in bytes.prefix(limit) {
      if (0x20..<0x7f).contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return text + (bytes.count > limit ? "…”" : "”")
  }

  /// A text with everything escaped that would act on a terminal.
  public static func printable(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if actsOnTerminal(scalar) {
        result += escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a text is of printable ASCII and line ends alone, as nearly every one is; `isLine` has no
  /// line ends either.
  public static func isPlain(_ text: String, isLine: Bool = true) -> Bool {
    text.utf8.allSatisfy { (0x20..<0x7f).contains($0) || !isLine && $0 == 0x0a }
  }

  /// Whether a scalar would act on a terminal, reorder what it shows, or show nothing that is known:
  /// controls (C0, delete, C1), direction marks and other formats, line and paragraph separators,
  /// private and unassigned ones.
  public static func actsOnTerminal(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7f).contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      return true
    default: return false
    }
  }

  /// A scalar by its number, `\u{1b}`.
  public static func escape(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16))}"
  }
}
