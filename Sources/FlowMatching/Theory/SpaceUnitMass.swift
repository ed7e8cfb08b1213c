#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension SpaceCheck {
  /// A learned flow keeps mass: ∫p₁ over the whole space, by a quadrature whose own error at the edges of
  /// p₁ is part of the residual.
  static let unitMass = SpaceCheck(
    10, "the model's density has mass 1", "∫p₁ dA = 1", bound: 1e-3, coefficients: [1]
  ) { setting, c in
    guard let learned = setting.learned else { return .nan }
    var density = SpaceDensity(
      learned.flow, source: learned.source, on: setting.space, resolution: 120, .dormandPrince,
      tolerance: 1e-4)
    density.finish()
    guard let mass = density.integral else { return .nan }
    return abs(c[0] * mass - 1)
  }
}
