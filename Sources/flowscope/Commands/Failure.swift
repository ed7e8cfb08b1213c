import ArgumentParser
import FileFormats

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

  /// Prints the line to standard error and gives the parser the code to exit with.
  func exit() -> ExitCode {
    Output.message("flowscope: \(message)")
    return ExitCode(code.rawValue)
  }
}

extension Failure {
  /// A value that no option takes: one line, since the parser would add the usage of another command.
  static func usage(_ message: String) -> ExitCode {
    Failure(code: .usage, message: message).exit()
  }

  /// What a file did not allow, with its name; a pipe that was closed ends quietly.
  static func file(_ failure: FileFailure, _ path: String, isInput: Bool = false) -> ExitCode {
    let name = path == "-" ? (isInput ? "standard input" : "standard output") : Output.visible(path)
    switch failure {
    case .closedPipe: return .success
    case .noInput(let reason):
      return Failure(code: .noInput, message: "cannot read \(name): \(reason)").exit()
    case .malformed(_, nil, _):
      return Failure(code: .badData, message: "\(name): \(failure)").exit()
    case .malformed:
      return Failure(code: .badData, message: "\(name), \(failure)").exit()
    case .cannotCreate(let reason):
      return Failure(code: .cannotCreate, message: "cannot create \(name): \(reason)").exit()
    case .inputOutput(let reason):
      let verb = isInput ? "read" : "write"
      return Failure(code: .inputOutput, message: "cannot \(verb) \(name): \(reason)").exit()
    }
  }
}
