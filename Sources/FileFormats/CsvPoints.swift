/// The points of a CSV file: two columns of numbers, or two of more by name or number.
///
/// Fields are separated by commas, semicolons, tabs or blanks; where commas do not, numbers may have
/// decimal commas, all of them or none. The columns that are not chosen are only counted. Whatever is
/// wrong is told with its line and its column, counted from 1.
public struct CsvPoints: PointReader {
  private var lines: CsvLines
  private var pending: CsvLines.Record?
  private var isEmpty = true
  private let width: Int
  private let columns: (Int, Int)
  private let limit: CoordinateLimit
  /// The decimal mark of the numbers so far; nil where none had one.
  private var mark: CsvNumber.Mark?

  /// Reads as far as the first numbers. `columns` chooses two columns, by number from 1 or by name;
  /// without it there must be two. A number beyond `limit` is malformed.
  public init(
    reading source: any ByteSource, columns: (String, String)? = nil, limit: CoordinateLimit = .none
  ) throws(FileFailure) {
    lines = CsvLines(source)
    self.limit = limit
    guard let first = try lines.next() else { throw .malformed("it holds no points") }
    width = first.fields.count
    if lines.separator == .comma { mark = .point }
    let isHeader: Bool
    if let columns {
      let found = try CsvPoints.indices(of: columns, first, lines.separator)
      self.columns = (found[0].index, found[1].index)
      // Who finds a column by its name has read the header.
      if found.contains(where: \.isByName) {
        isHeader = true
      } else {
        isHeader = try CsvHeader.isHeader(
          first, columns: self.columns, lines.separator, needsNames: false)
      }
    } else {
      guard width == 2 else {
        throw CsvPoints.failure(width: width, lines.separator, line: first.line)
      }
      self.columns = (0, 1)
      isHeader = try CsvHeader.isHeader(
        first, columns: self.columns, lines.separator, needsNames: true)
    }
    pending = isHeader ? try lines.next() : first
    if let record = pending, record.fields.count == width {
      for column in [self.columns.0, self.columns.1] { _ = try number(record, column) }
    }
  }

  /// “fields separated by semicolons, decimal commas”, of the numbers so far; nil of the usual commas
  /// and points.
  public var note: String? {
    guard lines.separator != .comma else { return nil }
    return "fields \(lines.separator.words)" + (mark == .comma ? ", decimal commas" : "")
  }

  public mutating func next(_ count: Int) throws(FileFailure) -> [Double] {
    var points: [Double] = []
    while points.count < 2 * count {
      guard let record = try nextRecord() else {
        if isEmpty { throw .malformed("it holds no points") }
        return points
      }
      isEmpty = false
      guard record.fields.count == width else {
        throw .malformed(
          "\(record.fields.count) columns where the first line has \(width)", line: record.line,
          column: min(record.fields.count, width) + 1)
      }
      for column in [columns.0, columns.1] {
        guard let value = try number(record, column) else {
          let field = record.fields[column]
          let what =
            field.isEmpty ? "a number is missing" : FileFailure.shown(field) + " is no number"
          throw .malformed(what, line: record.line, column: column + 1)
        }
        if let complaint = limit.complaint(about: value) {
          throw .malformed(
            FileFailure.shown(record.fields[column]) + " " + complaint, line: record.line,
            column: column + 1)
        }
        points.append(value)
      }
    }
    return points
  }

  private mutating func nextRecord() throws(FileFailure) -> CsvLines.Record? {
    defer { pending = nil }
    if let pending { return pending }
    return try lines.next()
  }

  /// The number in a column; nil where there is none. Throws where it has another decimal mark than
  /// those before.
  private mutating func number(
    _ record: CsvLines.Record, _ column: Int
  ) throws(FileFailure) -> Double? {
    let field = record.fields[column]
    let found: CsvNumber.Mark? =
      field.contains(CsvNumber.Mark.point.rawValue)
      ? .point : field.contains(CsvNumber.Mark.comma.rawValue) ? .comma : nil
    guard let found, lines.separator != .comma else { return CsvNumber.value(field) }
    guard let value = CsvNumber.value(field, mark: found) else { return nil }
    guard mark == nil || mark == found else {
      throw .malformed(
        "\(FileFailure.shown(field)) has a decimal \(found), the numbers before have a decimal "
          + "\(found == .point ? CsvNumber.Mark.comma : .point)", line: record.line,
        column: column + 1)
    }
    mark = found
    return value
  }

  // MARK: Columns

  private static func failure(width: Int, _ separator: CsvSeparator, line: Int) -> FileFailure {
    guard width > 1 else {
      return .malformed(
        "it has 1 column: points need two, with a comma, semicolon, tab or blank between",
        line: line,
        column: 1)
    }
    return .malformed(
      "it has \(width) columns \(separator.words): choose two with --columns", line: line, column: 3
    )
  }

  /// The columns that two texts choose, and whether by name.
  private static func indices(
    of columns: (String, String), _ first: CsvLines.Record, _ separator: CsvSeparator
  ) throws(FileFailure) -> [(index: Int, isByName: Bool)] {
    var found: [(Int, Bool)] = []
    for column in [columns.0, columns.1] {
      if let number = Int(column), (1...first.fields.count).contains(number) {
        found.append((number - 1, false))
        continue
      }
      let named = first.fields.indices.filter { first.fields[$0].elementsEqual(column.utf8) }
      guard let index = named.first else { throw missing(column, first, separator) }
      if named.count > 1 {
        throw .malformed(
          "the name \(FileFailure.shown(first.fields[index])) occurs twice", line: first.line,
          column: named[1] + 1)
      }
      found.append((index, true))
    }
    return found
  }

  private static func missing(
    _ column: String, _ first: CsvLines.Record, _ separator: CsvSeparator
  ) -> FileFailure {
    let names = first.fields.prefix(20).map { String(decoding: $0, as: UTF8.self) }
    let there =
      CsvHeader.isHeader(first, separator)
      ? ": \(names.joined(separator: ", "))" : ", which have no names: choose by number"
    return .malformed(
      "it has no column \(FileFailure.shown(Array(column.utf8))) among its \(first.fields.count) "
        + separator.words + FileFailure.printable(there), line: 1, column: 1)
  }
}
