/// The records of a CSV file (RFC 4180), one line each, their fields as bytes without quotes.
///
/// Lines end with LF or CRLF; a byte-order mark may come first. Refused with line and column: lines
/// that hold control characters, quotes that do not close on their line or stand
/// within a field, a blank line that is not the last. A line is at most 64 KiB long.
struct CsvLines {
  /// One line: its number, counted from 1, and its fields.
  struct Record {
    let line: Int
    var fields: [ArraySlice<UInt8>]
  }

  static let lineLimit = 1 << 16
  private let source: any ByteSource
  private var buffer: ArraySlice<UInt8> = []
  private var isAtEnd = false
  /// The number of the line that was read last.
  private(set) var line = 0

  init(_ source: any ByteSource) { self.source = source }

  /// The next record; nil at the end.
  mutating func next() throws(FileFailure) -> Record? {
    guard var bytes = try nextLine() else { return nil }
    if line == 1 {
      if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
        throw .malformed("it is UTF-16; UTF-8 is read", line: 1, column: 1)
      }
      if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
    }
    if isBlank(bytes) {
      let blank = line
      while let more = try nextLine() {
        if !isBlank(more) { throw .malformed("the line is empty", line: blank, column: 1) }
      }
      return nil
    }
    return Record(line: line, fields: try fields(bytes))
  }

  private func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  private mutating func nextLine() throws(FileFailure) -> ArraySlice<UInt8>? {
    var searched = buffer.startIndex
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0a) {
        defer { buffer = buffer[(end + 1)...] }
        line += 1
        return try checked(buffer[..<end])
      }
      if buffer.count > CsvLines.lineLimit {
        throw .malformed("a line of more than 64 KiB", line: line + 1, column: 1)
      }
      if isAtEnd {
        guard !buffer.isEmpty else { return nil }
        defer { buffer = [] }
        line += 1
        return try checked(buffer)
      }
      let piece = try source.read(pieceSize)
      isAtEnd = piece.isEmpty
      let old = buffer.count
      buffer = old == 0 ? piece[...] : (Array(buffer) + piece)[...]
      searched = buffer.startIndex + old
    }
  }

  private func checked(_ bytes: ArraySlice<UInt8>) throws(FileFailure) -> ArraySlice<UInt8> {
    guard bytes.count <= CsvLines.lineLimit else {
      throw .malformed("a line of more than 64 KiB", line: line, column: 1)
    }
    let bytes = bytes.last == 0x0d ? bytes.dropLast() : bytes
    var column = 1
    for byte in bytes {
      if byte == 0x2c { column += 1 }
      if (byte < 0x20 && byte != 0x09) || byte == 0x7f {
        let what =
          byte == 0x0d
          ? "a carriage return that ends no line" : "a control character (\(byte))"
        throw .malformed(what, line: line, column: column)
      }
    }
    return bytes
  }

  private func fields(_ bytes: ArraySlice<UInt8>) throws(FileFailure) -> [ArraySlice<UInt8>] {
    var fields: [ArraySlice<UInt8>] = []
    var rest = bytes
    while true {
      let column = fields.count + 1
      rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
      if rest.first == 0x22 {
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
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
        guard rest.isEmpty || rest.first == 0x2c else {
          throw .malformed("text follows a closing quote", line: line, column: column)
        }
        fields.append(text[...])
      } else {
        let end = rest.firstIndex(of: 0x2c) ?? rest.endIndex
        var field = rest[..<end]
        while field.last == 0x20 || field.last == 0x09 { field = field.dropLast() }
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
}
