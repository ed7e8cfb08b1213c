/// What a path X_t = α X₁ + σ X₀ + γ ε is made of at one time, and how fast each share changes.
///
/// ε ~ N(0, I) is noise of the path's own; most paths have none and γ = 0.
public struct PathCoefficients: Sendable, Hashable {
  /// α, the share of data.
  public var alpha: Double
  /// σ, the share of the source.
  public var sigma: Double
  /// dα/dt.
  public var alphaRate: Double
  /// dσ/dt.
  public var sigmaRate: Double
  /// σσ̇, half the rate of σ², which stays finite where σ̇ does not.
  public var sigmaProduct: Double
  /// γ, the standard deviation of the path's own noise.
  public var noise: Double
  /// dγ/dt.
  public var noiseRate: Double
  /// γγ̇, half the rate of γ², which stays finite where γ̇ does not.
  public var noiseProduct: Double

  /// The coefficients of a path without noise of its own; σσ̇ is the product unless it is given.
  public init(
    alpha: Double, sigma: Double, alphaRate: Double, sigmaRate: Double,
    sigmaProduct: Double? = nil
  ) {
    self.alpha = alpha
    self.sigma = sigma
    self.alphaRate = alphaRate
    self.sigmaRate = sigmaRate
    self.sigmaProduct = sigmaProduct ?? sigma * sigmaRate
    noise = 0
    noiseRate = 0
    noiseProduct = 0
  }

  /// D = α̇σ − σ̇α > 0, what every conversion between predictions divides or multiplies by.
  public var determinant: Double { alphaRate * sigma - sigmaRate * alpha }

  /// ρ = α/σ, the signal-to-noise ratio; ∞ where no noise is left.
  public var signalToNoise: Double { alpha / sigma }
}
