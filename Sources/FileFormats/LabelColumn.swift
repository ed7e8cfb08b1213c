/// The classes of points as a file says them: a column of texts, or an npy array of integers.
///
/// Nothing of a label is interpreted but blanks around it. A first line is a header where there is one
/// record more than points.
public enum LabelColumn {
  /// The longest name of a class, in bytes.
  public static let nameLimit = 64

  /// What the first line of a CSV file says of its columns.
  public struct Extent: Sendable, Equatable {
    /// The columns of the first line.
    public let width: Int
    /// Their names; nil where it is none of names.
    public let names: [String]?
  }

  /// Reads no further than the first line.
  public static func extent(reading source: any ByteSource) throws(FileFailure) -> Extent {
    var lines = CsvLines(source)
    guard let first = try lines.next() else { throw .malformed("it holds no rows") }
    let isHeader = CsvHeader.isHeader(first, lines.separator)
    return Extent(width: first.fields.count, names: isHeader ? CsvPoints.names(of: first) : nil)
  }

  /// The labels of `count` points in a column of a CSV file, by name or number from 1; where nil, the
  /// file has one column.
  public static func read(
    _ column: String?, of source: any ByteSource, count: Int
  ) throws(FileFailure) -> [String] {
    var lines = CsvLines(source)
    guard let first = try lines.next() else { throw .malformed("it holds no labels") }
    let width = first.fields.count
    guard column != nil || width == 1 else {
      throw .malformed(
        "it has \(width) columns: a file of labels has one, a label for each point",
        line: first.line,
        column: 2)
    }
    let place =
      try column.map { name throws(FileFailure) in
        try CsvPoints.indices(of: [name], first, lines.separator)[0]
      } ?? (index: 0, isByName: false)
    var labels: [String] = []
    var record: CsvLines.Record? = first
    while let row = record {
      guard row.fields.count == width else {
        throw .malformed(
          "\(row.fields.count) columns where the first line has \(width)", line: row.line,
          column: min(row.fields.count, width) + 1)
      }
      labels.append(try label(row, place.index))
      // One more is a header; of far more no more is read than shows it.
      if labels.count > count + 1 { throw differ("more than \(count + 1)", count) }
      record = try lines.next()
    }
    if labels.count == count + 1 { return Array(labels.dropFirst()) }
    guard labels.count == count, !place.isByName else {
      throw differ("\(labels.count - (place.isByName ? 1 : 0))", count)
    }
    return labels
  }

  /// The labels of `count` points as an npy array of integers, (n,) or (n, 1).
  public static func integers(
    reading source: any ByteSource, count: Int
  ) throws(FileFailure) -> [String] {
    let header = try NpyHeader(reading: source)
    guard header.kind != .float else {
      throw .malformed("its elements are \(header.descr), labels are integers: save astype(int)")
    }
    guard header.shape.count == 1 || (header.shape.count == 2 && header.shape[1] == 1) else {
      throw .malformed("its shape is \(NpyHeader.text(header.shape)): labels need (n,)")
    }
    guard header.count == count else { throw differ("\(header.count)", count) }
    var bytes = try source.readExactly(count * header.size, of: "the array")
    if header.isBigEndian {
      for start in stride(from: 0, to: bytes.count, by: header.size) {
        bytes[start..<start + header.size].reverse()
      }
    }
    return (0..<count).map { k in
      let item = bytes[k * header.size..<(k + 1) * header.size]
      let value = item.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard header.kind == .signed else { return "\(value)" }
      let shift = 64 - 8 * header.size
      return "\(Int64(bitPattern: value << UInt64(shift)) >> Int64(shift))"
    }
  }

  private static func differ(_ labels: String, _ points: Int) -> FileFailure {
    .malformed("it has \(labels) labels, the points are \(points): every point needs one")
  }

  private static func label(
    _ row: CsvLines.Record, _ column: Int
  ) throws(FileFailure) -> String {
    let field = row.fields[column]
    guard !field.isEmpty else {
      throw .malformed("a label is missing", line: row.line, column: column + 1)
    }
    guard field.count <= nameLimit, let text = String(validating: field, as: UTF8.self),
      FileFailure.printable(text) == text
    else {
      throw .malformed(
        "\(FileFailure.shown(field)) is no label: at most \(nameLimit) bytes of UTF-8 without control "
          + "characters", line: row.line, column: column + 1)
    }
    return text
  }
}
