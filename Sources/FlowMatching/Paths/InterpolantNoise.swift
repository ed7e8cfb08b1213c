/// γ_t of a stochastic interpolant X_t = (1 − t)x₀ + t x₁ + γ_t z: noise that is nothing at both ends
/// (Albergo, Boffi and Vanden-Eijnden, 2023, section 3.4).
public enum InterpolantNoise: NumberedChoice {
  /// γ = a√(t(1 − t)): that of a Brownian bridge.
  case squareRoot(Double)
  /// γ = a sin²(πt).
  case sine(Double)
  /// γ = a t(1 − t).
  case product(Double)
  /// γ = a√(t(1 − t)) of the mirror interpolant X_t = x₁ + γz, which comes back to where it began.
  case mirror(Double)

  public static let kind = "noise of an interpolant"
  public static let all: [InterpolantNoise] = [
    .squareRoot(1), .sine(1), .product(1), .mirror(1),
  ]

  public var name: String {
    switch self {
    case .squareRoot: "sqrt"
    case .sine: "sine"
    case .product: "product"
    case .mirror: "mirror"
    }
  }

  /// The factor a.
  public var number: Double? { scale }

  /// The factor a.
  public var scale: Double {
    switch self {
    case .squareRoot(let a), .sine(let a), .product(let a), .mirror(let a): a
    }
  }

  public func with(number: Double) -> InterpolantNoise {
    switch self {
    case .squareRoot: .squareRoot(number)
    case .sine: .sine(number)
    case .product: .product(number)
    case .mirror: .mirror(number)
    }
  }

  /// The formula, in one line.
  public var formula: String {
    switch self {
    case .squareRoot: "γ = a√(t(1 − t))"
    case .sine: "γ = a sin²(πt)"
    case .product: "γ = a t(1 − t)"
    case .mirror: "x₁ + a√(t(1 − t)) z: from the data to noisy data and back"
    }
  }

  /// The times at which the score −E[z|x]/γ of a learned denoiser is worth something: a denoiser is off by
  /// some .01, which γ = a·10⁻⁵ would make a score of its own. By the root γ is large enough at `times`.
  public var scoreTimes: ClosedRange<Double> {
    switch self {
    case .squareRoot, .mirror: 0...1
    case .sine: 0.055...0.945
    case .product: 0.03...0.97
    }
  }

  /// The path with such noise.
  public var path: ConditionalPath {
    switch self {
    case .squareRoot(let a): .schroedingerBridge(sigma: a)
    case .sine(let a): .sineBridge(sigma: a)
    case .product(let a): .productBridge(sigma: a)
    case .mirror(let a): .mirrorBridge(sigma: a)
    }
  }

  /// The noise of a path; nil where it has none that is nothing at both ends.
  public init?(_ path: ConditionalPath) {
    switch path {
    case .schroedingerBridge(let sigma): self = .squareRoot(sigma)
    case .sineBridge(let sigma): self = .sine(sigma)
    case .productBridge(let sigma): self = .product(sigma)
    case .mirrorBridge(let sigma): self = .mirror(sigma)
    case .affine, .lipman, .noisy, .trigonometric: return nil
    }
  }

  /// The times within which an interpolant is learned, and beyond which its score keeps its factor 1/γ.
  public static let times = 1e-3...1 - 1e-3

  /// The nearest of `times`.
  public static func held(_ t: Double) -> Double {
    min(max(t, times.lowerBound), times.upperBound)
  }
}
