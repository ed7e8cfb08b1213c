#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The pairs of a Gaussian component and a box at a time t, and averages over them given X_t = x.
///
/// Holds the scratch memory of `BoxField`. What a side of a box knows of x is computed once and
/// shared by all boxes that have the side.
struct BoxPairs: Sendable {
  private let source: GaussianMixture
  private let target: Boxes
  private let path: NoisyPath
  private let isSingular: Bool
  private let dimension: Int
  private let logSourceWeights: [Double]
  private let logWeights: [Double]
  /// The ends of all sides, axis after axis, and which of them box `j` has along axis `k`, at
  /// `j·d + k`. Flat, because an array of arrays costs a retain at every access.
  private let sideLows: [Double]
  private let sideHighs: [Double]
  private let boxSides: [Int]
  /// Where the sides of axis `k` begin among all.
  private let firstSide: [Int]

  /// For the time that was prepared: its coefficients, C of every Gaussian, and what is averaged.
  private var c: PathCoefficients
  private var variances: [Double]
  private var quantity: Average
  /// For the point: of every pair of a Gaussian and a side, its ends in standard deviations from the
  /// point, ln of its mean density (NaN where not integrated), E[U] and Var[U].
  private var lows: [Double]
  private var highs: [Double]
  private var logs: [Double]
  private var centres: [Double]
  private var spreads: [Double]
  private var exponents: [Double]
  private var point: [Double]
  private var probe: [Double]
  private var result: [Double]
  private var slopeMean: [Double]

  init(source: GaussianMixture, target: Boxes, path: NoisyPath) {
    self.source = source
    self.target = target
    self.path = path
    isSingular = target.noise == 0
    let d = target.dimension
    dimension = d
    logSourceWeights = source.weights.map { log($0) }
    logWeights = target.weights.map { log($0) }
    let first = (0...d).map { k in target.sides[0..<k].reduce(0) { $0 + $1.count } }
    firstSide = first
    sideLows = target.sides.flatMap { $0.map(\.low) }
    sideHighs = target.sides.flatMap { $0.map(\.high) }
    boxSides = target.sideIndex.enumerated().map { first[$0.offset % d] + $0.element }
    c = path.coefficients(at: 0)
    variances = [Double](repeating: 1, count: source.weights.count)
    quantity = Average(.velocity, c)
    logs = [Double](repeating: 0, count: source.weights.count * firstSide[d])
    lows = logs
    highs = logs
    centres = logs
    spreads = logs
    exponents = [Double](repeating: 0, count: source.weights.count * target.weights.count)
    point = [Double](repeating: 0, count: d)
    probe = point
    result = point
    slopeMean = point
  }

