/// What training minimises, the mean over batch and dimensions of an error of the prediction v about
/// the regression target Y; checkpoints save it by name.
///
/// A Bregman divergence D(Y, v) = Φ(Y) − Φ(v) − ⟨∇Φ(v), Y − v⟩, target first, is least on average
/// where v = E[Y], whatever the convex Φ: so each of them learns the same field, and
/// ∇_v D = −∇²Φ(v)(Y − v) is linear in Y (Banerjee et al., 2005; Lipman et al., 2024, §4.4). The two
/// last are no such divergences and learn something else: they are controls.
public enum Loss: NumberedChoice {
  /// |Y − v|², Φ = |u|².
  case squared
  /// (Y − v)ᵀA(Y − v), Φ = uᵀAu, with A_ij = ρ^|i−j|, −1 < ρ < 1.
  case mahalanobis(correlation: Double)
  /// Φ = Σ cosh(κu)/κ², κ > 0; beyond |κu| = 20 Φ goes on as its parabola, so nothing overflows.
  case cosh(kappa: Double)
  /// Φ = √(1 + |u|²): the divergence of it, not the pseudo-Huber loss of the difference.
  case pseudoHuber
  /// Σ|Y − v|, whose minimiser is the median of every coordinate.
  case absolute
  /// D(v, Y) of the cosh divergence, whose minimiser is asinh(E sinh κY)/κ.
  case reversed(kappa: Double)
  /// The generalised Kullback–Leibler divergence of jump rates; of letters alone, see `TokenLoss`.
  case generalisedKL
  /// −ln p(x₁); of letters alone.
  case crossEntropy

  public static let kind = "loss"

  public static let all: [Loss] = ofPoints + [.generalisedKL, .crossEntropy]

  /// Those of points.
  public static let ofPoints: [Loss] = [
    .squared, .mahalanobis(correlation: 0.5), .cosh(kappa: 0.3), .pseudoHuber, .absolute,
    .reversed(kappa: 0.3),
  ]

  public var name: String {
    switch self {
    case .squared: "squared"
    case .mahalanobis: "mahalanobis"
    case .cosh: "cosh"
    case .pseudoHuber: "pseudo-huber"
    case .absolute: "l1"
    case .reversed: "reversed"
    case .generalisedKL: "generalised-kl"
    case .crossEntropy: "cross-entropy"
    }
  }

  /// The name for people.
  public var title: String {
    switch self {
    case .squared: "squared error"
    case .mahalanobis: "Mahalanobis"
    case .cosh: "cosh"
    case .pseudoHuber: "√(1 + |u|²)"
    case .absolute: "absolute error"
    case .reversed: "reversed cosh"
    case .generalisedKL: "generalised KL"
    case .crossEntropy: "cross-entropy"
    }
  }

  /// The formula, in one line.
  public var formula: String {
    switch self {
    case .squared: "|Y − v|²"
    case .mahalanobis: "(Y − v)ᵀA(Y − v), A_ij = ρ^|i−j|"
    case .cosh: "Bregman divergence of Σ cosh(κu)/κ²"
    case .pseudoHuber: "Bregman divergence of √(1 + |u|²)"
    case .absolute: "Σ|Y − v|, a control: learns the median"
    case .reversed: "the cosh divergence D(v, Y), a control: learns another mean"
    case .generalisedKL: "−κ̇/(1 − κ)·[p(x) − δ + (1 − δ) ln p(x₁)], of letters"
    case .crossEntropy: "−ln p(x₁), of letters"
    }
  }

  /// Whether the mean E[Y | x] minimises it, so that it learns the field that moves the marginals.
  public var isProper: Bool {
    switch self {
    case .squared, .mahalanobis, .cosh, .pseudoHuber, .generalisedKL, .crossEntropy: true
    case .absolute, .reversed: false
    }
  }

  public var number: Double? {
    switch self {
    case .squared, .pseudoHuber, .absolute, .generalisedKL, .crossEntropy: nil
    case .mahalanobis(let number), .cosh(let number), .reversed(let number): number
    }
  }

  public func with(number: Double) -> Loss {
    switch self {
    case .squared, .pseudoHuber, .absolute, .generalisedKL, .crossEntropy: self
    case .mahalanobis: .mahalanobis(correlation: number)
    case .cosh: .cosh(kappa: number)
    case .reversed: .reversed(kappa: number)
    }
  }

  /// Refuses a number outside its range.
  public func validate() throws(IncompatibleChoice) {
    switch self {
    case .squared, .pseudoHuber, .absolute, .generalisedKL, .crossEntropy: return
    case .mahalanobis(let correlation):
      guard abs(correlation) < 1 else {
        throw IncompatibleChoice("the correlation of \(self) must lie between −1 and 1; use 0.5")
      }
    case .cosh(let kappa), .reversed(let kappa):
      guard (1e-3...100).contains(kappa) else {
        throw IncompatibleChoice("the κ of \(self) must lie between 0.001 and 100; use 0.3")
      }
    }
  }
}
