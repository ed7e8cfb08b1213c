#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The distribution of the conditional velocity v_c = α̇X₁ + σ̇X₀ given X_t = x, on the path from N(0, I) to
/// a mixture of isotropic Gaussians: a mixture of Gaussians again.
///
/// Given component j, x₁ is normal with the mean μ + αs²/C·(x − αμ) and the variance s²σ²/C in every
/// direction, C = σ² + α²s², and v_c = (σ̇x + Dx₁)/σ with D = α̇σ − σ̇α. What the target of flow matching
/// scatters by is its covariance.
public struct VelocityPosterior: Sendable {
  /// The target's components.
  public let mixture: GaussianMixture
  /// The schedule of the path.
  public let scheduler: Scheduler

  /// A velocity that may be meant, and how likely it is.
  struct Part {
    var weight: Double
    let mean: [Double]
    /// In every direction.
    let variance: Double
  }

  /// The posterior; nil where a component is not isotropic.
  public init?(_ mixture: GaussianMixture, scheduler: Scheduler = .conditionalOT) {
    guard mixture.deviations != nil else { return nil }
    self.mixture = mixture
    self.scheduler = scheduler
  }

  /// The posterior of a mixture whose components are isotropic.
  init(isotropic mixture: GaussianMixture) {
    precondition(mixture.deviations != nil, "every component is isotropic")
    self.mixture = mixture
    scheduler = .conditionalOT
  }

  /// The same of a distribution that is such a mixture, or equally likely points; nil for another.
  public init?(_ distribution: any Distribution, scheduler: Scheduler = .conditionalOT) {
    if let mixture = distribution as? GaussianMixture {
      self.init(mixture, scheduler: scheduler)
    } else if let cloud = distribution as? PointCloud {
      self.init(GaussianMixture(atoms: cloud.points), scheduler: scheduler)
    } else {
      return nil
    }
  }

  /// J C Jᵀ of a covariance, row-major `d×d`, and the columns of J: what a map makes of the scatter.
  public static func carried(_ covariance: [Double], along columns: [[Double]]) -> [Double] {
    let d = columns.count
    return (0..<d * d).map { k in
      let (a, b) = (k / d, k % d)
      var sum = 0.0
      for i in 0..<d {
        for l in 0..<d { sum += columns[i][a] * covariance[i * d + l] * columns[l][b] }
      }
      return sum
    }
  }

  /// The components of v_c at a point of d coordinates and a time t < 1, of weights with sum 1.
  func parts(at x: [Double], _ t: Double) -> [Part] {
    let c = scheduler.coefficients(at: t)
    let d = Double(mixture.dimension)
    let slope = (c.alphaRate * c.sigma - c.sigmaRate * c.alpha) / c.sigma
    var logs: [Double] = []
    var parts: [Part] = []
    for (k, mean) in mixture.means.enumerated() {
      let s2 = mixture.flatVariances[k]
      let whole = c.sigma * c.sigma + c.alpha * c.alpha * s2
      var square = 0.0
      var velocity = [Double](repeating: 0, count: x.count)
      for i in x.indices {
        let difference = x[i] - c.alpha * mean[i]
        square += difference * difference
        let target = mean[i] + c.alpha * s2 / whole * difference
        velocity[i] = c.sigmaRate / c.sigma * x[i] + slope * target
      }
      logs.append(log(mixture.weights[k]) - 0.5 * (square / whole + d * log(whole)))
      parts.append(
        Part(weight: 0, mean: velocity, variance: slope * slope * s2 * c.sigma * c.sigma / whole))
    }
    let largest = logs.max() ?? 0
    let total = logs.reduce(0) { $0 + exp($1 - largest) }
    for k in parts.indices { parts[k].weight = exp(logs[k] - largest) / total }
    return parts
  }

  /// Velocities that pairs may mean at a point: draws of v_c given X_t = x.
  public func draws(
    _ count: Int, at x: [Double], _ t: Double, using random: inout Random
  ) -> [[Double]] {
    let parts = parts(at: x, t)
    return (0..<count).map { _ in
      var left = random.uniform()
      let part =
        parts.first {
          left -= $0.weight
          return left < 0
        } ?? parts[parts.count - 1]
      let deviation = part.variance.squareRoot()
      return part.mean.map { $0 + deviation * random.normal() }
    }
  }

  /// E[v_c | X_t = x], and Cov(v_c | X_t = x), row-major `d×d`.
  public func moments(at x: [Double], _ t: Double) -> (mean: [Double], covariance: [Double]) {
    VelocityPosterior.moments(parts(at: x, t))
  }

  /// The mean and the covariance of weighted parts.
  static func moments(_ parts: [Part]) -> (mean: [Double], covariance: [Double]) {
    let d = parts[0].mean.count
    var mean = [Double](repeating: 0, count: d)
    for part in parts { for i in 0..<d { mean[i] += part.weight * part.mean[i] } }
    var covariance = [Double](repeating: 0, count: d * d)
    for part in parts {
      for i in 0..<d {
        covariance[i * d + i] += part.weight * part.variance
        for k in 0..<d {
          covariance[i * d + k] +=
            part.weight * (part.mean[i] - mean[i]) * (part.mean[k] - mean[k])
        }
      }
    }
    return (mean, covariance)
  }
}
