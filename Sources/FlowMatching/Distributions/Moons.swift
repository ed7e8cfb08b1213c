#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Two interleaved half circles with Gaussian noise, scaled and moved.
///
/// Outer: (cos φ, sin φ); inner: (1 − cos φ, ½ − sin φ); φ uniform on [0, π]. scikit-learn's
/// `make_moons` with angles drawn at random where scikit-learn spaces them evenly.
public struct Moons: PlanarDistribution, Hashable {
  /// The standard deviation of the noise, before scaling.
  public let noise: Double
  /// The factor applied to the noisy points.
  public let scale: Double
  /// What is added after scaling.
  public let offset: SIMD2<Double>
  /// The half circle that all points are of: 0 the outer, 1 the inner one; nil for both.
  public private(set) var half: Int?

  /// Moons x ↦ scale·(half circle + noise·ε) + offset.
  public init(noise: Double, scale: Double, offset: SIMD2<Double>) {
    self.noise = noise
    self.scale = scale
    self.offset = offset
  }

  /// The half circles by themselves, the outer one first.
  var halves: [Moons] {
    (0..<2).map {
      var moons = self
      moons.half = $0
      return moons
    }
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let isOuter = half.map { $0 == 0 } ?? (random.next() >> 63 == 0)
    let angle = Double.pi * random.uniform()
    let arc = SIMD2(cos(angle), sin(angle))
    let clean = isOuter ? arc : SIMD2(1, 0.5) - arc
    return scale * (clean + random.planarNormal(noise)) + offset
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }
}

extension Moons: CurveDistribution {
  var quadrature: GaussianMixture {
    var curves = CurveQuadrature(noise: scale * noise)
    if half != 1 {
      curves.add(weight: 0.5, length: .pi * scale, from: 0, to: .pi) {
        scale * SIMD2(cos($0), sin($0)) + offset
      }
    }
    if half != 0 {
      curves.add(weight: 0.5, length: .pi * scale, from: 0, to: .pi) {
        scale * SIMD2(1 - cos($0), 0.5 - sin($0)) + offset
      }
    }
    return curves.mixture
  }
}
