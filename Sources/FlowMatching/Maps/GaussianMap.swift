/// The exact map of the flow N(0, I) → N(m, diag s²) along conditional OT, in closed form:
/// X_{t,r}(x) = rm + (σ_r/σ_t)(x − tm) with σ_t² = (1 − t)² + t²s², coordinate by coordinate.
public struct GaussianMap: TwoTimeMap {
  /// The mean m, and the deviation s > 0 of each coordinate.
  public let mean, deviation: [Double]

  /// The map to a Gaussian with independent coordinates.
  public init(mean: [Double], deviation: [Double]) {
    precondition(
      !mean.isEmpty && mean.count == deviation.count && deviation.allSatisfy { $0 > 0 },
      "every coordinate needs a mean and a deviation")
    self.mean = mean
    self.deviation = deviation
  }

  /// The map to an isotropic Gaussian, which a mixture of one component is; nil for another.
  public init?(_ mixture: GaussianMixture) {
    guard mixture.weights.count == 1, let s = mixture.deviations?[0], s > 0 else { return nil }
    self.init(
      mean: mixture.means[0], deviation: [Double](repeating: s, count: mixture.dimension))
  }

  public var dimension: Int { mean.count }

  /// σ_t of a coordinate.
  public func deviation(_ coordinate: Int, at t: Double) -> Double {
    let s = deviation[coordinate]
    return ((1 - t) * (1 - t) + t * t * s * s).squareRoot()
  }

  /// ū = m + (x − tm)·((r + t)(1 + s²) − 2)/((σ_r + σ_t)σ_t): nothing cancels where r is near t.
  public func meanVelocity(
    _ x: Batch, from t: Times, to r: Times, into velocity: inout Batch
  ) {
    precondition(x.dimension == dimension && velocity.hasShape(of: x), "the shapes differ")
    for i in 0..<dimension {
      let square = 1 + deviation[i] * deviation[i]
      for j in 0..<x.count {
        let (a, b) = (deviation(i, at: t[j]), deviation(i, at: r[j]))
        velocity[i, j] =
          mean[i] + (x[i, j] - t[j] * mean[i]) * ((r[j] + t[j]) * square - 2) / ((a + b) * a)
      }
    }
  }
}
