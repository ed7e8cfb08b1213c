#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A pinwheel of bent Gaussian arms (Johnson et al., 2016), as FFJORD defines it.
///
/// Features f₀ ~ N(1, radial²), f₁ ~ N(0, tangential²), turned clockwise by the arm's angle plus
/// bend·exp(f₀), so that an arm bends the more the farther out it is; then scaled.
public struct Pinwheel: PlanarDistribution, Hashable {
  /// The number of equally likely arms.
  public let arms: Int
  /// The standard deviations along and across an arm, before scaling.
  public let radialDeviation, tangentialDeviation: Double
  /// The angle at f₀ = 0, in radians.
  public let bend: Double
  /// The factor applied at the end.
  public let scale: Double

  /// A pinwheel of at least one arm.
  public init(
    arms: Int, radialDeviation: Double, tangentialDeviation: Double, bend: Double, scale: Double
  ) {
    precondition(arms > 0, "a pinwheel needs an arm")
    self.arms = arms
    self.radialDeviation = radialDeviation
    self.tangentialDeviation = tangentialDeviation
    self.bend = bend
    self.scale = scale
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let arm = Double(random.integer(below: arms))
    let radial = 1 + radialDeviation * random.normal()
    let tangential = tangentialDeviation * random.normal()
    let angle = 2 * Double.pi * arm / Double(arms) + bend * exp(radial)
    let (c, s) = (cos(angle), sin(angle))
    return scale * SIMD2(radial * c + tangential * s, tangential * c - radial * s)
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }
}
