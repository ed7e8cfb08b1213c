import FileFormats
import FlowMatching

/// Where the points of a file lie, and by which numbers it says so.
struct PointPlace {
  /// The curved space; nil for the plane.
  var space: (any Space)?
  /// The notation where it is known; of the sphere the number of columns tells it else.
  var notation: PointNotation?
  /// How many coordinates a point of flat space has; nil where the file says it, two unless its columns
  /// are chosen.
  var dimension: Int? = 2

  /// The plane.
  init() {}

  /// A flat space of so many coordinates, or of as many as a file has.
  init(dimension: Int?) { self.dimension = dimension }

  /// A space, with the notation of its points where it is known.
  init(_ space: (any Space)?, _ notation: PointNotation? = nil) {
    self.space = space
    self.notation = notation
  }

  /// A space in which other points have a known notation: that of angles goes on; by which of the others
  /// a file of the sphere says its points, the number of its columns tells.
  init(_ space: (any Space)?, near known: PointNotation?) {
    self.space = space
    if let known, case .angles = known { notation = known }
  }

  /// Which columns are looked for.
  func columns(_ chosen: [String]?) -> PointColumns {
    var columns = PointColumns(chosen)
    if space == nil {
      columns.counts = [dimension ?? 2]
      if dimension == nil { columns.chosenCounts = 1...PointColumns.most }
    }
    guard space is Sphere else { return columns }
    columns.counts = [2, 3]
    columns.known = [["longitude", "lon", "long", "lng"], ["latitude", "lat"]]
    if let notation, chosen == nil {
      columns.counts = [notation.columns.count]
      if notation == .vectors { columns.known = [] }
    }
    return columns
  }

  /// The notation of points of so many numbers.
  func notation(dimension: Int) -> PointNotation? {
    guard let space else { return nil }
    if let notation, notation.columns.count == dimension { return notation }
    return PointNotation.all(of: space).first { $0.columns.count == dimension }
  }
}

/// The points of a file, a few at a time.
struct FilePoints {
  /// Some of them.
  struct Piece {
    /// As the file has them.
    let numbers: Batch
    /// Where they lie.
    let points: Batch
  }

  private var reader: any PointReader
  /// By which numbers the file says where they lie; nil in the plane.
  let notation: PointNotation?
  private var rows = 0

  /// The points that a reader gives.
  init(_ reader: any PointReader, in place: PointPlace) {
    self.reader = reader
    notation = place.notation(dimension: reader.dimension)
  }

  /// How the file was read, where that is worth a word.
  var note: String? { reader.note }

  /// How many numbers a point has.
  var dimension: Int { reader.dimension }

  /// The rows and columns of a picture, where each point is one.
  var pictureSize: (height: Int, width: Int)? { reader.pictureSize }

  /// What the file calls them.
  var names: [String]? { reader.names }

  /// At most so many more points; nil where there are none.
  mutating func next(_ count: Int) throws(FileFailure) -> Piece? {
    let values = try reader.next(count)
    if values.isEmpty { return nil }
    return try piece(values)
  }

  /// All that are left, of which there must be one.
  mutating func all() throws(FileFailure) -> Batch {
    let values = try reader.readAll(limit: Input.limit)
    guard !values.isEmpty else { throw .malformed("it holds no points") }
    return try piece(values).points
  }

  /// At most so many of all that are left, each as likely as any other, and how many there were.
  ///
  /// The first `count` points, of which each later one, the i-th, replaces one with probability count/i
  /// (Vitter, ACM Trans. Math. Softw. 11 (1985), algorithm R); in the file's order where all are taken.
  mutating func some(
    _ count: Int, using random: inout Random
  ) throws(FileFailure) -> (points: Batch, total: Int)? {
    var rows: [Double] = []
    var (dimension, total) = (0, 0)
    while let more = try next(1 << 16)?.points {
      dimension = more.dimension
      for j in 0..<more.count {
        total += 1
        if total <= count {
          for i in 0..<dimension { rows.append(more[i, j]) }
          continue
        }
        let place = random.integer(below: total)
        guard place < count else { continue }
        for i in 0..<dimension { rows[place * dimension + i] = more[i, j] }
      }
    }
    guard total > 0 else { return nil }
    return (Batch(interleaved: rows, dimension: dimension), total)
  }

  private mutating func piece(_ values: [Double]) throws(FileFailure) -> Piece {
    let numbers = Batch(interleaved: values, dimension: reader.dimension)
    defer { rows += numbers.count }
    guard let notation else { return Piece(numbers: numbers, points: numbers) }
    do throws(UnusablePoints) {
      return Piece(numbers: numbers, points: try notation.points(numbers))
    } catch {
      let place = error.row.map { rows + $0 - 1 }
      let line = place.flatMap(reader.line)
      let whose = line == nil ? place.map { "row \($0 + 1) " } ?? "" : ""
      if let line { throw .malformed(error.reason, line: line, column: 1) }
      throw .malformed(whose + error.reason)
    }
  }
}