  /// Writes the average of a quantity for every point of `x` into `output`, both `d×n`.
  mutating func average(
    _ quantity: MixturePairs.Quantity, _ x: Batch, at t: Times, into output: inout Batch
  ) {
    precondition(x.dimension == dimension, "the points have another dimension")
    precondition(output.hasShape(of: x), "the output needs the shape of x")
    if case .shared(let time) = t { prepare(quantity, at: time) }
    let n = x.count
    for j in 0..<n {
      if case .each(let times) = t { prepare(quantity, at: times[j]) }
      for i in 0..<dimension { point[i] = x.values[i * n + j] }
      _ = average(hasProbe: false)
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

  /// Writes u and tr(∂u/∂x), or εᵀ(∂u/∂x)ε for probes ε, of every point of the `d×n` batch.
  mutating func velocity(
    _ x: Batch, at t: Times, probes: Batch?, into velocity: inout Batch,
    divergence: inout [Double]
  ) {
    precondition(x.dimension == dimension, "the points have another dimension")
    precondition(velocity.hasShape(of: x), "the output needs the shape of x")
    precondition(divergence.count == x.count, "a divergence for each point")
    precondition(probes == nil || probes!.hasShape(of: x), "a probe for each point")
    let n = x.count
    if case .shared(let time) = t { prepare(.velocity, at: time) }
    for j in 0..<n {
      if case .each(let times) = t { prepare(.velocity, at: times[j]) }
      for i in 0..<dimension {
        point[i] = x.values[i * n + j]
        if let probes { probe[i] = probes.values[i * n + j] }
      }
      divergence[j] = average(hasProbe: probes != nil)
      for i in 0..<dimension { velocity.values[i * n + j] = result[i] }
    }
  }

  private mutating func prepare(_ quantity: MixturePairs.Quantity, at t: Double) {
    c = path.coefficients(at: MixturePairs.time(t, isSingular: isSingular))
    self.quantity = Average(quantity, c)
    let fixed = c.alpha * c.alpha * target.noise * target.noise + c.noise * c.noise
    for i in variances.indices {
      variances[i] = c.sigma * c.sigma * source.flatVariances[i] + fixed
    }
  }

  /// Fills `exponents` with log p_i w_j p(x | i, j), −∞ where it cannot matter, and the shares of
  /// the sides that do; returns the largest.
  ///
  /// φ at the nearest and at the farthest point of a side bound its density, so that most boxes of a
  /// long curve are left out before anything is integrated.
  private mutating func computeExponents() -> Double {
    let d = dimension
    let least = boundExponents() - MixturePairs.reach
    var largest = -Double.infinity
    for i in variances.indices {
      let offset =
        logSourceWeights[i] - Double(d) * (0.5 * log(variances[i]) + NormalInterval.logRoot)
      for j in logWeights.indices {
        let index = i * logWeights.count + j
        if exponents[index] < least {
          exponents[index] = -.infinity
          continue
        }
        var sum = offset + logWeights[j]
        for k in 0..<d {
          let place = place(i, j, k)
          if logs[place].isNaN { integrate(place) }
          sum += logs[place]
        }
        exponents[index] = sum
        largest = max(largest, sum)
      }
    }
    return largest
  }

  /// Fills `exponents` with upper bounds; returns a lower bound of the largest. Marks all sides as
  /// not integrated.
  private mutating func boundExponents() -> Double {
    let d = dimension
    var largest = -Double.infinity
    for i in variances.indices {
      let inverse = 1 / variances[i].squareRoot()
      for k in 0..<d {
        let centre = point[k] - c.sigma * source.flatMeans[i * d + k]
        for s in firstSide[k]..<firstSide[k + 1] {
          let place = i * sideLows.count + s
          logs[place] = .nan
          lows[place] = (c.alpha * sideLows[s] - centre) * inverse
          highs[place] = (c.alpha * sideHighs[s] - centre) * inverse
        }
      }
      let offset = logSourceWeights[i] + Double(d) * (log(inverse) - NormalInterval.logRoot)
      for j in logWeights.indices {
        var (near, far) = (0.0, 0.0)
        for k in 0..<d {
          let place = place(i, j, k)
          let (low, high) = (lows[place], highs[place])
          let distance = max(0, max(low, -high))
          let reach = max(-low, high)
          near += distance * distance
          far += reach * reach
        }
        exponents[i * logWeights.count + j] = offset + logWeights[j] - 0.5 * near
        largest = max(largest, offset + logWeights[j] - 0.5 * far)
      }
    }
    return largest
  }

  /// Fills what the side at `place` knows of the point.
  private mutating func integrate(_ place: Int) {
    let interval = NormalInterval(lows[place], highs[place])
    let side = place % sideLows.count
    let length = sideHighs[side] - sideLows[side]
    logs[place] = interval.logMeanDensity + NormalInterval.logRoot
    centres[place] = sideLows[side] + length * interval.fraction
    spreads[place] = length * length * interval.spread
  }

  /// Where the side of box `j` along axis `k` is, for Gaussian `i`.
  private func place(_ i: Int, _ j: Int, _ k: Int) -> Int {
    i * sideLows.count + boxSides[j * dimension + k]
  }

  /// Fills `result` with E[g]; returns Σ ∂E[g_k]/∂x_k, or εᵀ(∂E[g]/∂x)ε for ε in `probe`.
  ///
  /// ∂E[g]/∂x = E[∂g/∂x] − Cov(g, y), and given i and j both g and y are linear in U.
  private mutating func average(hasProbe: Bool) -> Double {
    let d = dimension
    let largest = computeExponents()
    var (total, form) = (0.0, 0.0)
    for k in 0..<d { (result[k], slopeMean[k]) = (0, 0) }
    for i in variances.indices {
      let slope =
        quantity.a * source.flatVariances[i] + quantity.b * target.noise * target.noise
        + quantity.identity
      let precision = 1 / variances[i]
      let shrink = c.alpha * precision
      for j in logWeights.indices {
        let exponent = exponents[i * logWeights.count + j]
        if exponent < largest - MixturePairs.reach { continue }
        let weight = exp(exponent - largest)
        total += weight
        var (direct, along, across) = (0.0, 0.0, 0.0)
        for k in 0..<d {
          let mu = source.flatMeans[i * d + k]
          let place = place(i, j, k)
          let y = (point[k] - c.sigma * mu - c.alpha * centres[place]) * precision
          let g = quantity.mu * mu + quantity.nu * centres[place] + slope * y
          let own = slope * precision + (quantity.nu - slope * shrink) * shrink * spreads[place]
          result[k] += weight * g
          slopeMean[k] += weight * y
          if hasProbe {
            direct += probe[k] * probe[k] * own
            along += probe[k] * g
            across += probe[k] * y
          } else {
            direct += own - g * y
          }
        }
        form += weight * (direct - along * across)
      }
    }
    form /= total
    var (along, across) = (0.0, 0.0)
    for k in 0..<d {
      result[k] /= total
      slopeMean[k] /= total
      if hasProbe {
        along += probe[k] * result[k]
        across += probe[k] * slopeMean[k]
      } else {
        form += result[k] * slopeMean[k]
      }
    }
    return form + along * across
  }
}
