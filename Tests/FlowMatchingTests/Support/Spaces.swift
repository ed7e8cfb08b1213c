@testable import FlowMatching

extension Space {
  /// Independent uniform points.
  func points(_ count: Int, seed: UInt64) -> Batch {
    var (points, random) = (Batch(dimension: coordinates, count: count), Random(seed: seed))
    sampleUniform(into: &points, using: &random)
    return points
  }

  /// log_x(y), allocated anew.
  func way(_ x: Batch, _ y: Batch) -> Batch {
    var way = x
    self.way(from: x, to: y, into: &way)
    return way
  }

  /// The points and velocities of the geodesics.
  func geodesic(_ x: Batch, _ y: Batch, _ t: Double) -> (x: Batch, velocity: Batch) {
    var (points, velocities) = (x, x)
    geodesic(from: x, to: y, at: .shared(t), into: &points, velocities: &velocities)
    return (points, velocities)
  }

  /// exp_x(hv).
  func moved(_ x: Batch, _ v: Batch, _ h: Double = 1) -> Batch {
    var moved = x
    move(&moved, along: v, by: h)
    return moved
  }

  /// The greatest geodesic distance of the points of two batches.
  func farthest(_ x: Batch, _ y: Batch) -> Double {
    squaredDistances(x, y).reduce(0, max).squareRoot()
  }
}

/// The greatest difference of two batches of one shape.
func difference(_ a: Batch, _ b: Batch) -> Double {
  zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
