/// How uncertain the velocity is along the way from N(0, I) to a target, which gives the floor of
/// the loss under every scheduler at once.
///
/// V(τ) = E tr Cov(X₁ − X₀ | X_τ) under conditional OT. All affine paths pass the same points X/σ, at
/// the time where α/σ is the same; since the velocity is (σ̇/σ)x + (D/σ)X₁ given x, the floor under
/// another scheduler is ∫₀¹ D V(τ) dτ, D = α̇σ − σ̇α taken where α/σ = τ/(1 − τ).
struct VarianceProfile: Sendable, Hashable {
  /// V at the nodes of Gauss–Legendre quadrature, which `values.count` determines.
  let values: [Double]
  /// The dimension of the target.
  let dimension: Int
  /// V(1): the dimension for a target with a density.
  let end: Double

  /// A profile that was computed beforehand, in two dimensions.
  init(_ values: [Double]) {
    self.values = values
    dimension = 2
    end = 2
  }

  /// The profile of a mixture in one or two dimensions: E|X₁ − X₀|² − E|u_τ|².
  init(target: GaussianMixture, nodes: Int) {
    let source = GaussianMixture.standardNormal(dimension: target.dimension)
    var pairs = MixturePairs(source: source, target: target, path: NoisyPath(path: .affine))
    let conditional = target.meanSquare + source.meanSquare
    values = GaussLegendre(nodes).nodes.map {
      conditional - pairs.marginalEnergy(at: $0, resolution: 2)
    }
    dimension = target.dimension
    end = Double(target.dimension)
  }

  /// The floor under a scheduler, the mean over the dimensions.
  ///
  /// Where σ̇ → −∞ as t → 1, D does so too and the floor grows without bound as the path is followed
  /// closer to t = 1; it is that of the coefficients with their largest σ̇, to 2e-3 of itself.
  func floor(under scheduler: Scheduler) -> Double {
    let rule = GaussLegendre(values.count)
    var sum = end * VarianceProfile.weightedTime(scheduler)
    for (k, value) in values.enumerated() {
      sum += rule.weights[k] * VarianceProfile.weight(scheduler, at: rule.nodes[k]) * (value - end)
    }
    // The nodes' rule begins at τ = 0, a schedule with α(0) > 0 later.
    let start = scheduler.coefficients(at: 0)
    let first = start.alpha / (start.alpha + start.sigma)
    sum -= first * start.determinant * (values[0] - end)
    return sum / Double(dimension)
  }

  /// D where α/σ = ρ = τ/(1 − τ), as α̇σ − σσ̇ρ, which is exact where σ̇ is not.
  private static func weight(_ scheduler: Scheduler, at tau: Double) -> Double {
    let ratio = tau / (1 - tau)
    let c = scheduler.coefficients(at: scheduler.time(inverseSignalToNoise: ratio))
    return c.alphaRate * c.sigma - c.sigmaProduct * ratio
  }

  /// ∫ D dτ = ∫₀¹ (D/(α + σ))² dt.
  private static func weightedTime(_ scheduler: Scheduler) -> Double {
    let rule = GaussLegendre(32)
    func integrand(_ t: Double) -> Double {
      let c = scheduler.coefficients(at: t)
      let ratio = c.determinant / (c.alpha + c.sigma)
      return ratio * ratio
    }
    // Panels that halve towards t = 1 follow a 1/(1 − t) as closely as is needed.
    var (sum, from) = (0.0, 0.0)
    let margin = Scheduler.endMargin
    while 1 - from > margin {
      let length = 1 - from > 2 * margin ? 0.5 * (1 - from) : 1 - from - margin
      sum += length * rule.integrate { integrand(from + length * $0) }
      from += length
    }
    return sum + margin * rule.integrate { integrand(1 - margin * $0) }
  }

  /// The floor from random points: V is the mean of [d + (1 − τ)∇·u_τ(X_τ)]/τ, which is
  /// tr Cov(X₁ − X₀ | X_τ) point by point.
  static func estimate(
    _ field: any ExactField, target: any Distribution, _ scheduler: Scheduler, count: Int,
    seed: UInt64
  ) -> LossFloor.Estimate {
    let d = target.dimension
    var random = Random(seed: seed).stream("loss floor")
    let x0 = StandardNormal(dimension: d).sample(count: count, using: &random)
    let x1 = target.sample(count: count, using: &random)
    // One time in each of `count` equal parts, the ends being where V is known.
    let times = (0..<count).map { (Double($0) + random.uniform()) / Double(count) }
    var sample = PathSample(dimension: d, count: count)
    AffinePath(scheduler: .conditionalOT).sample(
      from: x0, to: x1, at: times, using: &random, into: &sample)
    var field = field
    var divergence = [Double](repeating: 0, count: count)
    field.evaluate(
      sample.x, at: .each(times), into: &sample.velocity, divergence: &divergence)
    // Single points have no uncertainty left at t = 1, nor in the field's last moments.
    let isDiscrete = target is PointCloud
    let end = isDiscrete ? 0 : Double(d)
    let start = scheduler.coefficients(at: 0)
    let values = (0..<count).map { k -> Double in
      let tau = times[k]
      // A schedule with α(0) > 0 begins later.
      if tau / (1 - tau) < start.signalToNoise { return 0 }
      if isDiscrete && tau > 1 - MixturePairs.atomMargin { return 0 }
      let variance = (Double(d) + (1 - tau) * divergence[k]) / tau
      return weight(scheduler, at: tau) * (variance - end) / Double(d)
    }
    // Neighbours in time share what varies with it: their differences show the noise alone.
    let mean = values.reduce(0, +) / Double(count)
    var square = 0.0
    for k in 1..<count { square += (values[k] - values[k - 1]) * (values[k] - values[k - 1]) }
    let variance = 0.5 * square / Double(count - 1)
    return LossFloor.Estimate(
      value: mean + end / Double(d) * weightedTime(scheduler),
      standardError: (variance / Double(count)).squareRoot())
  }
}
