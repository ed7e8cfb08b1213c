import FileFormats
import Foundation
import TerminalCanvas

/// Data go to standard output, messages to standard error; both say when they cannot.
enum Output {
  /// One line on standard error.
  static func message(_ text: String) { message(TerminalText(text)) }

  /// The same of text that is known to be harmless.
  static func message(_ text: TerminalText) {
    // Where nobody can be told, the exit status still says it; the throwing form does not trap.
    try? FileHandle.standardError.write(contentsOf: Data((text.text + "\n").utf8))
  }

  /// Text on standard output; a full disk becomes an error, a closed pipe a quiet end.
  static func data(_ text: String) throws { try data(TerminalText(text)) }

  /// The same of text with styles.
  static func data(_ text: TerminalText) throws { try bytes(text.text) }

  private static func bytes(_ text: String) throws {
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
  static func json(_ value: some Encodable) throws { try data(jsonText(value) + "\n") }

  /// A value as JSON on one line in which nothing acts on a terminal.
  static func jsonText(_ value: some Encodable) throws -> TerminalText {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return TerminalText.json(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Writes a picture or a recording as a whole or not at all, or to standard output for `-`; what it
  /// holds was drawn cell by cell.
  static func file(_ path: String, _ text: String) throws {
    if path == "-" { return try bytes(text) }
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
