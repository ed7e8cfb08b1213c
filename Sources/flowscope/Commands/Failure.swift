import ArgumentParser
import Foundation
import TerminalCanvas

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
}

/// Data go to standard output, messages to standard error; both say when they cannot.
enum Output {
  /// One line on standard error.
  static func message(_ text: String) {
    // Where nobody can be told, the exit status still says it; the throwing form does not trap.
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
  }

  /// Text on standard output; a full disk or a closed pipe becomes an error.
  static func data(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw Failure(code: .inputOutput, message: "cannot write to standard output").exit()
    }
  }

  /// A name as it may be printed: characters that would act on a terminal are replaced.
  static func visible(_ name: String) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: name.unicodeScalars.compactMap { CellText.shown($0) })
    return CellText.truncated(String(view), to: 200)
  }

  /// One JSON object on standard output, its keys sorted.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    try data(text + "\n")
  }

  /// Writes a file, or standard output for `-`.
  static func file(_ path: String, _ text: String) throws {
    if path == "-" { return try data(text) }
    let shown = visible(path)
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch let error as CocoaError where error.code == .fileWriteOutOfSpace {
      throw Failure(code: .inputOutput, message: "cannot write \(shown): the disk is full").exit()
    } catch let error as CocoaError where error.code == .fileWriteUnknown {
      throw Failure(code: .inputOutput, message: "cannot write \(shown)").exit()
    } catch {
      throw Failure(
        code: .cannotCreate, message: "cannot create \(shown): is the folder there and writable?"
      ).exit()
    }
  }

  /// Reads a text file, or standard input for `-`.
  static func read(_ path: String) throws -> String {
    let shown = visible(path)
    let limit = 1 << 20
    let data: Data
    do {
      let file =
        path == "-" ? .standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      // Not one byte more than tells that it is too long: the file may be endless.
      data = try file.read(upToCount: limit + 1) ?? Data()
    } catch {
      throw Failure(code: .noInput, message: "cannot read \(shown): no such file, or no right to")
        .exit()
    }
    guard data.count <= limit, let text = String(data: data, encoding: .utf8) else {
      throw Failure(code: .badData, message: "\(shown) is not a UTF-8 text of at most 1 MiB").exit()
    }
    return text
  }
}
