/// A distribution that can be sampled.
public protocol Distribution: Sendable {
  /// The dimension `d` of its points.
  var dimension: Int { get }

  /// Overwrites every point of the `d×n` batch with an independent draw.
  func sample(into points: inout Batch, using random: inout Random)
}

extension Distribution {
  /// `count` independent draws as a `d×n` batch.
  public func sample(count: Int, using random: inout Random) -> Batch {
    var points = Batch(dimension: dimension, count: count)
    sample(into: &points, using: &random)
    return points
  }
}

/// A distribution whose density is known in closed form.
public protocol DensityDistribution: Distribution {
  /// log p(x) in nats for every point of a `d×n` batch.
  func logDensity(_ points: Batch) -> [Double]
}
