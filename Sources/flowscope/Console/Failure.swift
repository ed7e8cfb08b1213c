import ArgumentParser
import FileFormats
import FlowMatching
import Foundation
import Synchronization

/// A failure with the exit code that scripts rely on and one line that says what to do.
struct Failure: Error {
  /// The exit codes of sysexits, as far as they are used.
  enum Code: Int32 {
    case checkFailed = 1
    case usage = 64
    case badData = 65
    case noInput = 66
    case noTerminal = 69
    case `internal` = 70
    case cannotCreate = 73
    case inputOutput = 74
  }

  let code: Code
  let message: String
  /// The option that it is about, “--batch”.
  var option: String?
  /// The file that it is about, and where in it.
  var file: String?
  var line: Int?
  var column: Int?

  /// Whether failures are told as JSON: where the command was asked for JSON.
  static let isJSON = Atomic(false)

  /// Tells it on standard error, as one line or one JSON object, and gives the parser the code to exit
  /// with.
  func exit() -> ExitCode {
    if Failure.isJSON.load(ordering: .relaxed), let text = json {
      Output.message(text)
    } else {
      Output.message("flowscope: \(message)")
    }
    return ExitCode(code.rawValue)
  }

  /// `{"error": {"code": 65, "message": "…", …}}` with what is known.
  private var json: TerminalText? {
    struct Report: Encodable {
      struct Content: Encodable {
        let code: Int32
        let message: String
        let option: String?
        let file: String?
        let line: Int?
        let column: Int?
      }
      let error: Content
    }
    let content = Report.Content(
      code: code.rawValue, message: message, option: option, file: file, line: line,
      column: column)
    return try? Output.jsonText(Report(error: content))
  }
}

extension Failure {
  /// A value that no option takes: one line, since the parser would add the usage of another command.
  ///
  /// Where nobody typed the option, the line says which file or variable it comes from.
  static func usage(_ message: String, option named: String? = nil) -> ExitCode {
    // A message mostly begins with the option.
    let option = named ?? message.prefixMatch(of: /--[a-z][a-z-]*/).map { String($0.0) }
    guard let origin = option.flatMap({ SettingOrigins.origin(of: $0) }) else {
      return Failure(code: .usage, message: message, option: option).exit()
    }
    var failure = Failure(
      code: .usage, message: "\(message) (as \(origin.place) says)", option: option)
    if let place = origin.file { (failure.file, failure.line) = (place.path, place.line) }
    return failure.exit()
  }

  /// What an option's value names; one that does not exist is a usage error with the nearest name.
  static func named<Value>(_ option: String, _ find: () throws -> Value) throws -> Value {
    do { return try find() } catch let error as UnknownName {
      throw usage("\(option): \(error.description)", option: option)
    }
  }

  /// The member of a family that an option's value names.
  static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ option: String, _ kind: String, _ name: String
  ) throws -> Choice {
    try named(option) {
      guard let known = Choice(rawValue: name) else {
        throw UnknownName(kind: kind, name: name, among: Choice.allCases.map(\.rawValue))
      }
      return known
    }
  }

  /// What a file did not allow, with its name; a pipe that was closed ends quietly.
  static func file(_ failure: FileFailure, _ path: String, isInput: Bool = false) -> ExitCode {
    Failure(failure, path, isInput: isInput)?.exit() ?? .success
  }

  /// The same, untold; nil for a pipe that was closed.
  init?(_ failure: FileFailure, _ path: String, isInput: Bool = false) {
    let name =
      path == "-"
      ? (isInput ? "standard input" : "standard output")
      : path.isEmpty ? "“”" : Output.visible(path)
    file = name
    switch failure {
    case .closedPipe: return nil
    case .noInput(let reason): (code, message) = (.noInput, "cannot read \(name): \(reason)")
    case .malformed(_, let line, let column):
      (code, message) = (.badData, name + (line == nil ? ": " : ", ") + "\(failure)")
      (self.line, self.column) = (line, column)
    case .cannotCreate(let reason):
      (code, message) = (.cannotCreate, "cannot create \(name): \(reason)")
    case .inputOutput(let reason):
      (code, message) = (.inputOutput, "cannot \(isInput ? "read" : "write") \(name): \(reason)")
    }
  }
}
