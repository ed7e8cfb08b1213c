/// The points of a npy file: an n×2 array of numbers of any kind (or n×d, or some of its columns by
/// number), in either order of indices.
public struct NpyPoints: PointReader {
  /// What the file says about itself.
  public let header: NpyHeader
  private let source: any ByteSource
  private let limit: CoordinateLimit
  private var row = 0
  /// In Fortran's order: the columns of points but the last of them, which have to be known before that.
  private var kept: [Int: [Double]] = [:]
  /// The columns that are a point's numbers, from 0 on.
  private let chosen: [Int]

  /// Reads the header; an array of another shape than n×d, d as `columns` say, is refused with its shape,
  /// a number beyond `limit` where it stands.
  public init(
    reading source: any ByteSource, columns: PointColumns = PointColumns(),
    limit: CoordinateLimit = .none
  ) throws(FileFailure) {
    header = try NpyPoints.header(source)
    self.source = source
    self.limit = limit
    pictureSize = try NpyPoints.pictureSize(columns, header)
    let size = pictureSize
    width = size.map { $0.height * $0.width } ?? (header.shape.count > 1 ? header.shape[1] : 0)
    chosen =
      size == nil ? try NpyPoints.columns(columns, of: header.shape) : Array(0..<width)
    if header.isFortranOrder { try readFirst() }
  }

  /// The size of the pictures of an array n×h×w, where those are wanted; nil for points.
  private static func pictureSize(
    _ columns: PointColumns, _ header: NpyHeader
  ) throws(FileFailure) -> (height: Int, width: Int)? {
    guard columns.mostPixels > 0, header.shape.count == 3, columns.chosen == nil else { return nil }
    let (height, width) = (header.shape[1], header.shape[2])
    let (pixels, overflow) = height.multipliedReportingOverflow(by: width)
    guard !overflow, (1...columns.mostPixels).contains(pixels) else {
      throw .malformed(
        "its shape is \(NpyHeader.text(header.shape)): pictures have at most \(columns.mostPixels) pixels, "
          + "such as 16×16; make them smaller first")
    }
    if header.isFortranOrder {
      throw .malformed(
        "its pictures are in Fortran's order: save them in C's, with numpy.ascontiguousarray")
    }
    return (height, width)
  }

  /// The columns that are read of an array of that shape.
  private static func columns(
    _ columns: PointColumns, of shape: [Int]
  ) throws(FileFailure) -> [Int] {
    func failure(_ wanted: String) -> FileFailure {
      .malformed("its shape is \(NpyHeader.text(shape)): " + wanted)
    }
    let wanted = columns.counts.map { "(n, \($0))" }.joined(separator: " or ")
    guard shape.count == 2, shape[1] > 0 else { throw failure("points need \(wanted)") }
    guard shape[1] <= mostColumns else {
      throw failure("tables of more than \(mostColumns) columns are not read")
    }
    guard let names = columns.chosen else {
      guard columns.allows(all: shape[1]) else {
        if columns.takesAll { throw failure(columns.complaint(about: shape[1])) }
        let more = columns.chosenCounts == nil ? "" : ", or --columns of them, or --columns all"
        throw failure("points need \(wanted)" + more)
      }
      return Array(0..<shape[1])
    }
    return try names.map { name throws(FileFailure) in
      guard let number = Int(name), (1...shape[1]).contains(number) else {
        throw failure(
          "it has no column \(FileFailure.shown(Array(name.utf8))); its columns are chosen by number from "
            + "1 to \(shape[1])")
      }
      return number - 1
    }
  }

  /// The most columns of an array of which some are read.
  private static let mostColumns = 4096

  public var dimension: Int { chosen.count }
  /// The columns of the array, or the pixels of a picture.
  private let width: Int
  /// The rows and columns of a picture, where the array is n×h×w; nil for points.
  public let pictureSize: (height: Int, width: Int)?

  private static func header(_ source: some ByteSource) throws(FileFailure) -> NpyHeader {
    try NpyHeader(reading: source)
  }

  /// The number of points.
  public var count: Int { header.shape[0] }

  public var note: String? { nil }

  public mutating func next(_ count: Int) throws(FileFailure) -> [Double] {
    // Of a wide table few rows at a time.
    let rows = min(count, self.count - row, max(1, (1 << 22) / max(1, width)))
    if rows <= 0 {
      if source.length == nil {
        try skip(columns: header.isFortranOrder ? width - 1 - last : 0)
        try source.requireEnd(after: "the array")
      }
      return []
    }
    var points: [Double]
    if header.isFortranOrder {
      let now = try numbers(rows)
      points = (0..<rows).flatMap { j in chosen.map { kept[$0]?[row + j] ?? now[j] } }
    } else {
      points = try numbers(width * rows)
      if chosen != Array(0..<width) {
        let all = points
        points = (0..<rows).flatMap { j in chosen.map { all[width * j + $0] } }
      }
    }
    for (place, value) in points.enumerated() {
      if let complaint = limit.complaint(about: value) {
        let number = value.isFinite ? ", \(value)," : ""
        throw .malformed(
          "row \(row + place / dimension + 1), column \(chosen[place % dimension] + 1)\(number) \(complaint)"
        )
      }
    }
    row += rows
    return points
  }

  /// The last column in the file that is a number of a point.
  private var last: Int { chosen.max() ?? 0 }

  /// Reads the columns of points before their last, and skips the others.
  private mutating func readFirst() throws(FileFailure) {
    for index in 0..<last {
      guard chosen.contains(index) else {
        try skip(columns: 1)
        continue
      }
      var column: [Double] = []
      while column.count < count {
        column += try numbers(min(1 << 16, count - column.count))
      }
      kept[index] = column
    }
  }

  private func skip(columns: Int) throws(FileFailure) {
    var left = columns * count
    while left > 0 {
      let part = min(1 << 16, left)
      _ = try source.readExactly(part * header.size, of: "the array")
      left -= part
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
