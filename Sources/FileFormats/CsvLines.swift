/// The records of a CSV file (RFC 4180), one line each, their fields as bytes without quotes.
///
/// Lines end with LF or CRLF; a byte-order mark may come first. The first two lines tell what stands
/// between fields. Refused with line and column: lines that hold control characters, quotes that do
/// not close on their line or stand within a field, a blank line that is not the last. A line is at
/// most 64 KiB long.
struct CsvLines {
  /// One line: its number, counted from 1, and its fields.
  struct Record {
    let line: Int
    var fields: [ArraySlice<UInt8>]
    /// Whether the first of them stands in quotes.
    let beginsQuoted: Bool
  }

  static let lineLimit = 1 << 16
  private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]
  private let source: any ByteSource
  private var buffer: ArraySlice<UInt8> = []
  private var isAtEnd = false
  /// The number of the line that was read last.
  private(set) var line = 0
  /// What stands between fields; known with the first record.
  private(set) var separator = CsvSeparator.comma

  init(_ source: any ByteSource) { self.source = source }

  /// The next record; nil at the end.
  mutating func next() throws(FileFailure) -> Record? {
    if line == 0 { try recogniseSeparator() }
    guard var bytes = try nextLine() else { return nil }
    if line == 1 {
      if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
        throw .malformed("it is UTF-16; UTF-8 is read", line: 1, column: 1)
      }
      if bytes.starts(with: CsvLines.mark) { bytes = bytes.dropFirst(3) }
    }
    try check(bytes)
    if isBlank(bytes) {
      let blank = line
      while let more = try nextLine() {
        try check(more)
        if !isBlank(more) { throw .malformed("the line is empty", line: blank, column: 1) }
      }
      return nil
    }
    return Record(
      line: line, fields: try fields(bytes),
      beginsQuoted: bytes.drop(while: separator.pads).first == 0x22)
  }

  private func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.allSatisfy(CsvSeparator.isSpace)
  }

  // MARK: Lines

  /// Looks at the first two lines without taking them.
  private mutating func recogniseSeparator() throws(FileFailure) {
    while !isAtEnd, buffer.count <= 2 * CsvLines.lineLimit,
      buffer.count(where: { $0 == 0x0a }) < 2
    {
      try readPiece()
    }
    var lines = buffer.split(separator: 0x0a, maxSplits: 2, omittingEmptySubsequences: false)
      .prefix(2).map { $0.last == 0x0d ? $0.dropLast() : $0 }
    if let first = lines.first, first.starts(with: CsvLines.mark) { lines[0] = first.dropFirst(3) }
    // What follows the last line's end is no line.
    if lines.count == 2, isBlank(lines[1]) { lines.removeLast() }
    separator = CsvSeparator.recognised(in: lines)
  }

  private mutating func readPiece() throws(FileFailure) {
    let piece = try source.read(pieceSize)
    isAtEnd = piece.isEmpty
    buffer = buffer.isEmpty ? piece[...] : (Array(buffer) + piece)[...]
  }

  private mutating func nextLine() throws(FileFailure) -> ArraySlice<UInt8>? {
    var searched = 0
    while true {
      if let end = buffer[(buffer.startIndex + searched)...].firstIndex(of: 0x0a) {
        defer { buffer = buffer[(end + 1)...] }
        line += 1
        return try ended(buffer[..<end])
      }
      if buffer.count > CsvLines.lineLimit {
        throw .malformed("a line of more than 64 KiB", line: line + 1, column: 1)
      }
      if isAtEnd {
        guard !buffer.isEmpty else { return nil }
        defer { buffer = [] }
        line += 1
        return try ended(buffer)
      }
      searched = buffer.count
      try readPiece()
    }
  }

  /// A line without the carriage return at its end.
  private func ended(_ bytes: ArraySlice<UInt8>) throws(FileFailure) -> ArraySlice<UInt8> {
    guard bytes.count <= CsvLines.lineLimit else {
      throw .malformed("a line of more than 64 KiB", line: line, column: 1)
    }
    return bytes.last == 0x0d ? bytes.dropLast() : bytes
  }

  private func check(_ bytes: ArraySlice<UInt8>) throws(FileFailure) {
    var column = 1
    var isWithin = false
    for byte in bytes {
      if separator.parts(byte) {
        // A run of blanks parts once, and not before the first field.
        if separator != .blank || isWithin { column += 1 }
        isWithin = false
      } else {
        isWithin = true
      }
      if (byte < 0x20 && byte != 0x09) || byte == 0x7f {
        let what =
          byte == 0x0d
          ? "a carriage return that ends no line" : "a control character (\(byte))"
        throw .malformed(what, line: line, column: column)
      }
    }
  }

  // MARK: Fields

  private func fields(_ bytes: ArraySlice<UInt8>) throws(FileFailure) -> [ArraySlice<UInt8>] {
    var fields: [ArraySlice<UInt8>] = []
    var rest = bytes
    if separator == .blank {
      while let last = rest.last, CsvSeparator.isSpace(last) { rest = rest.dropLast() }
    }
    while true {
      let column = fields.count + 1
      rest = rest.drop(while: separator.pads)
      if rest.first == 0x22 {
        fields.append(try quoted(&rest, column))
      } else {
        let end = rest.firstIndex(where: separator.parts) ?? rest.endIndex
        var field = rest[..<end]
        while let last = field.last, separator.pads(last) { field = field.dropLast() }
        guard !field.contains(0x22) else {
          throw .malformed("a quote stands within a field", line: line, column: column)
        }
        fields.append(field)
        rest = rest[end...]
      }
      if rest.isEmpty { return fields }
      rest = rest.dropFirst()
    }
  }

  /// The text between quotes at the front of `rest`, of which what parts the next field is left.
  private func quoted(
    _ rest: inout ArraySlice<UInt8>, _ column: Int
  ) throws(FileFailure) -> ArraySlice<UInt8> {
    var text: [UInt8] = []
    rest = rest.dropFirst()
    while true {
      guard let quote = rest.firstIndex(of: 0x22) else {
        throw .malformed("a quote is not closed", line: line, column: column)
      }
      text += rest[..<quote]
      rest = rest[(quote + 1)...]
      guard rest.first == 0x22 else { break }
      text.append(0x22)
      rest = rest.dropFirst()
    }
    if separator != .blank { rest = rest.drop(while: separator.pads) }
    if let next = rest.first, !separator.parts(next) {
      throw .malformed("text follows a closing quote", line: line, column: column)
    }
    return text[...]
  }
}
