import ArgumentParser
import Foundation
import Synchronization

/// How a command without a screen reports: the same options everywhere.
struct ReportOptions: ParsableArguments {
  @Flag(
    name: .shortAndLong, help: "Print one JSON object; a failure is one too, on standard error.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress and no messages.")
  var quiet = false

  @Flag(
    name: .shortAndLong, help: "Say which settings hold that nobody typed, and where they are from."
  )
  var verbose = false

  @Option(help: "Colour of a table: auto (NO_COLOR counts), always, never.")
  var color = LookOptions.ColorUse.auto

  func validate() throws {
    if quiet && verbose { throw Failure.usage("--quiet and --verbose: give one of them") }
    SettingOrigins.isAsked.store(verbose, ordering: .relaxed)
  }

  /// What a part of a table is.
  enum Emphasis: String {
    case heading = "1"
    case good = "32"
    case bad = "1;31"
  }

  /// A line on standard error, unless nobody wants it.
  func message(_ text: String) {
    if !quiet { Output.message(text) }
  }

  /// One line on standard error that follows the work, "" to end it; nothing where that is no
  /// terminal.
  func progress(_ text: String) {
    if !quiet { ProgressLine.show(text) }
  }

  /// The text as it stands out on a terminal; as it is elsewhere.
  func emphasised(_ text: String, _ emphasis: Emphasis) -> TerminalText {
    usesColor ? TerminalText(text).styled(emphasis.rawValue) : TerminalText(text)
  }

  var usesColor: Bool {
    switch color {
    case .always: return true
    case .never: return false
    case .auto:
      let environment = ProcessInfo.processInfo.environment
      return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty
        && environment["TERM"] != "dumb"
    }
  }
}
