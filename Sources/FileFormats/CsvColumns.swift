/// The extent of a CSV file: how many rows and columns, and what the columns are called.
public struct CsvColumns: Sendable, Equatable {
  /// The rows, without the header.
  public let rows: Int
  /// The columns of the first line, which all others must have.
  public let columns: Int
  /// The names of the columns; nil where the file has no header.
  public let names: [String]?
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
    var count = names == nil ? 1 : 0
    while let record = try lines.next() {
      guard record.fields.count == columns else {
        throw .malformed(
          "\(record.fields.count) columns where the first line has \(columns)", line: record.line,
          column: min(record.fields.count, columns) + 1)
      }
      count += 1
    }
    rows = count
  }
}
