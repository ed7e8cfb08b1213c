/// The kinetic energies of a path with independent ends, integrals over t in [0, 1] of sums over
/// the dimensions.
public struct KineticEnergies: Sendable, Hashable {
  /// ∫E|α̇X₁ + σ̇X₀|² dt, of the pairs' own velocities.
  public let conditional: Double
  /// ∫E|u_t(X_t)|² dt, of the exact marginal field; at most the conditional one.
  public let marginal: Double
}

/// The loss that no network can undercut.
///
/// The conditional flow matching loss of a field v is E|v − u*|² plus the variance of the
/// conditional velocity given X_t: the difference of the conditional and the marginal kinetic
/// energy (Lipman et al., 2023, theorem 2). From N(0, 1) to N(m, s²) under conditional OT it is
/// πs/2 per dimension, whatever m.
public enum LossFloor {
  /// A floor, the mean over the dimensions, with the standard error of its computation.
  public struct Estimate: Sendable, Hashable {
    /// The floor.
    public let value: Double
    /// Its standard error; 0 for a quadrature.
    public let standardError: Double
  }

  /// The irreducible loss of the way from N(0, I) to a mixture in one or two dimensions, as the
  /// mean over the dimensions, to about 1e-6.
  public static func of(target: GaussianMixture, scheduler: Scheduler = .conditionalOT) -> Double {
    var count = 12
    var last = VarianceProfile(target: target, nodes: count).floor(under: scheduler)
    while count < 400 {
      count *= 2
      let next = VarianceProfile(target: target, nodes: count).floor(under: scheduler)
      let change = abs(next - last)
      last = next
      if change < 1e-6 * max(1, next) { break }
    }
    return last
  }

  /// The same for a distribution that is no mixture but has an exact field, from `count` points with
  /// a fixed seed; nil without an exact field.
  ///
  /// Averages the conditional variance of the velocity, not its square, which varies more.
  public static func estimate(
    target: any Distribution, scheduler: Scheduler, count: Int = 4096, seed: UInt64 = 0
  ) -> Estimate? {
    guard count > 1, let exact = target as? any ExactDistribution,
      let field = exact.exactField(source: nil, scheduler: .conditionalOT, path: .affine)
    else { return nil }
    return VarianceProfile.estimate(field, target: target, scheduler, count: count, seed: seed)
  }

  /// The same on any path with independent ends, from the squared errors of its exact field on
  /// `count` random points.
  public static func estimate(
    _ field: any ExactField, source: GaussianMixture?, target: any Distribution,
    path: any ProbabilityPath, count: Int = 4096, seed: UInt64 = 0
  ) -> Estimate {
    estimate(
      field, source: source, target: target, path: path, regressing: RegressionTarget(),
      count: count, seed: seed)
  }

  /// The same in the units of what a network predicts.
  static func estimate(
    _ field: any ExactField, source: GaussianMixture?, target: any Distribution,
    path: any ProbabilityPath, regressing regression: RegressionTarget, count: Int = 4096,
    seed: UInt64 = 0
  ) -> Estimate {
    precondition(count > 1, "an error needs two points at least")
    let noise: any Distribution = source ?? StandardNormal(dimension: target.dimension)
    var pairs = TrainingPairs(
      from: noise, to: target, along: path, regressing: regression, count: count,
      random: Random(seed: seed).stream("loss floor"))
    pairs.draw()
    var field = field
    var velocity = pairs.sample.velocity
    field.evaluate(pairs.sample.x, at: .each(pairs.times), into: &velocity)
    let d = target.dimension
    let losses = (0..<count).map { j in
      let t = pairs.times[j]
      let c = regression.prediction.predictionCoefficients(
        regression.path.coefficients(regression.scheduler, at: t))
      return (0..<d).reduce(0.0) { sum, i in
        let best = c.x * pairs.sample.x[i, j] + c.other * velocity[i, j]
        let error = best - pairs.targets[i, j]
        return sum + regression.weight(at: t) * error * error / Double(d)
      }
    }
    let mean = losses.reduce(0, +) / Double(count)
    let variance =
      losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    return Estimate(value: mean, standardError: (variance / Double(count)).squareRoot())
  }

  /// Both energies; Gauss–Legendre in t, with the number of nodes doubled until nothing changes,
  /// and the trapezoidal rule in x for the marginal one.
  public static func energies(
    source: GaussianMixture? = nil, target: GaussianMixture, scheduler: Scheduler = .conditionalOT
  ) -> KineticEnergies {
    var count = 12
    var last = energies(
      source: source, target: target, scheduler: scheduler, nodes: count, resolution: 2)
    while count < 400 {
      count *= 2
      let next = energies(
        source: source, target: target, scheduler: scheduler, nodes: count, resolution: 2)
      let change = abs(next.marginal - last.marginal) + abs(next.conditional - last.conditional)
      last = next
      if change < 1e-6 * max(1, next.conditional) { break }
    }
    return last
  }

  static func energies(
    source: GaussianMixture?, target: GaussianMixture, scheduler: Scheduler, nodes: Int,
    resolution: Double
  ) -> KineticEnergies {
    let source = source ?? .standardNormal(dimension: target.dimension)
    precondition(source.dimension == target.dimension, "both ends need the same dimension")
    let rule = GaussLegendre(nodes)
    let product = zip(source.mean, target.mean).reduce(0) { $0 + $1.0 * $1.1 }
    let conditional = rule.integrate { t in
      let c = scheduler.coefficients(at: t)
      let (a, s) = (c.alphaRate, c.sigmaRate)
      return a * a * target.meanSquare + s * s * source.meanSquare + 2 * a * s * product
    }
    var pairs = MixturePairs(
      source: source, target: target, path: NoisyPath(path: .affine, scheduler: scheduler))
    let marginal = rule.integrate { pairs.marginalEnergy(at: $0, resolution: resolution) }
    return KineticEnergies(conditional: conditional, marginal: marginal)
  }
}
