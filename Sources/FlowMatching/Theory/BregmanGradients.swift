#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TheoryCheck {
  /// Every Bregman divergence D(Y, v), target first, has the gradient −∇²Φ(v)(Y − v), which is
  /// linear in Y: for ½|·|², a Mahalanobis form, Σ cosh(κu)/κ² and √(1 + |u|²).
  static let bregmanGradients = TheoryCheck(
    8, "∇FM = ∇CFM for Bregman divergences", "∇_θD(ū, v) = Σ w_i ∇_θD(u_i, v)", bound: 1e-9,
    coefficients: [1, 1]
  ) { setting, c in
    BregmanPotential.all.map { potential in
      gradientDifference(setting, c, "bregman") { potential.gradient($0, $1) }
    }.reduce(0, worse)
  }

  /// The absolute error is no Bregman divergence: its minimiser is a median.
  static let absoluteLoss = TheoryCheck(
    8, "absolute error (control)", "∇_θ|v − ū|₁ = Σ w_i ∇_θ|v − u_i|₁", bound: 1e-2,
    isControl: true, needsSpread: true, coefficients: [1, 1]
  ) { setting, c in
    gradientDifference(setting, c, "absolute") { target, v in
      zip(v, target).map { $0 > $1 ? 1 : $0 < $1 ? -1 : 0 }
    }
  }

  /// Nor is a divergence with its arguments exchanged: ∇_v D(v, Y) = ∇Φ(v) − ∇Φ(Y), Φ = √(1 + |u|²).
  static let reversedDivergence = TheoryCheck(
    8, "reversed divergence (control)", "∇_θD(v, ū) = Σ w_i ∇_θD(v, u_i)", bound: 1e-2,
    isControl: true, needsSpread: true, coefficients: [1, 1]
  ) { setting, c in
    gradientDifference(setting, c, "reversed") { target, v in
      zip(BregmanPotential.pseudoHuberSlope(v), BregmanPotential.pseudoHuberSlope(target)).map(-)
    }
  }

  /// The difference of both sides for a loss with that gradient by v, relative to the largest.
  private static func gradientDifference(
    _ setting: TheorySetting, _ c: [Double], _ stream: String,
    _ lossGradient: (_ target: [Double], _ v: [Double]) -> [Double]
  ) -> Double {
    let places = FinitePlaces(setting, stream: stream)
    return places.difference { t, x, path, posterior in
      let v = places.network.value(x, t)
      func gradient(_ u: [Double]) -> [Double] {
        places.network.gradient(x, t, lossGradient(u, v))
      }
      return (
        gradient(posterior.marginal(path, x: x, c[0], c[1])), posterior.average(gradient)
      )
    }
  }
}

/// A strictly convex Φ with the Hessian that its divergence needs.
enum BregmanPotential: CaseIterable {
  case square, mahalanobis, cosh, pseudoHuber

  static var all: [BregmanPotential] { allCases }

  /// −∇²Φ(v)(Y − v).
  func gradient(_ target: [Double], _ v: [Double]) -> [Double] {
    let offset = zip(v, target).map(-)
    switch self {
    case .square: return offset
    case .mahalanobis:
      // M = I + ½·11ᵀ.
      let sum = offset.reduce(0, +)
      return offset.map { $0 + 0.5 * sum }
    case .cosh: return zip(v, offset).map { Self.hyperbolicCosine(0.3 * $0) * $1 }
    case .pseudoHuber:
      // ∇²Φ = (I − vvᵀ/r²)/r, r = √(1 + |v|²).
      let r = (1 + v.reduce(0) { $0 + $1 * $1 }).squareRoot()
      let along = zip(v, offset).reduce(0) { $0 + $1.0 * $1.1 } / (r * r)
      return zip(v, offset).map { ($1 - $0 * along) / r }
    }
  }

  /// ∇√(1 + |u|²).
  static func pseudoHuberSlope(_ u: [Double]) -> [Double] {
    let r = (1 + u.reduce(0) { $0 + $1 * $1 }).squareRoot()
    return u.map { $0 / r }
  }

  private static func hyperbolicCosine(_ x: Double) -> Double { 0.5 * (exp(x) + exp(-x)) }
}
