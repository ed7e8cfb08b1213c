/// The extent of a CSV file: how many rows and columns, and what the columns are called.
public struct CsvColumns: Sendable, Equatable {
  /// The rows, without the header.
  public let rows: Int
  /// The columns of the first line, which all others must have, the names of rows not counted.
  public let columns: Int
  /// The names of the columns; nil where the file has no header.
  public let names: [String]?
  /// Whether rows begin with a name that the header does not count.
  public let hasRowNames: Bool
  /// What stands between fields.
  public let separator: CsvSeparator

  /// Reads the whole file; only the structure is judged, not whether fields are numbers.
  public init(reading source: any ByteSource) throws(FileFailure) {
    var lines = CsvLines(source)
    guard let first = try lines.next() else { throw .malformed("it holds no rows") }
    columns = first.fields.count
    separator = lines.separator
    names =
      CsvHeader.isHeader(first, separator)
      ? first.fields.map { String(decoding: $0, as: UTF8.self) } : nil
    var next = try lines.next()
    hasRowNames = next.map { CsvRowNames.begin($0, below: first, lines.separator) } ?? false
    var rowNames = hasRowNames ? CsvRowNames() : nil
    let width = columns + (hasRowNames ? 1 : 0)
    var count = names == nil ? 1 : 0
    while let record = next {
      guard record.fields.count == width else {
        let others = hasRowNames ? "others have" : "first line has"
        throw .malformed(
          "\(record.fields.count) columns where the \(others) \(width)", line: record.line,
          column: min(record.fields.count, width) + 1)
      }
      try rowNames?.check(record)
      count += 1
      next = try lines.next()
    }
    rows = count
  }
}
