/// A finite target: distinct points with weights that sum to 1.
public struct WeightedPoints: Sendable, Hashable {
  /// The distinct points, `d×n`, in the order in which they first came.
  public let points: Batch
  /// Their weights, positive, of sum 1.
  public let weights: [Double]

  /// How many of them there are.
  public var count: Int { points.count }
  /// The dimension `d` of the points.
  public var dimension: Int { points.dimension }

  /// Points of equal weight, of which equal ones become one that weighs as much as they did together.
  public init(_ points: Batch) {
    precondition(
      points.count > 0 && points.isFinite, "a finite target needs a point, and finite ones")
    var places: [[Double]: Int] = [:]
    var (kept, counts) = ([[Double]](), [Double]())
    for j in 0..<points.count {
      let point = points.point(j)
      if let place = places[point] {
        counts[place] += 1
      } else {
        places[point] = kept.count
        kept.append(point)
        counts.append(1)
      }
    }
    self.points = Batch(points: kept)
    weights = counts.map { $0 / Double(points.count) }
  }

  /// Points with weights that are not equal; those must be positive and sum to 1.
  public init(_ points: Batch, weights: [Double]) {
    precondition(weights.count == points.count, "every point has a weight")
    precondition(weights.allSatisfy { $0 > 0 }, "weights are positive")
    precondition(abs(weights.reduce(0, +) - 1) < 1e-9, "weights sum to 1")
    self.points = points
    self.weights = weights
  }

  /// A fixed set of at most `limit` points that stands for a distribution: all points of a cloud that has no
  /// more, a draw of so many of a larger one without putting any back, and so many draws of anything else.
  public init(standingFor distribution: any Distribution, limit: Int, random: Random) {
    var random = random
    guard let cloud = distribution as? PointCloud else {
      self.init(distribution.sample(count: limit, using: &random))
      return
    }
    guard cloud.points.count > limit else {
      self.init(cloud.points)
      return
    }
    var rows = Array(0..<cloud.points.count)
    for k in 0..<limit { rows.swapAt(k, k + random.integer(below: rows.count - k)) }
    self.init(Batch(points: rows.prefix(limit).map(cloud.points.point)))
  }
}
