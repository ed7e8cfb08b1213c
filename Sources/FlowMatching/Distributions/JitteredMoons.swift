#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Two interleaved half circles with uniform noise, scaled and moved.
///
/// The arcs of `Moons`; the noise is uniform on [0, jitter]², as in torchdyn's `generate_moons`, with
/// angles drawn at random where torchdyn spaces them evenly. It has no density in closed form.
public struct JitteredMoons: PlanarDistribution, Hashable {
  /// The side of the square of the noise, before scaling.
  public let jitter: Double
  /// The factor applied to the noisy points.
  public let scale: Double
  /// What is added after scaling.
  public let offset: SIMD2<Double>

  /// Moons x ↦ scale·(half circle + jitter·U) + offset.
  public init(jitter: Double, scale: Double, offset: SIMD2<Double>) {
    self.jitter = jitter
    self.scale = scale
    self.offset = offset
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let arc = Moons(noise: 0, scale: 1, offset: .zero).draw(using: &random)
    let noise = SIMD2(random.uniform(), random.uniform())
    return scale * (arc + jitter * noise) + offset
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }
}
