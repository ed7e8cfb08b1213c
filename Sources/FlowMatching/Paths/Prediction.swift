/// What the network predicts about X_t = α X₁ + σ X₀; each determines the others, given x and t.
///
/// Checkpoints save it by name. With D = α̇σ − σ̇α (Lipman et al., 2024, table 1):
///
/// - target x̂₁ = E[X₁|x]: u = (σ̇/σ)x + (D/σ)x̂₁;
/// - source x̂₀ = E[X₀|x]: u = (α̇/α)x − (D/α)x̂₀;
/// - score s = ∇ log p_t = −x̂₀/σ, from a Gaussian source only: u = (α̇/α)x + (σD/α)s.
public enum Prediction: String, Codable, CaseIterable, Sendable {
  case velocity, target, source, score

  /// A linear combination of x and of something else.
  public struct Combination: Sendable, Hashable {
    /// What x is multiplied by.
    public let x: Double
    /// What the other is multiplied by.
    public let other: Double
  }

  /// How near to 0 and to 1 a conversion may come: at the ends α or σ vanishes.
  public static let margin = 0.01

  /// The name on the screen.
  public var title: String {
    switch self {
    case .velocity: "velocity"
    case .target: "target"
    case .source: "source (noise)"
    case .score: "score"
    }
  }

  /// What it is, in one line.
  public var summary: String {
    switch self {
    case .velocity: "u_t(x) itself"
    case .target: "E[X₁ | X_t = x], where the path is expected to end"
    case .source: "E[X₀ | X_t = x], where the path is expected to have begun"
    case .score: "∇ log p_t(x); needs a Gaussian source and independent pairs"
    }
  }

  /// The time at which a conversion for `t` is done: t itself between 0.01 and 0.99, else the nearer
  /// of these; a velocity needs no conversion and keeps its t.
  public func clamped(_ t: Double) -> Double {
    self == .velocity ? t : min(max(t, Prediction.margin), 1 - Prediction.margin)
  }

  /// u = x·(x) + other·(prediction). Not finite where α or σ is 0: see `clamped`.
  public func velocityCoefficients(_ c: PathCoefficients) -> Combination {
    let d = c.determinant
    return switch self {
    case .velocity: Combination(x: 0, other: 1)
    case .target: Combination(x: c.sigmaRate / c.sigma, other: d / c.sigma)
    case .source: Combination(x: c.alphaRate / c.alpha, other: -d / c.alpha)
    case .score: Combination(x: c.alphaRate / c.alpha, other: c.sigma * d / c.alpha)
    }
  }

  /// prediction = x·(x) + other·(u). Not finite where D is 0, or for the score σ: see `clamped`.
  public func predictionCoefficients(_ c: PathCoefficients) -> Combination {
    let d = c.determinant
    return switch self {
    case .velocity: Combination(x: 0, other: 1)
    case .target: Combination(x: -c.sigmaRate / d, other: c.sigma / d)
    case .source: Combination(x: c.alphaRate / d, other: -c.alpha / d)
    case .score: Combination(x: -c.alphaRate / (d * c.sigma), other: c.alpha / (d * c.sigma))
    }
  }

  /// By how much an error of the prediction grows in the velocity: |D/σ| for the target, |D/α| for
  /// the source, |σD/α| for the score; ∞ at an end where the conversion breaks down.
  public func amplification(_ c: PathCoefficients) -> Double {
    abs(velocityCoefficients(c).other)
  }
}
