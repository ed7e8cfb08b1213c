/// A finite data set: every point equally likely, drawn with replacement.
///
/// It has no density. Its exact field is what a network would learn that learns the data by heart.
public struct PointCloud: Distribution, Hashable {
  /// The `d×N` points.
  public let points: Batch

  /// The distribution of at least one point.
  public init(_ points: Batch) {
    precondition(points.count > 0, "a data set needs a point")
    precondition(points.isFinite, "the points of a data set are finite")
    self.points = points
  }

  public var dimension: Int { points.dimension }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == dimension, "the batch has another dimension")
    for j in 0..<points.count {
      let drawn = random.integer(below: self.points.count)
      for i in 0..<dimension {
        points.values[i * points.count + j] = self.points.values[i * self.points.count + drawn]
      }
    }
  }
}
