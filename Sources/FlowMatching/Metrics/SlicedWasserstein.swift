/// The sliced 2-Wasserstein distance between samples of equal size.
///
/// SW₂² is the mean over directions θ of W₂² between the projections θ·x, which sorting solves
/// (Bonneel et al., J. Math. Imaging Vision 51 (2015), eq. 4). At most W₂/√d in the mean over all
/// directions, and O(n log n) a direction where W₂ itself costs O(n²) and more.
public struct SlicedWasserstein: Sendable, Hashable {
  /// The directions, unit vectors, `d×k`.
  public let directions: Batch

  /// The distance along the given directions, `d×k`, k ≥ 1, which are unit vectors.
  public init(directions: Batch) {
    precondition(directions.count > 0, "a slice needs a direction")
    self.directions = directions
  }

  /// Along `count` directions that are uniform on the sphere; in one dimension along the only one.
  ///
  /// They are drawn from the stream's own "directions", so that a seed fixes them whatever else was
  /// drawn.
  public init(dimension: Int, count: Int = 128, random: Random) {
    var random = random.stream("directions")
    if dimension == 1 {
      self.init(directions: Batch(points: [[1]]))
      return
    }
    var normals = StandardNormal(dimension: dimension).sample(count: count, using: &random)
    for j in 0..<count {
      var square = 0.0
      for i in 0..<dimension { square += normals[i, j] * normals[i, j] }
      for i in 0..<dimension { normals[i, j] /= square.squareRoot() }
    }
    self.init(directions: normals)
  }

  /// SW₂ of two `d×n` samples, the root; 0 for empty ones, NaN where a point is not finite.
  public func distance(_ a: Batch, _ b: Batch) -> Double {
    precondition(a.hasShape(of: b), "SW₂ needs samples of equal shape")
    precondition(a.dimension == directions.dimension, "the directions have another dimension")
    guard a.isFinite, b.isFinite else { return .nan }
    let n = a.count
    if n == 0 { return 0 }
    var (p, q) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    var sum = 0.0
    for direction in 0..<directions.count {
      project(a, on: direction, into: &p)
      project(b, on: direction, into: &q)
      for j in 0..<n { sum += (p[j] - q[j]) * (p[j] - q[j]) }
    }
    return (sum / Double(n * directions.count)).squareRoot()
  }

  /// The sorted projections.
  private func project(_ x: Batch, on direction: Int, into values: inout [Double]) {
    for j in 0..<x.count {
      var sum = 0.0
      for i in 0..<x.dimension { sum += directions[i, direction] * x.values[i * x.count + j] }
      values[j] = sum
    }
    values.sort()
  }
}
