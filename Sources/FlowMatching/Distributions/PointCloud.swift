/// A finite set of points, each as likely as another: data from a file.
public struct PointCloud: Distribution, Hashable {
  /// The points, `d×n`.
  public let points: Batch

  /// The distribution of the given points, of which there must be one.
  public init(_ points: Batch) {
    precondition(points.count > 0, "a distribution of no points cannot be drawn from")
    self.points = points
  }

  public var dimension: Int { points.dimension }

  public func sample(into batch: inout Batch, using random: inout Random) {
    precondition(batch.dimension == dimension, "the batch has another dimension")
    let n = points.count
    for j in 0..<batch.count {
      let k = random.integer(below: n)
      for i in 0..<dimension {
        batch.values[i * batch.count + j] = points.values[i * n + k]
      }
    }
  }
}

extension Dataset {
  /// The points of a file as a target; no density is known.
  public init(name: String, points: Batch) {
    self.init(
      name: name, title: name, summary: "\(points.count) points of \(name)",
      distribution: PointCloud(points), entropyFloor: nil)
  }
}
