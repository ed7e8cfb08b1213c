/// The exact velocity field to uniform boxes with Gaussian noise, such as a checkerboard.
///
/// With X_t = σX₀ + αX₁ + γε, X₀ from isotropic Gaussians N(μ_i, a_i I), X₁ = U + sε′ and U uniform
/// on box j: given i and j, X_t − σμ_i ~ αU + N(0, C), C = σ²a_i + α²s² + γ², so that U given X_t = x
/// is a truncated normal variate on every axis. With y = (x − σμ_i − αU)/C the formulas are those of
/// `MarginalField`, averaged over U too. Without noise, s = γ = 0, the field is singular on the boxes'
/// sides and outside at t = 1: there, from 1 − 1e-6, it has the coefficients of 0.999.
public struct BoxField: PairedField {
  /// What X₀ is drawn from.
  public let source: GaussianMixture
  /// What X₁ is drawn from.
  public let target: Boxes
  /// The schedule of the path.
  public let scheduler: Scheduler
  /// The path.
  public let path: ConditionalPath
  var pairs: BoxPairs

  /// The field that carries `source` (N(0, I) unless given), a mixture of isotropic Gaussians, to the
  /// boxes.
  public init(
    source: GaussianMixture? = nil, target: Boxes, scheduler: Scheduler = .conditionalOT,
    path: ConditionalPath = .affine
  ) {
    let source = source ?? .standardNormal(dimension: target.dimension)
    precondition(source.dimension == target.dimension, "both ends need the same dimension")
    precondition(source.deviations != nil, "the source's components must be isotropic")
    self.source = source
    self.target = target
    self.scheduler = scheduler
    self.path = path
    pairs = BoxPairs(
      source: source, target: target, path: NoisyPath(path: path, scheduler: scheduler))
  }

  public var dimension: Int { target.dimension }
}
