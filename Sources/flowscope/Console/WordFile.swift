import FileFormats
import FlowMatching

extension Input {
  /// The most bytes of a list of words.
  private static let wordBytes = 1 << 24

  /// Whether a name is that of a text, whose lines are words.
  static func isText(_ path: String) -> Bool { path.lowercased().hasSuffix(".txt") }

  /// The words of a text, one a line; what is wrong is told by its line.
  static func words(_ path: String) throws(FileFailure) -> WordList {
    let source = PeekedSource(try source(path))
    if let advice = FileKind(try source.peek(FileKind.byteCount))?.adviceForPoints {
      throw .malformed(advice)
    }
    let bytes = try source.readAll(limit: wordBytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed("it is no UTF-8 text", line: firstBadLine(bytes), column: nil)
    }
    do throws(WordListFailure) { return try WordList(text: text) } catch {
      let place = error.place
      throw .malformed(FileFailure.printable(error.reason), line: place.line, column: place.column)
    }
  }

  /// The first line that is no UTF-8.
  private static func firstBadLine(_ bytes: [UInt8]) -> Int? {
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated()
    where String(validating: line, as: UTF8.self) == nil {
      return index + 1
    }
    return nil
  }
}
