/// The points of a CSV file: two columns of numbers, or two of more by name or number.
///
/// A first line without a number names the columns. Whatever is wrong is told with its line and its
/// column, counted from 1.
public struct CsvPoints: PointReader {
  private var lines: CsvLines
  private var pending: CsvLines.Record?
  private var isEmpty = true
  private let width: Int
  private let columns: (Int, Int)
  /// The names of the columns; nil where the file has no header.
  public let names: [String]?

  /// Reads as far as the first numbers. `columns` chooses two of them, by name or by number from 1;
  /// without it there must be two.
  public init(
    reading source: any ByteSource, columns: (String, String)? = nil
  ) throws(FileFailure) {
    lines = CsvLines(source)
    guard let first = try lines.next() else { throw .malformed("it holds no points") }
    width = first.fields.count
    if first.fields.allSatisfy({ CsvPoints.number($0) == nil }) {
      names = try CsvPoints.names(first)
    } else {
      names = nil
      pending = first
    }
    if let columns {
      self.columns = (
        try CsvPoints.index(columns.0, names, width), try CsvPoints.index(columns.1, names, width)
      )
    } else {
      guard width == 2 else {
        let plural = width == 1 ? "1 column" : "\(width) columns"
        let advice = width > 2 ? ": choose two with --columns" : ": points need two"
        throw .malformed("it has \(plural)" + advice, line: first.line, column: min(width, 3))
      }
      self.columns = (0, 1)
    }
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
        let field = record.fields[column]
        guard let value = CsvPoints.number(field) else {
          let what =
            field.isEmpty ? "a number is missing" : FileFailure.shown(field) + " is no number"
          throw .malformed(what, line: record.line, column: column + 1)
        }
        guard value.isFinite else {
          throw .malformed(
            FileFailure.shown(field) + " is not a finite number", line: record.line,
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

  private static func names(_ record: CsvLines.Record) throws(FileFailure) -> [String] {
    var names: [String] = []
    for (column, field) in record.fields.enumerated() {
      guard let name = String(validating: field, as: UTF8.self) else {
        throw .malformed("a name is not UTF-8", line: record.line, column: column + 1)
      }
      if name.isEmpty {
        throw .malformed("a name is missing", line: record.line, column: column + 1)
      }
      guard !names.contains(name) else {
        throw .malformed(
          "the name \(FileFailure.shown(field)) occurs twice", line: record.line,
          column: column + 1)
      }
      names.append(name)
    }
    return names
  }

  private static func index(
    _ column: String, _ names: [String]?, _ width: Int
  ) throws(FileFailure) -> Int {
    if let index = names?.firstIndex(of: column) { return index }
    if let number = Int(column), (1...width).contains(number) { return number - 1 }
    let there = names.map { ": \($0.prefix(20).joined(separator: ", "))" } ?? ""
    throw .malformed(
      "it has no column \(FileFailure.shown(Array(column.utf8))) among its \(width)"
        + FileFailure.printable(there), line: 1, column: 1)
  }

  /// The value of a decimal number: digits with a point and an exponent where they are wanted, or
  /// nan and inf, which are refused later with a message of their own. Nil for anything else.
  static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard bytes.count <= 400 else { return nil }
    var rest = bytes
    if rest.first == 0x2b || rest.first == 0x2d { rest = rest.dropFirst() }
    let word = String(decoding: rest, as: UTF8.self).lowercased()
    if ["nan", "inf", "infinity"].contains(word) { return word == "nan" ? .nan : .infinity }
    var digits = 0
    func skipDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
      let after = rest.drop { (0x30...0x39).contains($0) }
      defer { rest = after }
      return after.startIndex - rest.startIndex
    }
    digits += skipDigits(&rest)
    if rest.first == 0x2e {
      rest = rest.dropFirst()
      digits += skipDigits(&rest)
    }
    guard digits > 0 else { return nil }
    if rest.first == 0x65 || rest.first == 0x45 {
      rest = rest.dropFirst()
      if rest.first == 0x2b || rest.first == 0x2d { rest = rest.dropFirst() }
      guard skipDigits(&rest) > 0 else { return nil }
    }
    return rest.isEmpty ? Double(String(decoding: bytes, as: UTF8.self)) : nil
  }
}
