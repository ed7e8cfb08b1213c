/// The points of a CSV file: two columns of numbers (or as many as a point has), or some of more by name
/// or number; of a table of R whose rows begin with their names by name alone, or those that there are.
///
/// Fields are separated by commas, semicolons, tabs or blanks; where commas do not, numbers may have
/// decimal commas, all of them or none. The columns that are not chosen are only counted. Whatever is
/// wrong is told with its line and its column, counted from 1.
public struct CsvPoints: PointReader {
  private var lines: CsvLines
  /// Records that were looked at and not yet taken.
  private var pending: ArraySlice<CsvLines.Record>
  private var isEmpty = true
  private let width: Int
  /// What rows begin with that the header does not count; nil where they do not.
  private var rowNames: CsvRowNames?
  private let columns: [Int]
  /// The names of the columns that are read, in the order of a point's numbers; nil without a header.
  public let names: [String]?
  /// The columns' names as the header has them, where they were told in another order by them.
  private var reordered: [String]?
  private let firstLine: Int
  private let limit: CoordinateLimit
  /// The decimal mark of the numbers so far; nil where none had one.
  private var mark: CsvNumber.Mark?

  /// Reads as far as the first numbers. A number beyond `limit` is malformed.
  public init(
    reading source: any ByteSource, columns: PointColumns = PointColumns(),
    limit: CoordinateLimit = .none
  ) throws(FileFailure) {
    lines = CsvLines(source)
    self.limit = limit
    guard let first = try lines.next() else { throw .malformed("it holds no points") }
    if lines.separator == .comma { mark = .point }
    let second = try lines.next()
    let isHeader: Bool
    let found: [Int]
    if let second, CsvRowNames.begin(second, below: first, lines.separator) {
      rowNames = CsvRowNames()
      width = second.fields.count
      found = try CsvRowNames.columns(columns, of: first, lines.separator)
      isHeader = true
    } else {
      width = first.fields.count
      (found, isHeader) = try CsvPoints.columns(columns, first, lines.separator)
    }
    let shift = rowNames == nil ? 0 : 1
    let names =
      isHeader
      ? found.map { String(decoding: first.fields[$0 - shift], as: UTF8.self) } : []
    if let order = columns.told(by: names), order != Array(found.indices),
      order.count == found.count
    {
      self.columns = order.map { found[$0] }
      self.names = order.map { names[$0] }
      reordered = self.names
    } else {
      self.columns = found
      self.names = isHeader ? names : nil
      if isHeader, found != found.sorted(), columns.chosen == nil { reordered = names }
    }
    firstLine = first.line + (isHeader ? 1 : 0)
    pending = [isHeader ? nil : first, second].compactMap(\.self)[...]
    if let record = pending.first, record.fields.count == width {
      for column in self.columns { _ = try number(record, column) }
    }
  }

  public var dimension: Int { columns.count }

  public func line(of index: Int) -> Int? { firstLine + index }

  /// “fields separated by semicolons, decimal commas”, of the numbers so far; nil of the usual commas
  /// and points.
  public var note: String? {
    let parts = [
      separatorNote,
      reordered.map {
        "columns by their names, " + $0.map(FileFailure.printable).joined(separator: ", ")
      },
    ]
    let words = parts.compactMap(\.self).joined(separator: "; ")
    return words.isEmpty ? nil : words
  }

  private var separatorNote: String? {
    guard lines.separator != .comma || rowNames != nil else { return nil }
    return "fields \(lines.separator.words)" + (mark == .comma ? ", decimal commas" : "")
      + (rowNames == nil ? "" : ", rows begin with their names")
  }

  public mutating func next(_ count: Int) throws(FileFailure) -> [Double] {
    var points: [Double] = []
    while points.count < columns.count * count {
      guard let record = try nextRecord() else {
        if isEmpty { throw .malformed("it holds no points") }
        return points
      }
      isEmpty = false
      guard record.fields.count == width else {
        throw .malformed(
          "\(record.fields.count) columns where the \(rowNames == nil ? "first line has" : "others have") \(width)",
          line: record.line,
          column: min(record.fields.count, width) + 1)
      }
      try rowNames?.check(record)
      for column in columns {
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
    if let record = pending.popFirst() { return record }
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

  /// The columns that are read, and whether the first row names them.
  private static func columns(
    _ columns: PointColumns, _ first: CsvLines.Record, _ separator: CsvSeparator
  ) throws(FileFailure) -> (columns: [Int], isHeader: Bool) {
    guard let chosen = columns.chosen else {
      if CsvHeader.isHeader(first, separator), let told = columns.told(by: names(of: first)) {
        return (told, true)
      }
      guard columns.allows(all: first.fields.count) else {
        throw failure(width: first.fields.count, columns, separator, line: first.line)
      }
      let all = Array(first.fields.indices)
      return (
        all, try CsvHeader.isHeader(first, columns: all, separator, needsNames: true)
      )
    }
    let found = try indices(of: chosen, first, separator)
    let indices = found.map(\.index)
    // Who finds a column by its name has read the header.
    if found.contains(where: \.isByName) { return (indices, true) }
    return (
      indices, try CsvHeader.isHeader(first, columns: indices, separator, needsNames: false)
    )
  }

  static func names(of header: CsvLines.Record) -> [String] {
    header.fields.map { String(decoding: $0, as: UTF8.self) }
  }

  static func failure(
    width: Int, _ columns: PointColumns, _ separator: CsvSeparator, line: Int
  ) -> FileFailure {
    guard width > 1 || columns.takesAll else {
      return .malformed(
        "it has 1 column: points need \(columns.words), with a comma, semicolon, tab or blank between",
        line: line,
        column: 1)
    }
    let most = columns.takesAll ? columns.range.upperBound : columns.counts.last ?? 2
    return .malformed(
      "it has \(width) column\(width == 1 ? "" : "s \(separator.words)"): "
        + columns.complaint(about: width), line: line, column: min(width, most) + 1)
  }

  /// The columns that texts choose, and whether by name.
  static func indices(
    of columns: [String], _ first: CsvLines.Record, _ separator: CsvSeparator
  ) throws(FileFailure) -> [(index: Int, isByName: Bool)] {
    var found: [(Int, Bool)] = []
    for column in columns {
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
