#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The mirror interpolant X_t = x₁ + γ_t z of a mixture: data to noisy data and back (Albergo et al., 2023,
/// section 3.3). Its velocity E[İ|x] is nothing, so that b = −γγ̇s.
public struct MirrorInterpolant: ScoreField {
  private let target: GaussianMixture
  private let noise: InterpolantNoise

  /// The interpolant of a mixture with itself.
  public init(_ target: GaussianMixture, _ noise: InterpolantNoise) {
    (self.target, self.noise) = (target, noise)
  }

  public var dimension: Int { target.dimension }
  public var regularity: Regularity { Regularity(isRounded: false, isSmooth: true) }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    var score = x
    evaluate(x, at: t, into: &velocity, score: &score)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch
  ) {
    let n = x.count
    for j in 0..<n {
      let c = noise.path.coefficients(.conditionalOT, at: t[j])
      let s = smoothed(x, j, c.noise * c.noise)
      for i in 0..<x.dimension {
        score.values[i * n + j] = s[i]
        velocity.values[i * n + j] = -c.noiseProduct * s[i]
      }
    }
  }

  /// The score of the mixture with γ² more variance, for components that are the same in all directions.
  private func smoothed(_ x: Batch, _ j: Int, _ variance: Double) -> [Double] {
    guard let deviations = target.deviations else {
      preconditionFailure("a mirror of components that are the same in all directions")
    }
    let d = x.dimension
    var logs: [Double] = []
    for (k, mean) in target.means.enumerated() {
      let v = deviations[k] * deviations[k] + variance
      var square = 0.0
      for i in 0..<d { square += (x[i, j] - mean[i]) * (x[i, j] - mean[i]) }
      logs.append(log(target.weights[k]) - 0.5 * square / v - 0.5 * Double(d) * log(v))
    }
    let total = logSumExp(logs)
    var score = [Double](repeating: 0, count: d)
    for (k, mean) in target.means.enumerated() {
      let v = deviations[k] * deviations[k] + variance
      for i in 0..<d { score[i] -= exp(logs[k] - total) * (x[i, j] - mean[i]) / v }
    }
    return score
  }
}
