import FileFormats
import Foundation
import TerminalCanvas

/// Data go to standard output, messages to standard error; both say when they cannot.
enum Output {
  /// One line on standard error.
  static func message(_ text: String) {
    // Where nobody can be told, the exit status still says it; the throwing form does not trap.
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
  }

  /// Text on standard output; a full disk becomes an error, a closed pipe a quiet end.
  static func data(_ text: String) throws {
    do { try POSIXFile.standardOutput.write(Array(text.utf8)) } catch {
      throw Failure.file(error, "-")
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

  /// Writes a file as a whole or not at all, or standard output for `-`.
  static func file(_ path: String, _ text: String) throws {
    if path == "-" { return try data(text) }
    do { try AtomicFile.save(Array(text.utf8), to: path) } catch {
      throw Failure.file(error, path)
    }
  }

  /// Reads a text file, or standard input for `-`.
  static func read(_ path: String) throws -> String {
    do throws(FileFailure) {
      // Not one byte more than tells that it is too long: the file may be endless.
      let bytes = try Input.source(path).readAll(limit: 1 << 20)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .malformed("it is no UTF-8 text")
      }
      return text
    } catch { throw Failure.file(error, path, isInput: true) }
  }
}
