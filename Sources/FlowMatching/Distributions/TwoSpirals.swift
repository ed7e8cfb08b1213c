#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Two spirals, each the other turned by 180°, as FFJORD defines them.
///
/// φ = 540°·√U, q = (−φ cos φ + ½U, φ sin φ + ½U); x = ±q/3 + noise·ε.
public struct TwoSpirals: PlanarDistribution, Hashable {
  /// The standard deviation of the Gaussian noise.
  public let noise: Double

  /// Two spirals with the given noise.
  public init(noise: Double) { self.noise = noise }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let angle = 3 * Double.pi * random.uniform().squareRoot()
    let jitter = SIMD2(random.uniform(), random.uniform())
    let curve = SIMD2(-angle * cos(angle), angle * sin(angle)) + 0.5 * jitter
    let sign = random.next() >> 63 == 0 ? 1.0 : -1.0
    return (sign / 3) * curve + random.planarNormal(noise)
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }
}
