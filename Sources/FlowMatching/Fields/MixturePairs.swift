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

  private let source: GaussianMixture
  private let target: GaussianMixture
  private let scheduler: Scheduler
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

  init(source: GaussianMixture, target: GaussianMixture, scheduler: Scheduler) {
    self.source = source
    self.target = target
    self.scheduler = scheduler
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
    if case .shared(let time) = t { prepare(quantity, at: time) }
    let n = x.count
    for j in 0..<n {
      if case .each(let times) = t { prepare(quantity, at: times[j]) }
      for i in 0..<dimension { point[i] = x.values[i * n + j] }
      let largest = computeExponents()
      _ = isIsotropic ? averageIsotropic(largest) : averageGeneral(largest)
      for i in 0..<dimension { output.values[i * n + j] = result[i] }
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

  /// ∫ p_t|u_t|² dx at time `t` by the trapezoidal rule on a grid over all pairs, 2-D at most.
  ///
  /// The grid ends 8.5 standard deviations beyond every mean and has `resolution` points to the
  /// smallest standard deviation: the rule converges exponentially for such analytic integrands.
  mutating func marginalEnergy(at t: Double, resolution: Double) -> Double {
    precondition(dimension <= 2, "a grid serves one or two dimensions")
    prepare(.velocity, at: t)
    let d = dimension
    var low = [Double](repeating: .infinity, count: d)
    var high = low.map { -$0 }
    var narrowest = Double.infinity
    for pair in 0..<count {
      let (least, most) = extremeVariances(pair)
      narrowest = min(narrowest, least.squareRoot())
      let reach = 8.5 * most.squareRoot()
      for i in 0..<d {
        low[i] = min(low[i], means[pair * d + i] - reach)
        high[i] = max(high[i], means[pair * d + i] + reach)
      }
    }
    let h = narrowest / resolution
    let counts = (0..<d).map { Int(((high[$0] - low[$0]) / h).rounded(.up)) }
    var sum = 0.0
    for row in 0...(d == 2 ? counts[1] : 0) {
      if d == 2 { point[1] = low[1] + h * Double(row) }
      for column in 0...counts[0] {
        point[0] = low[0] + h * Double(column)
        let largest = computeExponents()
        // e⁻⁴⁰ of the density carries nothing.
        if largest < -40 { continue }
        let total = isIsotropic ? averageIsotropic(largest) : averageGeneral(largest)
        var square = 0.0
        for i in 0..<d { square += result[i] * result[i] }
        sum += square * total * exp(largest)
      }
    }
    return sum * (d == 2 ? h * h : h)
  }

  /// The smallest and the largest eigenvalue of C, for d ≤ 2.
  private func extremeVariances(_ pair: Int) -> (Double, Double) {
    if isIsotropic { return (1 / precisions[pair], 1 / precisions[pair]) }
    let l = factors[pair].factor
    if dimension == 1 { return (l[0] * l[0], l[0] * l[0]) }
    let (a, b, c) = (l[0] * l[0], l[0] * l[2], l[2] * l[2] + l[3] * l[3])
    let radius = (0.25 * (a - c) * (a - c) + b * b).squareRoot()
    return (0.5 * (a + c) - radius, 0.5 * (a + c) + radius)
  }

  mutating func prepare(_ quantity: Quantity, at t: Double) {
    let path = scheduler.coefficients(at: t)
    let (alpha, sigma) = (path.alpha, path.sigma)
    // c = c₀μ_i + c₁ν_j and M = M₀A_i + M₁B_j (the score's M is −I, set apart).
    let (c0, c1, m0, m1): (Double, Double, Double, Double) =
      switch quantity {
      case .velocity:
        (path.sigmaRate, path.alphaRate, path.sigmaProduct, alpha * path.alphaRate)
      case .score: (0, 0, 0, 0)
      case .target: (0, 1, 0, alpha)
      case .source: (1, 0, sigma, 0)
      }
    let d = dimension
    let normal = Double(d) * log(2 * .pi)
    var pair = 0
    for i in source.weights.indices {
      for j in target.weights.indices {
        for k in 0..<d {
          let mu = source.flatMeans[i * d + k]
          let nu = target.flatMeans[j * d + k]
          means[pair * d + k] = sigma * mu + alpha * nu
          vectors[pair * d + k] = c0 * mu + c1 * nu
        }
        if isIsotropic {
          let a = source.flatVariances[i]
          let b = target.flatVariances[j]
          let variance = sigma * sigma * a + alpha * alpha * b
          precisions[pair] = 1 / variance
          slopes[pair] = quantity == .score ? -1 : m0 * a + m1 * b
          constants[pair] = logWeights[pair] - 0.5 * (normal + Double(d) * log(variance))
        } else {
          prepareGeneral(pair, i, j, sigma, alpha, m0, m1, isScore: quantity == .score)
          constants[pair] = logWeights[pair] - 0.5 * (normal + factors[pair].logDeterminant)
        }
        pair += 1
      }
    }
  }

  private mutating func prepareGeneral(
    _ pair: Int, _ i: Int, _ j: Int, _ sigma: Double, _ alpha: Double, _ m0: Double,
    _ m1: Double, isScore: Bool
  ) {
    let d = dimension
    let a = source.covariances[i]
    let b = target.covariances[j]
    let start = pair * d * d
    for k in 0..<(d * d) { matrices[start + k] = sigma * sigma * a[k] + alpha * alpha * b[k] }
    let isPositive = factors[pair].refactor(matrices, from: start)
    precondition(isPositive, "a mixture of positive definite matrices is positive definite")
    for k in 0..<(d * d) {
      matrices[start + k] = isScore ? (k % (d + 1) == 0 ? -1 : 0) : m0 * a[k] + m1 * b[k]
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
  private mutating func averageIsotropic(_ largest: Double) -> Double {
    let d = dimension
    var total = 0.0
    for i in 0..<d { result[i] = 0 }
    for pair in 0..<count {
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
  private mutating func averageGeneral(_ largest: Double) -> Double {
    let d = dimension
    var total = 0.0
    for i in 0..<d { result[i] = 0 }
    for pair in 0..<count {
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
