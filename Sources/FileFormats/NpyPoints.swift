/// The points of a npy file: an n×2 array of numbers of any kind (or n×d), in either order of indices.
public struct NpyPoints: PointReader {
  /// What the file says about itself.
  public let header: NpyHeader
  private let source: any ByteSource
  private let limit: CoordinateLimit
  private var row = 0
  /// The columns but the last, which have to be known before that in Fortran's order.
  private var firstColumns: [[Double]] = []

  /// Reads the header; an array of another shape than n×d, d one of `counts`, is refused with its shape,
  /// a number beyond `limit` where it stands.
  public init(
    reading source: any ByteSource, counts: [Int] = [2], limit: CoordinateLimit = .none
  ) throws(FileFailure) {
    header = try NpyPoints.header(source)
    self.source = source
    self.limit = limit
    guard header.shape.count == 2, counts.contains(header.shape[1]) else {
      let wanted = counts.map { "(n, \($0))" }.joined(separator: " or ")
      throw .malformed("its shape is \(NpyHeader.text(header.shape)): points need \(wanted)")
    }
    if header.isFortranOrder { try readFirstColumns() }
  }

  public var dimension: Int { header.shape[1] }

  private static func header(_ source: some ByteSource) throws(FileFailure) -> NpyHeader {
    try NpyHeader(reading: source)
  }

  /// The number of points.
  public var count: Int { header.shape[0] }

  public var note: String? { nil }

  public mutating func next(_ count: Int) throws(FileFailure) -> [Double] {
    let rows = min(count, self.count - row)
    if rows <= 0 {
      if source.length == nil { try source.requireEnd(after: "the array") }
      return []
    }
    var points: [Double]
    if header.isFortranOrder {
      let last = try numbers(rows)
      points = [Double](repeating: 0, count: dimension * rows)
      for j in 0..<rows {
        for i in firstColumns.indices { points[dimension * j + i] = firstColumns[i][row + j] }
        points[dimension * (j + 1) - 1] = last[j]
      }
    } else {
      points = try numbers(dimension * rows)
    }
    for (place, value) in points.enumerated() {
      if let complaint = limit.complaint(about: value) {
        let number = value.isFinite ? ", \(value)," : ""
        throw .malformed(
          "row \(row + place / dimension), column \(place % dimension)\(number) \(complaint)")
      }
    }
    row += rows
    return points
  }

  private mutating func readFirstColumns() throws(FileFailure) {
    for _ in 1..<dimension {
      var column: [Double] = []
      while column.count < count {
        column += try numbers(min(1 << 16, count - column.count))
      }
      firstColumns.append(column)
    }
  }

  private func numbers(_ count: Int) throws(FileFailure) -> [Double] {
    var bytes = try source.readExactly(count * header.size, of: "the array")
    if header.isBigEndian {
      for start in stride(from: 0, to: bytes.count, by: header.size) {
        bytes[start..<start + header.size].reverse()
      }
    }
    let slice = bytes[...]
    switch (header.kind, header.size) {
    case (.float, 2):
      return LittleEndian.integers(slice).map { Double(LittleEndian.float(half: $0)) }
    case (.float, 4): return LittleEndian.integers(slice).map { Double(Float(bitPattern: $0)) }
    case (.float, _): return LittleEndian.integers(slice).map { Double(bitPattern: $0) }
    case (.unsigned, 1): return slice.map { Double($0) }
    case (.unsigned, 2): return LittleEndian.integers(slice).map { (n: UInt16) in Double(n) }
    case (.unsigned, 4): return LittleEndian.integers(slice).map { (n: UInt32) in Double(n) }
    case (.unsigned, _): return LittleEndian.integers(slice).map { (n: UInt64) in Double(n) }
    case (.signed, 1): return slice.map { Double(Int8(bitPattern: $0)) }
    case (.signed, 2):
      return LittleEndian.integers(slice).map { Double(Int16(bitPattern: $0)) }
    case (.signed, 4):
      return LittleEndian.integers(slice).map { Double(Int32(bitPattern: $0)) }
    case (.signed, _):
      return LittleEndian.integers(slice).map { Double(Int64(bitPattern: $0)) }
    }
  }
}

extension NpyHeader {
  /// The bytes of 64-bit floating-point numbers, as `encode` announces them.
  public static func data(_ values: [Double]) -> [UInt8] {
    LittleEndian.bytes(values.map(\.bitPattern))
  }
}
