#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An S of two three-quarter circles, (sin φ, sign(φ)(cos φ − 1)), φ uniform on ±1.5π, with Gaussian
/// noise, scaled.
///
/// Columns 0 and 2 of scikit-learn's `make_s_curve`.
public struct SCurve: PlanarDistribution, Hashable {
  /// The standard deviation of the noise, before scaling.
  public let noise: Double
  /// The factor applied to the noisy points.
  public let scale: Double

  /// A curve x ↦ scale·(S + noise·ε).
  public init(noise: Double, scale: Double) {
    self.noise = noise
    self.scale = scale
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let point = SCurve.point(3 * Double.pi * (random.uniform() - 0.5))
    return scale * (point + random.planarNormal(noise))
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }

  private static func point(_ angle: Double) -> SIMD2<Double> {
    SIMD2(sin(angle), angle < 0 ? 1 - cos(angle) : cos(angle) - 1)
  }
}

extension SCurve: CurveDistribution {
  var quadrature: GaussianMixture {
    var curves = CurveQuadrature(noise: scale * noise)
    for side in [-1.0, 1] {
      curves.add(weight: 0.5, length: 1.5 * .pi * scale, from: 0, to: side * 1.5 * .pi) {
        // The two halves meet at 0; which one a node belongs to is known by its side.
        scale * SIMD2(sin($0), side * (cos($0) - 1))
      }
    }
    return curves.mixture
  }
}
