#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A mixture of Gaussians with any covariances, p(x) = Σ w_k N(x; μ_k, Σ_k).
public struct GaussianMixture: DensityDistribution, Hashable {
  public let dimension: Int
  /// The probabilities w_k of the components, normalised to sum 1.
  public let weights: [Double]
  /// The means μ_k, `d` coordinates each.
  public let means: [[Double]]
  /// The covariances Σ_k, row-major `d×d` each, symmetric and positive definite.
  public let covariances: [[Double]]

  /// The factors of the covariances, for sampling and for densities.
  let factors: [Cholesky]
  /// The standard deviation of each component where all are isotropic, Σ_k = s_k²I; else nil.
  let deviations: [Double]?
  /// The means one after the other: an array of arrays costs a retain at every point.
  let flatMeans: [Double]
  /// The variance s_k² of each component where all are isotropic; else empty.
  let flatVariances: [Double]
  /// Whether the components are single points, of covariance 0.
  let hasAtoms: Bool
  /// w_0 + … + w_k, for drawing a component.
  private let cumulative: [Double]
  private let hasEqualWeights: Bool

  /// A mixture; weights need not be normalised. Positive weights, and symmetric positive definite
  /// covariances are required.
  public init(weights: [Double], means: [[Double]], covariances: [[Double]]) {
    precondition(!weights.isEmpty, "a mixture needs a component")
    precondition(
      weights.count == means.count && weights.count == covariances.count,
      "every component needs a weight, a mean and a covariance")
    precondition(weights.allSatisfy { $0 > 0 && $0.isFinite }, "weights must be positive")
    let d = means[0].count
    precondition(d > 0 && means.allSatisfy { $0.count == d }, "all means need the same dimension")
    let total = weights.reduce(0, +)
    dimension = d
    self.weights = weights.map { $0 / total }
    self.means = means
    self.covariances = covariances
    flatMeans = means.flatMap { $0 }
    hasAtoms = false
    factors = covariances.map { covariance in
      for i in 0..<d {
        for j in 0..<i {
          precondition(
            covariance[i * d + j] == covariance[j * d + i], "a covariance is symmetric")
        }
      }
      guard let factor = Cholesky(covariance, dimension: d) else {
        preconditionFailure("a covariance must be positive definite")
      }
      return factor
    }
    let isIsotropic = covariances.allSatisfy { covariance in
      covariance.indices.allSatisfy { k in
        k % (d + 1) == 0 ? covariance[k] == covariance[0] : covariance[k] == 0
      }
    }
    flatVariances = isIsotropic ? covariances.map { $0[0] } : []
    deviations = isIsotropic ? covariances.map { $0[0].squareRoot() } : nil
    var sum = 0.0
    cumulative = self.weights.map { weight in
      sum += weight
      return sum
    }
    hasEqualWeights = weights.allSatisfy { $0 == weights[0] }
  }

  /// A mixture of isotropic Gaussians of one standard deviation, Σ_k = s²I.
  public init(weights: [Double], means: [[Double]], standardDeviation: Double) {
    precondition(!means.isEmpty, "a mixture needs a component")
    let d = means[0].count
    var covariance = [Double](repeating: 0, count: d * d)
    for i in 0..<d { covariance[i * (d + 1)] = standardDeviation * standardDeviation }
    self.init(
      weights: weights, means: means,
      covariances: [[Double]](repeating: covariance, count: means.count))
  }

  /// Equally likely single points: components of covariance 0, which have no density.
  public init(atoms points: Batch) {
    precondition(points.count > 0, "a mixture needs a component")
    let (d, n) = (points.dimension, points.count)
    dimension = d
    weights = [Double](repeating: 1 / Double(n), count: n)
    means = (0..<n).map(points.point)
    covariances = [[Double]](repeating: [Double](repeating: 0, count: d * d), count: n)
    flatMeans = means.flatMap { $0 }
    factors = []
    flatVariances = [Double](repeating: 0, count: n)
    deviations = flatVariances
    hasAtoms = true
    cumulative = []
    hasEqualWeights = true
  }

