/// A batch of points: a `d×n` matrix of Doubles, one contiguous row per coordinate.
///
/// Coordinate `i` of point `j` is `values[i * count + j]`, so that a loop over the points of one
/// coordinate runs through memory in order.
public struct Batch: Sendable, Hashable {
  /// The number of coordinates `d` of every point.
  public let dimension: Int
  /// The number of points `n`.
  public let count: Int
  /// The `d·n` coordinates, row after row.
  public var values: [Double]

  /// A batch of `count` points at the origin.
  public init(dimension: Int, count: Int) {
    precondition(dimension > 0 && count >= 0, "a batch needs d ≥ 1 and n ≥ 0")
    self.dimension = dimension
    self.count = count
    values = [Double](repeating: 0, count: dimension * count)
  }

  /// A batch over existing storage of `d·n` values, row after row.
  public init(dimension: Int, values: [Double]) {
    precondition(dimension > 0 && values.count % dimension == 0, "values must fill whole rows")
    self.dimension = dimension
    count = values.count / dimension
    self.values = values
  }

  /// A batch of the given points, each an array of `d` coordinates.
  public init(points: [[Double]]) {
    precondition(!points.isEmpty, "the dimension of no points is unknown")
    self.init(dimension: points[0].count, count: points.count)
    for (j, point) in points.enumerated() {
      precondition(point.count == dimension, "every point needs d coordinates")
      for (i, value) in point.enumerated() { values[i * count + j] = value }
    }
  }

  /// Coordinate `coordinate` of point `point`.
  public subscript(coordinate: Int, point: Int) -> Double {
    get { values[coordinate * count + point] }
    set { values[coordinate * count + point] = newValue }
  }

  /// The coordinates of one point.
  public func point(_ index: Int) -> [Double] {
    (0..<dimension).map { self[$0, index] }
  }

  /// The points of a range as a batch of their own.
  public func points(_ range: Range<Int>) -> Batch {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the batch")
    var part = Batch(dimension: dimension, count: range.count)
    for i in 0..<dimension {
      for (k, j) in range.enumerated() { part.values[i * part.count + k] = self[i, j] }
    }
    return part
  }

  /// The first `length` points, or all of them where there are fewer.
  public func prefix(_ length: Int) -> Batch { points(0..<min(length, count)) }

  /// The batch with one coordinate of every point moved by `shift`.
  func moved(_ coordinate: Int, by shift: Double) -> Batch {
    var moved = self
    for j in 0..<count { moved.values[coordinate * count + j] += shift }
    return moved
  }

  /// x + s·w, point by point.
  func moved(along w: Batch, by s: Double) -> Batch {
    var moved = self
    for k in moved.values.indices { moved.values[k] += s * w.values[k] }
    return moved
  }

  /// Whether the other batch has the same dimension and count.
  public func hasShape(of other: Batch) -> Bool {
    dimension == other.dimension && count == other.count
  }

  /// Whether every coordinate is finite.
  public var isFinite: Bool {
    // x − x is 0 for a finite x, else NaN; a loop without a branch, which becomes one of vectors.
    var bits: UInt64 = 0
    for k in 0..<values.count { bits |= (values[k] - values[k]).bitPattern }
    return bits == 0
  }

  /// How many points have a coordinate that is not finite.
  public var lostCount: Int {
    isFinite ? 0 : (0..<count).count { j in !(0..<dimension).allSatisfy { self[$0, j].isFinite } }
  }
}
