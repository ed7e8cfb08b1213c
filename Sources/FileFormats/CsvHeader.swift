/// Whether the first row of a CSV file names its columns or is the first of its points.
///
/// A header is a row of names, and a name has a letter before its first digit: a row that is neither
/// names nor plain numbers (`1,200`, `−1.5` with a typographic minus, blanks in quotes) may be a point
/// that was spoiled, and is refused rather than dropped.
enum CsvHeader {
  /// What a field of the first row may be.
  enum Kind {
    case number, name, empty, neither
  }

  /// The kind of a field of a file with that separator.
  static func kind(of field: ArraySlice<UInt8>, _ separator: CsvSeparator) -> Kind {
    if field.isEmpty { return .empty }
    if CsvNumber.value(field) != nil { return .number }
    if separator != .comma, CsvNumber.value(field, mark: .comma) != nil { return .number }
    guard let text = String(validating: field, as: UTF8.self) else { return .neither }
    return isName(text) ? .name : .neither
  }

  /// Whether the row is a header, judged by the columns that are read.
  ///
  /// - Parameter needsNames: whether all must be named, and differently.
  static func isHeader(
    _ record: CsvLines.Record, columns: [Int], _ separator: CsvSeparator, needsNames: Bool
  ) throws(FileFailure) -> Bool {
    let kinds = columns.map { kind(of: record.fields[$0], separator) }
    for (column, kind) in zip(columns, kinds) where kind == .neither {
      throw failure(
        FileFailure.shown(record.fields[column])
          + " is neither a plain number, such as -1200.5, nor a name, which begins with a letter",
        record, column)
    }
    guard !kinds.contains(.number) else {
      if isNumberedByPandas(record) {
        throw failure(
          "pandas has numbered the columns and left the first without a name: is this row a header? "
            + "Give names, or save with index=False, header=False", record, 0)
      }
      return false
    }
    if !kinds.contains(.name) || (needsNames && kinds.contains(.empty)) {
      let empty = kinds.firstIndex(of: .empty).map { columns[$0] }
      throw failure("a name is missing", record, empty ?? columns.last ?? 0)
    }
    var seen: Set<ArraySlice<UInt8>> = []
    for column in columns where needsNames && !seen.insert(record.fields[column]).inserted {
      throw failure(
        "the name \(FileFailure.shown(record.fields[column])) occurs twice", record, column)
    }
    return true
  }

  /// Whether the row looks like a header, all its columns considered.
  static func isHeader(_ record: CsvLines.Record, _ separator: CsvSeparator) -> Bool {
    let kinds = record.fields.map { kind(of: $0, separator) }
    return kinds.contains(.name) && kinds.allSatisfy { $0 == .name || $0 == .empty }
  }

  /// A letter before any digit, no marker of a missing value, no amount such as “EUR 3,50”.
  private static func isName(_ text: String) -> Bool {
    if ["na", "n/a", "#n/a", "null", "none", "nil", "missing"].contains(text.lowercased()) {
      return false
    }
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .decimalNumber, .otherNumber: return false
      default: if scalar.properties.isAlphabetic { return !isAmount(text) }
      }
    }
    return false
  }

  /// Up to three letters, a blank perhaps, and a number with a fraction.
  private static func isAmount(_ text: String) -> Bool {
    let letters = text.prefix { $0.isLetter }
    let number = Array(text.dropFirst(letters.count).drop { $0 == " " }.utf8)[...]
    return letters.count <= 3 && (number.contains(0x2e) || number.contains(0x2c))
      && (CsvNumber.value(number) != nil || CsvNumber.value(number, mark: .comma) != nil)
  }

  /// The first field empty and the others 0, 1, 2, …: what `to_csv` writes of an array.
  private static func isNumberedByPandas(_ record: CsvLines.Record) -> Bool {
    record.fields.count > 2 && record.fields[0].isEmpty
      && record.fields.dropFirst().enumerated().allSatisfy { $1.elementsEqual("\($0)".utf8) }
  }

  private static func failure(
    _ reason: String, _ record: CsvLines.Record, _ column: Int
  ) -> FileFailure {
    .malformed(reason, line: record.line, column: column + 1)
  }
}
