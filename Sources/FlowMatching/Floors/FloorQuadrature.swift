#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Nodes for the integral over t of how uncertain the regressed quantity is: Gauss–Legendre in panels
/// of the logarithm of ρ = α/√(σ²v + γ²), the signal-to-noise ratio.
///
/// What two scales of the data do to the uncertainty lies as far apart in log ρ as the scales do, so
/// no time is lost between them and none is passed over. v is the source's smallest
/// variance, 1 for N(0, I). The integrand is analytic in |Im log ρ| < π/4, so panels of length 2
/// with 8 nodes leave some 1e-5 of it.
struct FloorQuadrature: Sendable {
  /// A time with its share of the integral over the times of training.
  struct Node: Sendable, Hashable {
    let t, ratio, weight: Double
  }

  let nodes: [Node]
  private static let panelLength = 2.0
  private static let rule = GaussLegendre(8)
  /// Where a path ends without noise, so near to it times can still be told apart.
  private static let lastGap = 1e-13

  /// Nodes of Gauss and Legendre over all times, for what changes smoothly with t.
  init(times count: Int) {
    let rule = GaussLegendre(count)
    nodes = zip(rule.nodes, rule.weights).map { Node(t: $0, ratio: $0 / (1 - $0), weight: $1) }
  }

  /// The nodes where ρ is between `low` and `high`, for noise of the source of variance `v`.
  init(_ regression: RegressionTarget, v: Double = 1, low: Double, high: Double) {
    let times = regression.times
    func ratio(_ t: Double) -> Double {
      let c = regression.coefficients(at: t)
      return c.alpha / (c.sigma * c.sigma * v + c.noise * c.noise).squareRoot()
    }
    let end = min(times.upperBound, 1 - FloorQuadrature.lastGap)
    let from = max(log(low), log(ratio(times.lowerBound)))
    let to = min(log(high), log(ratio(end)))
    var edges = [from]
    for t in regression.heldTimes.sorted() where times.contains(t) {
      let s = log(ratio(t))
      if s > from && s < to { edges.append(s) }
    }
    edges.append(to)
    var nodes: [Node] = []
    for (a, b) in zip(edges, edges.dropFirst()) where b > a {
      let panels = max(1, ((b - a) / FloorQuadrature.panelLength).rounded(.up))
      let length = (b - a) / panels
      for panel in 0..<Int(panels) {
        for (node, share) in zip(FloorQuadrature.rule.nodes, FloorQuadrature.rule.weights) {
          let rho = exp(a + length * (Double(panel) + node))
          let t = regression.time(ratio: rho, v: v, ratio)
          let c = regression.coefficients(at: t)
          // dt/ds of s = log ρ, with ρ² instead of the variance, which vanishes as t → 1.
          let noise = c.alpha * c.alpha / (rho * rho)
          let rate = c.alphaRate / c.alpha - (c.sigmaProduct * v + c.noiseProduct) / noise
          nodes.append(
            Node(
              t: t, ratio: rho,
              weight: length * share / rate / (times.upperBound - times.lowerBound)))
        }
      }
    }
    self.nodes = nodes
  }
}

extension RegressionTarget {
  /// The times that training draws from.
  var times: ClosedRange<Double> { prediction.clamped(0)...prediction.clamped(1) }

  /// The path's coefficients at `t` as training takes them.
  func coefficients(at t: Double) -> PathCoefficients { path.coefficients(scheduler, at: t) }

  /// Y at `t`; for the score times its weight, σ(−x₀/σ) up to the sign.
  func regressed(_ c: PathCoefficients) -> Regressed {
    switch prediction {
    case .velocity: Regressed(target: c.alphaRate, source: c.sigmaRate, noise: c.noiseRate)
    case .target: Regressed(target: 1, source: 0, noise: 0)
    case .source, .score: Regressed(target: 0, source: 1, noise: 0)
    }
  }

  /// Where the velocities of the path would be infinite, and are held: see `floorCrop`.
  var heldTimes: [Double] {
    guard prediction == .velocity else { return [] }
    let (first, last) = (Scheduler.endMargin, 1 - Scheduler.endMargin)
    if case .schroedingerBridge(let sigma) = path { return sigma > 0 ? [first, last] : [] }
    let isHeld = scheduler == .linearVP || scheduler == .variancePreserving
    return path.takesScheduler && isHeld ? [last] : []
  }

  /// The times to which the floor belongs where it would be infinite over all of [0, 1]: beyond them
  /// the path's velocities keep their value, in training as in the floor. nil where it is finite.
  ///
  /// The floor of the linear and the usual VP schedule grows as log(1/(1 − t)) for data with a
  /// density, that of a Brownian bridge as (σ²/4)log(1/t) for any data.
  func floorCrop(hasDensity: Bool) -> ClosedRange<Double>? {
    let held = heldTimes
    guard let last = held.max() else { return nil }
    if held.count == 2 { return held.min()!...1 }
    return hasDensity ? 0...last : nil
  }

  /// How uncertain Y is given X_t from N(0, I): own + slope²·Var(X₁ | X_t), a coordinate.
  ///
  /// With the noise n = σX₀ + γε of variance τ² = σ² + γ² and Y = pX₁ + qX₀ + rε, x and x₁ determine n
  /// and leave (qγ − rσ)²/τ² of qX₀ + rε, while Y moves with x₁ as p − α(qσ + rγ)/τ².
  func gaussianShares(at t: Double) -> (own: Double, slope: Double) {
    let c = coefficients(at: t)
    let y = regressed(c)
    let variance = c.sigma * c.sigma + c.noise * c.noise
    let left = y.source * c.noise - y.noise * c.sigma
    return (
      left * left / variance,
      y.target - c.alpha * (y.source * c.sigma + y.noise * c.noise) / variance
    )
  }

  /// ∫ own dt, which no network of any data can undercut; 0 for paths without noise of their own.
  var ownFloor: Double {
    guard path.hasNoise else { return 0 }
    let rule = GaussLegendre(16)
    let (first, last) = (times.lowerBound, times.upperBound)
    // Panels that double away from both ends, down to where nothing is left.
    var edges = [0.0, 0.5, 1]
    for k in 2...44 { edges += [exp2(-Double(k)), 1 - exp2(-Double(k))] }
    edges = (edges + heldTimes + [first, last]).filter { $0 >= first && $0 <= last }.sorted()
    var sum = 0.0
    for (a, b) in zip(edges, edges.dropFirst()) where b > a {
      sum += (b - a) * rule.integrate { gaussianShares(at: a + (b - a) * $0).own }
    }
    return sum / (last - first)
  }

  /// The time at which `ratio` is that.
  fileprivate func time(ratio rho: Double, v: Double, _ ratio: (Double) -> Double) -> Double {
    if !path.hasNoise {
      let scaled = rho * v.squareRoot()
      if path == .trigonometric { return Scheduler.cosine.time(inverseSignalToNoise: scaled) }
      if path.takesScheduler { return scheduler.time(inverseSignalToNoise: scaled) }
    }
    // It rises with t; halved in log(t/(1 − t)), which tells times apart near both ends.
    func time(_ u: Double) -> Double { 1 / (1 + exp(-u)) }
    var (low, high) = (-700.0, 36.0)
    for _ in 0..<64 {
      let middle = 0.5 * (low + high)
      if ratio(time(middle)) < rho { low = middle } else { high = middle }
    }
    return time(0.5 * (low + high))
  }
}
