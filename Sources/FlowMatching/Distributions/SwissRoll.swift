#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A spiral (φ cos φ, φ sin φ), φ uniform on [1.5π, 4.5π], with Gaussian noise, scaled.
///
/// Columns 0 and 2 of scikit-learn's `make_swiss_roll`.
public struct SwissRoll: PlanarDistribution, Hashable {
  /// The standard deviation of the noise, before scaling.
  public let noise: Double
  /// The factor applied to the noisy points.
  public let scale: Double

  /// A roll x ↦ scale·(spiral + noise·ε).
  public init(noise: Double, scale: Double) {
    self.noise = noise
    self.scale = scale
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let angle = 1.5 * Double.pi * (1 + 2 * random.uniform())
    return scale * (angle * SIMD2(cos(angle), sin(angle)) + random.planarNormal(noise))
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }
}

extension SwissRoll: CurveDistribution {
  var quadrature: GaussianMixture {
    var curves = CurveQuadrature(noise: scale * noise)
    // The curve is fastest at its outer end: √(1 + φ²) a radian.
    let speed = (1 + 20.25 * .pi * .pi).squareRoot() * scale
    curves.add(weight: 1, length: 3 * .pi * speed, from: 1.5 * .pi, to: 4.5 * .pi) {
      scale * $0 * SIMD2(cos($0), sin($0))
    }
    return curves.mixture
  }
}
