/// The exact velocity field between two Gaussian mixtures, the teacher of the network.
///
/// With X_t = σX₀ + αX₁, independent X₀ ~ Σ p_i N(μ_i, A_i) and X₁ ~ Σ q_j N(ν_j, B_j), every pair
/// (i, j) of components contributes N(m, C), m = σμ_i + αν_j, C = σ²A_i + α²B_j, with the
/// responsibility r ∝ p_i q_j N(x; m, C). With y = C⁻¹(x − m):
///
/// - u_t(x) = Σ r[σ̇μ_i + α̇ν_j + (σσ̇A_i + αα̇B_j)y], the velocity;
/// - ∇ log p_t(x) = −Σ r y, the score;
/// - E[X₁|x] = Σ r[ν_j + αB_j y] and E[X₀|x] = Σ r[μ_i + σA_i y].
///
/// All are regular on the whole of [0, 1], ends included.
public struct MarginalField: VelocityField {
  /// What X₀ is drawn from.
  public let source: GaussianMixture
  /// What X₁ is drawn from.
  public let target: GaussianMixture
  /// The schedule of the path.
  public let scheduler: Scheduler
  var pairs: MixturePairs

  /// The field that carries `source` (N(0, I) unless given) to `target`.
  public init(
    source: GaussianMixture? = nil, target: GaussianMixture, scheduler: Scheduler = .conditionalOT
  ) {
    let source = source ?? .standardNormal(dimension: target.dimension)
    precondition(source.dimension == target.dimension, "both ends need the same dimension")
    self.source = source
    self.target = target
    self.scheduler = scheduler
    pairs = MixturePairs(source: source, target: target, scheduler: scheduler)
  }

  public var dimension: Int { target.dimension }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    pairs.average(.velocity, x, at: t, into: &velocity)
  }

  /// Writes the score ∇ log p_t(x) of every point.
  public mutating func score(_ x: Batch, at t: Times, into score: inout Batch) {
    pairs.average(.score, x, at: t, into: &score)
  }

  /// Writes E[X₁ | X_t = x], the target that the path is expected to reach.
  public mutating func expectedTarget(_ x: Batch, at t: Times, into mean: inout Batch) {
    pairs.average(.target, x, at: t, into: &mean)
  }

  /// Writes E[X₀ | X_t = x], the source that the path is expected to have left.
  public mutating func expectedSource(_ x: Batch, at t: Times, into mean: inout Batch) {
    pairs.average(.source, x, at: t, into: &mean)
  }

  /// log p_t(x) in nats for every point.
  public mutating func logDensity(_ x: Batch, at t: Times) -> [Double] {
    pairs.logDensity(x, at: t)
  }
}
