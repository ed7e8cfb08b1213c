/// The exact velocity field between two Gaussian mixtures, the teacher of the network.
///
/// With X_t = σX₀ + αX₁ + γε, independent X₀ ~ Σ p_i N(μ_i, A_i) and X₁ ~ Σ q_j N(ν_j, B_j), every
/// pair (i, j) of components contributes N(m, C), m = σμ_i + αν_j, C = σ²A_i + α²B_j + γ²I, with the
/// responsibility r ∝ p_i q_j N(x; m, C). With y = C⁻¹(x − m):
///
/// - u_t(x) = Σ r[σ̇μ_i + α̇ν_j + (σσ̇A_i + αα̇B_j + γγ̇I)y], the velocity;
/// - ∇ log p_t(x) = −Σ r y, the score;
/// - E[X₁|x] = Σ r[ν_j + αB_j y] and E[X₀|x] = Σ r[μ_i + σA_i y].
///
/// All are regular on the whole of [0, 1], ends included, except for a target of single points,
/// B = 0, whose field is singular at t = 1: there, from 1 − 1e-6, it has the coefficients of 0.999.
public struct MarginalField: ExactField {
  /// What X₀ is drawn from.
  public let source: GaussianMixture
  /// What X₁ is drawn from.
  public let target: GaussianMixture
  /// The schedule of the path.
  public let scheduler: Scheduler
  /// The path.
  public let path: ConditionalPath
  var pairs: MixturePairs

  /// The field that carries `source` (N(0, I) unless given) to `target`.
  public init(
    source: GaussianMixture? = nil, target: GaussianMixture, scheduler: Scheduler = .conditionalOT,
    path: ConditionalPath = .affine
  ) {
    let source = source ?? .standardNormal(dimension: target.dimension)
    precondition(source.dimension == target.dimension, "both ends need the same dimension")
    self.source = source
    self.target = target
    self.scheduler = scheduler
    self.path = path
    pairs = MixturePairs(
      source: source, target: target, path: NoisyPath(path: path, scheduler: scheduler))
  }

  /// The field that carries `source` (N(0, I) unless given) to the points of a `d×N` batch, equally
  /// likely: what perfect learning of a finite data set gives.
  public init(
    source: GaussianMixture? = nil, points: Batch, scheduler: Scheduler = .conditionalOT,
    path: ConditionalPath = .affine
  ) {
    self.init(
      source: source, target: GaussianMixture(atoms: points), scheduler: scheduler, path: path)
  }

  public var dimension: Int { target.dimension }
  public var terms: Int { source.weights.count * target.weights.count }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    pairs.average(.velocity, x, at: t, into: &velocity)
  }

  public mutating func score(_ x: Batch, at t: Times, into score: inout Batch) {
    pairs.average(.score, x, at: t, into: &score)
  }

  public mutating func expectedTarget(_ x: Batch, at t: Times, into mean: inout Batch) {
    pairs.average(.target, x, at: t, into: &mean)
  }

  public mutating func expectedSource(_ x: Batch, at t: Times, into mean: inout Batch) {
    pairs.average(.source, x, at: t, into: &mean)
  }

  public mutating func logDensity(_ x: Batch, at t: Times) -> [Double] {
    pairs.logDensity(x, at: t)
  }

  /// Writes the probability that X₁ belongs to component `k` (is data point `k`), given X_t = x, into
  /// row `k` of a batch of one row a component and one column a point.
  public mutating func posteriorWeights(_ x: Batch, at t: Times, into weights: inout Batch) {
    pairs.weights(x, at: t, into: &weights)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    pairs.velocity(x, at: t, probes: nil, into: &velocity, divergence: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    pairs.velocity(x, at: t, probes: probes, into: &velocity, divergence: &divergence)
  }
}
