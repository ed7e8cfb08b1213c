/// The names of rows as R's `write.table` writes them: before each row, not counted by the header.
///
/// Such a name is a text or stands in quotes; bare numbers count the rows, 1, 2, 3, … Everything else
/// is a number that lacks the name of its column, and a table with too many.
struct CsvRowNames {
  private var row = 0

  /// Whether a table has them: a first row of nothing but different names, and a second with one field
  /// more, the name of the row.
  static func begin(
    _ second: CsvLines.Record, below first: CsvLines.Record, _ separator: CsvSeparator
  ) -> Bool {
    second.fields.count == first.fields.count + 1
      && first.fields.allSatisfy { CsvHeader.kind(of: $0, separator) == .name }
      && Set(first.fields).count == first.fields.count && isName(of: second, row: 1)
  }

  /// Refuses a row whose first field is no name of it.
  mutating func check(_ record: CsvLines.Record) throws(FileFailure) {
    row += 1
    if CsvRowNames.isName(of: record, row: row) { return }
    throw .malformed(
      "\(FileFailure.shown(record.fields[0])) is not the row's name, as the rows before have one: "
        + "a text, in quotes, or \(row)", line: record.line, column: 1)
  }

  /// The places of columns in such rows: those of the header where it names as many as a point has,
  /// else chosen by name, since a number might count the names of the rows or not.
  static func columns(
    _ columns: PointColumns, of header: CsvLines.Record, _ separator: CsvSeparator
  ) throws(FileFailure) -> [Int] {
    guard let chosen = columns.chosen else {
      if let told = columns.told(by: CsvPoints.names(of: header)) { return told.map { $0 + 1 } }
      guard columns.allows(all: header.fields.count) else {
        throw CsvPoints.failure(
          width: header.fields.count, columns, separator, line: header.line)
      }
      return Array(1...header.fields.count)
    }
    let found = try CsvPoints.indices(of: chosen, header, separator)
    guard found.allSatisfy(\.isByName) else {
      throw .malformed(
        "its rows begin with their names, which the header does not count: choose columns by name",
        line: header.line, column: 1)
    }
    return found.map { $0.index + 1 }
  }

  private static func isName(of record: CsvLines.Record, row: Int) -> Bool {
    let field = record.fields[0]
    if record.beginsQuoted || field.elementsEqual("\(row)".utf8) { return true }
    return !field.isEmpty && CsvNumber.value(field) == nil
      && CsvNumber.value(field, mark: .comma) == nil
  }
}
