/// Every prediction as a linear combination of x and of every other one.
///
/// With X_t = α X₁ + σ X₀ and D = α̇σ − σ̇α (Lipman et al., 2024, table 1): the velocity u, the
/// expected data x̂₁ = E[X₁|x], the expected noise x̂₀ = E[X₀|x] and the score s = −x̂₀/σ, this one for a
/// Gaussian source only.
public struct ConversionTable: Sendable, Hashable {
  /// Where the path is.
  public let path: PathCoefficients

  /// The table at one place of a path.
  public init(_ path: PathCoefficients) { self.path = path }

  /// The combination that gives `wanted`: x·(x) + other·(given). Not finite where it divides by a
  /// coefficient that vanishes.
  public func combination(of wanted: Prediction, from given: Prediction) -> Prediction.Combination {
    let (a, s) = (path.alpha, path.sigma)
    return switch (wanted, given) {
    case _ where wanted == given: Prediction.Combination(x: 0, other: 1)
    case (.velocity, _): given.velocityCoefficients(path)
    case (_, .velocity): wanted.predictionCoefficients(path)
    case (.target, .source): Prediction.Combination(x: 1 / a, other: -s / a)
    case (.target, _): Prediction.Combination(x: 1 / a, other: s * s / a)
    case (.source, .target): Prediction.Combination(x: 1 / s, other: -a / s)
    case (.source, _): Prediction.Combination(x: 0, other: -s)
    case (_, .target): Prediction.Combination(x: -1 / (s * s), other: a / (s * s))
    case (_, _): Prediction.Combination(x: 0, other: -1 / s)
    }
  }

  /// The same in letters: “(σ̇/σ)x + (D/σ)x̂₁”; the dots are written after their letter, “σ'”.
  public static func formula(of wanted: Prediction, from given: Prediction) -> String {
    switch (wanted, given) {
    case _ where wanted == given: given.symbol
    case (.velocity, .target): "(σ'/σ) x + (D/σ) data"
    case (.velocity, .source): "(α'/α) x − (D/α) noise"
    case (.velocity, _): "(α'/α) x + (σD/α) score"
    case (.target, .velocity): "−(σ'/D) x + (σ/D) u"
    case (.target, .source): "(1/α) x − (σ/α) noise"
    case (.target, _): "(1/α) x + (σ²/α) score"
    case (.source, .velocity): "(α'/D) x − (α/D) u"
    case (.source, .target): "(1/σ) x − (α/σ) data"
    case (.source, _): "−σ score"
    case (.score, .velocity): "−(α'/Dσ) x + (α/Dσ) u"
    case (.score, .target): "−(1/σ²) x + (α/σ²) data"
    case (.score, _): "−(1/σ) noise"
    }
  }
}

extension Prediction {
  /// How formulas name it: u, data, noise, score.
  public var symbol: String {
    switch self {
    case .velocity: "u"
    case .target: "data"
    case .source: "noise"
    case .score: "score"
    }
  }
}
