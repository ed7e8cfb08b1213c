#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TheoryCheck {
  private static let densities: [TimeDensity] = [
    .logitNormal(mean: 0, deviation: 1), .logitNormal(mean: -0.4, deviation: 1), .power(2),
    .power(-0.5), .uShaped(4),
  ]

  /// Times drawn by the quantiles have the density that a weight p₀/p divides out again: means of
  /// f = cos 3t by both.
  static let timeDensities = TheoryCheck(
    44, "densities of t", "∫ f(Q(u)) du = ∫ f(t) p(t) dt", bound: 1e-8, coefficients: [1, 1]
  ) { _, c in
    densities.map { density in
      let drawn = Endpoints.integral { cos(3 * density.quantile($0)) }
      let weighed = Endpoints.integral { density.density(at: $0) * cos(3 * $0) }
      return abs(c[0] * drawn - c[1] * weighed)
    }.reduce(0, worse)
  }

  /// Who draws by a density and moves the draws by it once more has another.
  static let shiftedTwice = TheoryCheck(
    44, "density of t, shifted twice (control)", "∫ f(Q(Q(u))) du = ∫ f(t) p(t) dt", bound: 1e-2,
    isControl: true, coefficients: [1, 1]
  ) { _, c in
    let density = TimeDensity.power(2)
    let drawn = Endpoints.integral { cos(3 * density.quantile(density.quantile($0))) }
    let weighed = Endpoints.integral { density.density(at: $0) * cos(3 * $0) }
    return abs(c[0] * drawn - c[1] * weighed)
  }
}

/// Integrals over (0, 1) of functions that may grow without bound towards its ends.
private enum Endpoints {
  /// ∫f by the double exponential rule, t = 1/(1 + e^(−π sinh x)) (Takahasi and Mori, 1974).
  static func integral(_ f: (Double) -> Double) -> Double {
    let h = 1.0 / 32
    var sum = 0.0
    for k in -130...130 {
      let x = h * Double(k)
      let t = 1 / (1 + exp(-Double.pi * sinh(x)))
      let weight = t * (1 - t) * Double.pi * cosh(x)
      guard t > 0, t < 1, weight > 0 else { continue }
      sum += h * weight * f(t)
    }
    return sum
  }
}
