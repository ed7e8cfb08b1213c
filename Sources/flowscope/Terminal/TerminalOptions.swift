import FileFormats
import TerminalCanvas

/// What may be said about the terminal beside what it says itself.
struct TerminalOptions {
  /// The most colours to use; nil for as many as the terminal shows.
  var depth: ColorDepth?
  /// Dark or light; nil asks the terminal.
  var background: Background?
  /// Whether a frame is bracketed in synchronised output, so that none is seen half drawn.
  var synchronised = true
  /// Whether the mouse is reported; then the terminal selects text only with Shift.
  var mouse = false

  /// The terminal's own answers to everything.
  init() {}

  /// The variables of this program that are read here, and those of its tests.
  static let variables = [
    "FLOWSCOPE_COLORS", "FLOWSCOPE_BACKGROUND", "FLOWSCOPE_SYNC", "FLOWSCOPE_FAULT",
    "FLOWSCOPE_BINARY", "FLOWSCOPE_PEERS", "FLOWSCOPE_FUZZ", "FLOWSCOPE_LONG_TESTS",
    "FLOWSCOPE_RECORD_GOLDEN",
  ]

  /// The words that a variable may be, where it is one of a few.
  static let choices: [(variable: String, words: [String])] = [
    ("FLOWSCOPE_COLORS", depths.map(\.word)),
    ("FLOWSCOPE_BACKGROUND", [Background.dark, .light].map(\.rawValue)),
    ("FLOWSCOPE_SYNC", ["0", "1"]),
  ]

  /// The words for a number of colours, of the option and of the variable; two of them mean 24 bits.
  static let depths: [(word: String, depth: ColorDepth)] = [
    ("24bit", .direct), ("direct", .direct), ("256", .indexed256), ("16", .basic16),
    ("mono", .mono),
  ]

  /// Refuses a variable that is none of its words: it would be passed over in silence.
  static func check(_ environment: [String: String]) throws {
    for (variable, words) in choices {
      guard let value = environment[variable], !value.isEmpty, !words.contains(value) else {
        continue
      }
      throw Failure.usage(
        "\(variable) must be one of \(words.joined(separator: ", ")), not "
          + "“\(FileFailure.printable(value))”")
    }
  }

  /// What the environment says: `NO_COLOR`, `FLOWSCOPE_COLORS` (see `depths`),
  /// `FLOWSCOPE_BACKGROUND` (`dark`, `light`), `FLOWSCOPE_SYNC=0` and `COLORFGBG`.
  init(environment: (String) -> String?) {
    if let value = environment("NO_COLOR"), !value.isEmpty { depth = .mono }
    let word = environment("FLOWSCOPE_COLORS")
    depth = TerminalOptions.depths.first { $0.word == word }?.depth ?? depth
    background =
      environment("FLOWSCOPE_BACKGROUND").flatMap(Background.init(rawValue:))
      ?? environment("COLORFGBG").flatMap(TerminalOptions.background(colorFGBG:))
    synchronised = environment("FLOWSCOPE_SYNC") != "0"
  }

  /// The background that `COLORFGBG` (`foreground;background`, or with a third part between) names:
  /// entries 7 and 9…15 of the 16 colours are light. Nil where it says `default` or nothing.
  static func background(colorFGBG text: String) -> Background? {
    guard let last = text.split(separator: ";").last, let index = Int(last),
      (0..<16).contains(index)
    else { return nil }
    return index == 7 || index > 8 ? .light : .dark
  }
}

/// Why the viewer cannot run here, in one line that names the way that works without a terminal.
enum UnusableTerminal: Error, Equatable, CustomStringConvertible {
  /// Standard output is no terminal, or there is none to read keys from.
  case notATerminal
  /// The variable TERM is unset or empty.
  case termUnset
  /// No description of this terminal is installed.
  case termUnknown(String)
  /// The terminal cannot place its cursor.
  case noCursorMotion(String)
  /// A system call failed, with its reason.
  case system(String)

  /// The exit status for this error.
  static let exitCode: Int32 = 69

  /// A name from the environment, without characters that would act on a terminal.
  private static func visible(_ name: String) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: name.unicodeScalars.compactMap { CellText.shown($0) })
    return CellText.truncated(String(view), to: 40)
  }

  var description: String {
    let reason =
      switch self {
      case .notATerminal: "standard output is not a terminal"
      case .termUnset: "TERM is not set"
      case .termUnknown(let name):
        "the terminal “\(UnusableTerminal.visible(name))” is unknown here"
      case .noCursorMotion(let name):
        "the terminal “\(UnusableTerminal.visible(name))” cannot place its cursor"
      case .system(let reason): "the terminal cannot be opened: \(reason)"
      }
    return "\(reason), so the viewer cannot run; `flowscope train` works without one"
  }
}
