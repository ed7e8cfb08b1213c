#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The pairs of components of two mixtures at a time t, and averages over them given X_t = x.
///
/// Holds the scratch memory of `MarginalField`. What depends on t alone is prepared once for a
/// batch at a shared time; isotropic components need no matrix at all.
struct MixturePairs: Sendable {
  /// What is averaged; each is Σ r(c + My) with its own vector c and matrix M.
  enum Quantity { case velocity, score, target, source }
  /// At t = 1 the field of single points is singular: it has there the coefficients of this long before,
  /// with which a solver's last stage is no wilder than a step of that size.
  static let atomMargin = 1e-3
  /// How close to t = 1 a time counts as that.
  static let endMargin = 1e-6

  /// The time whose coefficients the field has at `t`; `isSingular` where it has none at t = 1.
  static func time(_ t: Double, isSingular: Bool) -> Double {
    isSingular && t > 1 - endMargin ? 1 - atomMargin : t
  }
  /// A pair whose logarithm lies this far below the largest weighs less than a rounding error.
  static let reach = 45.0

  let source: GaussianMixture
  let target: GaussianMixture
  let path: NoisyPath
  /// Whether a pair has no density at t = 1: the target has points.
  let isSingular: Bool
  let dimension: Int
  let count: Int
  let isIsotropic: Bool

  /// log p_i q_j, and for the time that was prepared: its sum with the normal's constant.
  private var logWeights: [Double]
  private var constants: [Double]
  /// m and c, `d` entries a pair.
  var means: [Double]
  var vectors: [Double]
  /// Isotropic pairs: 1/C and M, one number each.
  var precisions: [Double]
  var slopes: [Double]
  /// General pairs: the factor of C, and M, `d×d` a pair.
  var factors: [Cholesky]
  var matrices: [Double]

  var exponents: [Double]
  var offset: [Double]
  var point: [Double]
  var result: [Double]
  /// For the divergence: tr MC⁻¹ of every pair, Σ r y, and the probe.
  var traces: [Double]
  var slopeMean: [Double]
  var probe: [Double]

  init(source: GaussianMixture, target: GaussianMixture, path: NoisyPath) {
    self.source = source
    self.target = target
    self.path = path
    isSingular = target.hasAtoms
    let d = target.dimension
    let pairs = source.weights.count * target.weights.count
    dimension = d
    count = pairs
    isIsotropic = source.deviations != nil && target.deviations != nil
    logWeights = source.weights.flatMap { p in target.weights.map { q in log(p) + log(q) } }
    constants = [Double](repeating: 0, count: pairs)
    means = [Double](repeating: 0, count: pairs * d)
    vectors = means
    precisions = constants
    slopes = constants
    factors = isIsotropic ? [] : source.weights.flatMap { _ in target.factors }
    matrices = [Double](repeating: 0, count: isIsotropic ? 0 : pairs * d * d)
    exponents = constants
    offset = [Double](repeating: 0, count: d)
    point = offset
    result = offset
    traces = constants
    slopeMean = offset
    probe = offset
  }

  /// Writes Σ r(c + My) for every point of `x` into `output`, both `d×n`.
  mutating func average(_ quantity: Quantity, _ x: Batch, at t: Times, into output: inout Batch) {
    precondition(x.dimension == dimension, "the points have another dimension")
    precondition(
      output.dimension == dimension && output.count == x.count, "the output needs the shape of x")
    if isOfPoints { return averageOfPoints(quantity, x, at: t, into: &output) }
    if case .shared(let time) = t {
      prepare(quantity, at: time)
      if dimension == 2, isIsotropic { return averageOfPlane(constants, x, into: &output) }
    }
    let n = x.count
    for j in 0..<n {
      if case .each(let times) = t { prepare(quantity, at: times[j]) }
      for i in 0..<dimension { point[i] = x.values[i * n + j] }
      let largest = computeExponents()
      _ = isIsotropic ? averageIsotropic(largest) : averageGeneral(largest)
      for i in 0..<dimension { output.values[i * n + j] = result[i] }
    }
  }

  /// Writes the probability of every component of the target given X_t = x; a row a component.
  mutating func weights(_ x: Batch, at t: Times, into weights: inout Batch) {
    let targets = target.weights.count
    precondition(x.dimension == dimension, "the points have another dimension")
    precondition(
      weights.dimension == targets && weights.count == x.count, "a row for every component")
    if case .shared(let time) = t { prepare(.score, at: time) }
    let n = x.count
    for j in 0..<n {
      if case .each(let times) = t { prepare(.score, at: times[j]) }
      for i in 0..<dimension { point[i] = x.values[i * n + j] }
      let largest = computeExponents()
      var total = 0.0
      for k in 0..<targets { weights.values[k * n + j] = 0 }
      for pair in 0..<count {
        let weight = exp(exponents[pair] - largest)
        total += weight
        weights.values[(pair % targets) * n + j] += weight
      }
      for k in 0..<targets { weights.values[k * n + j] /= total }
    }
  }

  mutating func logDensity(_ x: Batch, at t: Times) -> [Double] {
    precondition(x.dimension == dimension, "the points have another dimension")
    if case .shared(let time) = t { prepare(.score, at: time) }
    return (0..<x.count).map { j in
      if case .each(let times) = t { prepare(.score, at: times[j]) }
      for i in 0..<dimension { point[i] = x[i, j] }
      _ = computeExponents()
      return logSumExp(exponents)
    }
  }

