#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Concentric circles, equally likely, uniform in angle, with Gaussian noise.
public struct Circles: PlanarDistribution, Hashable {
  /// The radius of each circle.
  public let radii: [Double]
  /// The standard deviation of the noise.
  public let noise: Double

  /// Circles of the given radii; a repeated radius is that much more likely.
  public init(radii: [Double], noise: Double) {
    precondition(!radii.isEmpty, "there must be a circle")
    self.radii = radii
    self.noise = noise
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let radius = radii[random.integer(below: radii.count)]
    let angle = 2 * Double.pi * random.uniform()
    return radius * SIMD2(cos(angle), sin(angle)) + random.planarNormal(noise)
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }
}

extension Circles: CurveDistribution {
  var quadrature: GaussianMixture {
    var curves = CurveQuadrature(noise: noise)
    for radius in radii {
      curves.addClosed(weight: 1 / Double(radii.count), length: 2 * .pi * radius) {
        radius * SIMD2(cos(2 * .pi * $0), sin(2 * .pi * $0))
      }
    }
    return curves.mixture
  }
}
