#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The exact marginal field from the uniform distribution on the torus to points.
///
/// X_t given the data point x_i is uniform on the square |wrap(x_i − x)|_∞ ≤ sπ, s = 1 − t: u_t(x) is the
/// mean of wrap(x_i − x)/s over the points within reach. It jumps where a point comes into reach; in
/// between its divergence is −2/s, and p_t does not change.
public struct TorusPointField: GeodesicField {
  /// The points, `2×N`.
  public let points: Batch
  /// Their probabilities, of sum 1.
  public let weights: [Double]

  /// The field to points that are equally likely unless they have weights.
  public init(points: Batch, weights: [Double]? = nil) {
    precondition(points.dimension == 2 && points.count > 0, "the field needs points of the torus")
    let shares = weights ?? [Double](repeating: 1, count: points.count)
    precondition(shares.count == points.count, "a weight for each point")
    let total = shares.reduce(0, +)
    var wrapped = points
    Torus().wrap(&wrapped)
    self.points = wrapped
    self.weights = shares.map { $0 / total }
  }

  public var space: any Space { Torus() }
  public var dimension: Int { 2 }
  public var regularity: Regularity { Regularity(isSmooth: false, space: Torus()) }

  /// The probability of what is in reach of a place, and the mean way to it; where nothing is, the way
  /// to the nearest point.
  private func reach(_ place: SIMD2<Double>, _ s: Double) -> (mass: Double, way: SIMD2<Double>) {
    let (n, x) = (points.count, SIMD2(Torus.wrap(place.x), Torus.wrap(place.y)))
    // A NaN must stay one.
    guard x == x else { return (.nan, x) }
    var (mass, sum) = (0.0, SIMD2<Double>())
    var (least, nearest) = (Double.infinity, SIMD2<Double>())
    for i in 0..<n {
      let way = SIMD2(
        Torus.wrap(points.values[i] - x.x), Torus.wrap(points.values[n + i] - x.y))
      let distance = max(abs(way.x), abs(way.y))
      if distance <= s * .pi {
        mass += weights[i]
        sum += weights[i] * way
      }
      if distance < least { (least, nearest) = (distance, way) }
    }
    return mass > 0 ? (mass, sum / mass) : (0, nearest)
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    for j in 0..<x.count {
      let s = GeodesicTime.remaining(at: t[j])
      let way = reach(SIMD2(x[0, j], x[1, j]), s).way
      (velocity[0, j], velocity[1, j]) = (way.x / s, way.y / s)
    }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    for j in 0..<x.count { divergence[j] = -2 / GeodesicTime.remaining(at: t[j]) }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    let squares = probes.squaredLengths
    for j in 0..<x.count { divergence[j] = -squares[j] / GeodesicTime.remaining(at: t[j]) }
  }

  public mutating func score(_ x: Batch, at t: Times, into score: inout Batch) {
    for k in score.values.indices { score.values[k] = 0 }
  }

  public func edgeDistances(_ x: Batch, at t: Times) -> [Double] {
    let n = points.count
    return (0..<x.count).map { j in
      let reach = GeodesicTime.remaining(at: t[j]) * .pi
      return (0..<2 * n).reduce(.infinity) { least, k in
        let way = Torus.wrap(points.values[k] - x[k / n, j])
        return min(least, abs(abs(way) - reach))
      }
    }
  }

  public mutating func logDensity(_ x: Batch, at t: Times) -> [Double] {
    (0..<x.count).map { j in
      let s = GeodesicTime.remaining(at: t[j])
      return log(reach(SIMD2(x[0, j], x[1, j]), s).mass) - 2 * log(2 * .pi * s)
    }
  }
}

extension Torus: PointFieldSpace {
  public func pointField(to points: Batch, weights: [Double]?) -> any GeodesicField {
    TorusPointField(points: points, weights: weights)
  }
}