  mutating func prepare(_ quantity: Quantity, at t: Double) {
    let c = path.coefficients(at: MixturePairs.time(t, isSingular: isSingular))
    prepare(Average(quantity, c), at: c)
  }

  /// Prepares averages at a time at which the path's coefficients are these.
  mutating func prepare(_ q: Average, at c: PathCoefficients) {
    let (alpha, sigma) = (c.alpha, c.sigma)
    let d = dimension
    let normal = Double(d) * log(2 * .pi)
    var (lastVariance, logVariance) = (1.0, 0.0)
    var pair = 0
    for i in source.weights.indices {
      for j in target.weights.indices {
        for k in 0..<d {
          let mu = source.flatMeans[i * d + k]
          let nu = target.flatMeans[j * d + k]
          means[pair * d + k] = sigma * mu + alpha * nu
          vectors[pair * d + k] = q.mu * mu + q.nu * nu
        }
        if isIsotropic {
          let a = source.flatVariances[i]
          let b = target.flatVariances[j]
          let variance = sigma * sigma * a + alpha * alpha * b + c.noise * c.noise
          // Components of one width have one logarithm.
          if variance != lastVariance { (lastVariance, logVariance) = (variance, log(variance)) }
          precisions[pair] = 1 / variance
          slopes[pair] = q.a * a + q.b * b + q.identity
          constants[pair] = logWeights[pair] - 0.5 * (normal + Double(d) * logVariance)
        } else {
          prepareGeneral(pair, source.covariances[i], target.covariances[j], c, q)
          constants[pair] = logWeights[pair] - 0.5 * (normal + factors[pair].logDeterminant)
        }
        pair += 1
      }
    }
  }

  private mutating func prepareGeneral(
    _ pair: Int, _ a: [Double], _ b: [Double], _ c: PathCoefficients, _ q: Average
  ) {
    let d = dimension
    let start = pair * d * d
    for k in 0..<(d * d) {
      let noise = k % (d + 1) == 0 ? c.noise * c.noise : 0
      matrices[start + k] = c.sigma * c.sigma * a[k] + c.alpha * c.alpha * b[k] + noise
    }
    let isPositive = factors[pair].refactor(matrices, from: start)
    precondition(isPositive, "a mixture of positive definite matrices is positive definite")
    for k in 0..<(d * d) {
      matrices[start + k] = q.a * a[k] + q.b * b[k] + (k % (d + 1) == 0 ? q.identity : 0)
    }
  }

  /// Fills `exponents` with log p_i q_j N(x; m, C) and returns the largest.
  mutating func computeExponents() -> Double {
    let d = dimension
    var largest = -Double.infinity
    for pair in 0..<count {
      var square = 0.0
      if isIsotropic {
        for i in 0..<d {
          let difference = point[i] - means[pair * d + i]
          square += difference * difference
        }
        square *= precisions[pair]
      } else {
        for i in 0..<d { offset[i] = point[i] - means[pair * d + i] }
        factors[pair].solveForward(&offset)
        for i in 0..<d { square += offset[i] * offset[i] }
      }
      exponents[pair] = constants[pair] - 0.5 * square
      largest = max(largest, exponents[pair])
    }
    return largest
  }

  /// Fills `result`; returns Σ exp(exponents − largest).
  mutating func averageIsotropic(_ largest: Double) -> Double {
    let d = dimension
    let least = largest - MixturePairs.reach
    var total = 0.0
    for i in 0..<d { result[i] = 0 }
    for pair in 0..<count {
      if exponents[pair] < least { continue }
      let weight = exp(exponents[pair] - largest)
      total += weight
      let slope = slopes[pair] * precisions[pair]
      for i in 0..<d {
        let difference = point[i] - means[pair * d + i]
        result[i] += weight * (vectors[pair * d + i] + slope * difference)
      }
    }
    for i in 0..<d { result[i] /= total }
    return total
  }

  /// Fills `result`; returns Σ exp(exponents − largest).
  mutating func averageGeneral(_ largest: Double) -> Double {
    let d = dimension
    let least = largest - MixturePairs.reach
    var total = 0.0
    for i in 0..<d { result[i] = 0 }
    for pair in 0..<count {
      if exponents[pair] < least { continue }
      let weight = exp(exponents[pair] - largest)
      total += weight
      for i in 0..<d { offset[i] = point[i] - means[pair * d + i] }
      factors[pair].solveForward(&offset)
      factors[pair].solveBackward(&offset)
      for i in 0..<d {
        var sum = vectors[pair * d + i]
        for k in 0..<d { sum += matrices[(pair * d + i) * d + k] * offset[k] }
        result[i] += weight * sum
      }
    }
    for i in 0..<d { result[i] /= total }
    return total
  }
}

/// What is averaged over pairs given X_t = x: g = q.mu·μ + q.nu·ν + (q.a·A + q.b·B + q.identity·I)y.
struct Average: Sendable {
  let mu, nu, a, b, identity: Double

  init(_ quantity: MixturePairs.Quantity, _ c: PathCoefficients) {
    switch quantity {
    case .velocity:
      (mu, nu) = (c.sigmaRate, c.alphaRate)
      (a, b, identity) = (c.sigmaProduct, c.alpha * c.alphaRate, c.noiseProduct)
    case .score: (mu, nu, a, b, identity) = (0, 0, 0, 0, -1)
    case .target: (mu, nu, a, b, identity) = (0, 1, 0, c.alpha, 0)
    case .source: (mu, nu, a, b, identity) = (1, 0, c.sigma, 0, 0)
    }
  }
}