  /// N(0, I) as a mixture of one component.
  public static func standardNormal(dimension: Int) -> GaussianMixture {
    GaussianMixture(
      weights: [1], means: [[Double](repeating: 0, count: dimension)], standardDeviation: 1)
  }

  /// Eight equally likely isotropic Gaussians, evenly spaced on a circle, the first on the x axis.
  public static func eightGaussians(radius: Double, standardDeviation: Double) -> GaussianMixture {
    let diagonal = radius * 0.5.squareRoot()
    let means = [
      [radius, 0], [diagonal, diagonal], [0, radius], [-diagonal, diagonal],
      [-radius, 0], [-diagonal, -diagonal], [0, -radius], [diagonal, -diagonal],
    ]
    return GaussianMixture(
      weights: [Double](repeating: 1, count: 8), means: means,
      standardDeviation: standardDeviation)
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == dimension, "the batch has another dimension")
    if let deviations {
      sampleIsotropic(deviations, into: &points, using: &random)
      return
    }
    let n = points.count
    let d = dimension
    for j in 0..<n {
      let k = component(using: &random)
      // The d normals go into the point's own place; from the last row up, row i of L needs only
      // the normals 0…i, which have not been overwritten yet.
      for i in 0..<d { points.values[i * n + j] = random.normal() }
      for i in stride(from: d - 1, through: 0, by: -1) {
        var sum = means[k][i]
        for l in 0...i { sum += factors[k].factor[i * d + l] * points.values[l * n + j] }
        points.values[i * n + j] = sum
      }
    }
  }

  private func sampleIsotropic(
    _ deviations: [Double], into points: inout Batch, using random: inout Random
  ) {
    let n = points.count
    let d = dimension
    random.fillNormals(&points.values)
    for j in 0..<n {
      let k = component(using: &random)
      for i in 0..<d {
        points.values[i * n + j] = flatMeans[k * d + i] + deviations[k] * points.values[i * n + j]
      }
    }
  }

  /// log p(x) by log-sum-exp: −∞ only where the quadratic forms overflow.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == dimension, "the batch has another dimension")
    let d = dimension
    let constants = weights.indices.map { k in
      log(weights[k]) - 0.5 * (Double(d) * log(2 * .pi) + factors[k].logDeterminant)
    }
    var terms = [Double](repeating: 0, count: weights.count)
    var offset = [Double](repeating: 0, count: d)
    return (0..<points.count).map { j in
      if !flatVariances.isEmpty {
        for k in terms.indices {
          var square = 0.0
          for i in 0..<d {
            let difference = points.values[i * points.count + j] - flatMeans[k * d + i]
            square += difference * difference
          }
          terms[k] = constants[k] - 0.5 * square / flatVariances[k]
        }
        return logSumExp(terms)
      }
      for k in weights.indices {
        for i in 0..<d { offset[i] = points[i, j] - means[k][i] }
        factors[k].solveForward(&offset)
        var square = 0.0
        for z in offset { square += z * z }
        terms[k] = constants[k] - 0.5 * square
      }
      return logSumExp(terms)
    }
  }

  /// E|X|² = Σ w_k(|μ_k|² + tr Σ_k).
  public var meanSquare: Double {
    var sum = 0.0
    for k in weights.indices {
      var square = 0.0
      for i in 0..<dimension {
        square += means[k][i] * means[k][i] + covariances[k][i * (dimension + 1)]
      }
      sum += weights[k] * square
    }
    return sum
  }

  /// E[X] = Σ w_k μ_k.
  public var mean: [Double] {
    (0..<dimension).map { i in weights.indices.reduce(0) { $0 + weights[$1] * means[$1][i] } }
  }

  private func component(using random: inout Random) -> Int {
    if weights.count == 1 { return 0 }
    if hasEqualWeights { return random.integer(below: weights.count) }
    let u = random.uniform()
    var low = 0
    var high = weights.count - 1
    while low < high {
      let middle = (low + high) / 2
      if u < cumulative[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
