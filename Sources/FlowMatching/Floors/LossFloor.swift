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
  /// The irreducible loss of the way from N(0, I) to a mixture in one or two dimensions, as the
  /// mean over the dimensions, to about 1e-6.
  public static func of(target: GaussianMixture, scheduler: Scheduler = .conditionalOT) -> Double {
    of(target: target, regressing: RegressionTarget(scheduler: scheduler))
  }

  /// The same for any path from N(0, I) and whatever a network predicts, in the units of that.
  static func of(target: GaussianMixture, regressing regression: RegressionTarget) -> Double {
    var count = 12
    var last = VarianceProfile(target: target, nodes: count).floor(of: regression)
    while count < 400 {
      count *= 2
      let next = VarianceProfile(target: target, nodes: count).floor(of: regression)
      let change = abs(next - last)
      last = next
      if change < 1e-6 * max(1, next) { break }
    }
    return last
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
