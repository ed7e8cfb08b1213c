#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A mixture of von Mises–Fisher distributions on the sphere, p(x) ∝ Σ w_k exp(κ_k μ_k·x).
///
/// One component has the entropy ln(4π sinh κ/κ) − κA and the mean Aμ, A = coth κ − 1/κ.
public struct VonMisesFisher: DensityDistribution, Hashable {
  /// The probabilities of the components, of sum 1.
  public let weights: [Double]
  /// The mean directions, of length 1.
  public let means: [[Double]]
  /// The concentrations κ > 0.
  public let concentrations: [Double]
  private let cumulative: [Double]
  /// What a draw of each component needs: its direction, two tangents there, and e^(−2κ) − 1.
  private let frames: [Frame]

  private struct Frame: Sendable, Hashable {
    let mean, first, second: SIMD3<Double>
    let concentration, spread: Double
  }

  /// Components around the given directions, whose lengths do not count; equally likely where no
  /// weights are given.
  public init(means: [[Double]], concentrations: [Double], weights: [Double]? = nil) {
    let shares = weights ?? means.map { _ in 1 }
    precondition(
      !means.isEmpty && concentrations.count == means.count && shares.count == means.count,
      "every component has a direction, a concentration and a weight")
    precondition(
      (shares + concentrations).allSatisfy { $0 > 0 && $0.isFinite },
      "weights and concentrations are positive")
    self.means = means.map { mean in
      let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
      precondition(mean.count == 3 && length > 0, "a direction has three coordinates, not all 0")
      return mean.map { $0 / length }
    }
    self.concentrations = concentrations
    let total = shares.reduce(0, +)
    self.weights = shares.map { $0 / total }
    frames = zip(self.means, concentrations).map { mean, concentration in
      let mean = SIMD3(mean[0], mean[1], mean[2])
      let first = Sphere.anyTangent(at: mean)
      return Frame(
        mean: mean, first: first, second: Sphere.cross(mean, first), concentration: concentration,
        spread: expm1(-2 * concentration))
    }
    var sum = 0.0
    cumulative = self.weights.map { weight in
      sum += weight
      return sum
    }
  }

  public var dimension: Int { 3 }

  /// A = coth κ − 1/κ, the length of a component's mean; κ/3 − κ³/45 + 2κ⁵/945 for small κ.
  public static func meanResultant(_ concentration: Double) -> Double {
    let k = concentration
    return k < 0.02 ? k / 3 - k * k * k / 45 : 1 / tanh(k) - 1 / k
  }

  /// The entropy of one component in nats, against area.
  public static func entropy(_ concentration: Double) -> Double {
    logArea(concentration) - concentration * (meanResultant(concentration) - 1)
  }

  /// ln ∫ exp(κ(μ·x − 1)) dA = ln[2π(1 − e^(−2κ))/κ].
  private static func logArea(_ concentration: Double) -> Double {
    log(-2 * .pi * expm1(-2 * concentration) / concentration)
  }

  /// By inversion of z = μ·x: e^(κ(z − 1)) is uniform between e^(−2κ) and 1.
  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == 3, "the batch has another dimension")
    for j in 0..<points.count {
      let u = random.uniform()
      let frame = frames[cumulative.firstIndex { u < $0 } ?? frames.count - 1]
      let z = max(-1, 1 + log1p(random.uniform() * frame.spread) / frame.concentration)
      let angle = 2 * Double.pi * random.uniform()
      let radius = ((1 - z) * (1 + z)).squareRoot()
      let around = cos(angle) * frame.first + sin(angle) * frame.second
      let point = z * frame.mean + radius * around
      points[vector: j] = point / Sphere.length(point)
    }
  }

  /// log p by area.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == 3, "the batch has another dimension")
    return (0..<points.count).map { j in
      logSumExp(
        weights.indices.map { k in
          let cosine = (0..<3).reduce(0) { $0 + means[k][$1] * points[$1, j] }
          return log(weights[k]) + concentrations[k] * (cosine - 1)
            - VonMisesFisher.logArea(concentrations[k])
        })
    }
  }
}
