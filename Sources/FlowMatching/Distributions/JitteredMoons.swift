#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Two interleaved half circles smeared along the diagonal, scaled and moved.
///
/// The arcs of `Moons`; one number a point, uniform on [0, jitter], moves both of its coordinates, as
/// torchdyn's `generate_moons` adds `rand(n, 1) * noise`; angles are drawn at random where torchdyn
/// spaces them evenly. The density has a closed form and no bound: on the lines x − y = ±√2 where a
/// moon turns along the diagonal it grows like an inverse square root.
public struct JitteredMoons: PlanarDistribution, DensityDistribution, Hashable {
  /// The largest move along each axis, before scaling.
  public let jitter: Double
  /// The factor applied to the moved points.
  public let scale: Double
  /// What is added after scaling.
  public let offset: SIMD2<Double>

  /// Moons x ↦ scale·(half circle + jitter·U·(1, 1)) + offset.
  public init(jitter: Double, scale: Double, offset: SIMD2<Double>) {
    self.jitter = jitter
    self.scale = scale
    self.offset = offset
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let arc = Moons(noise: 0, scale: 1, offset: .zero).draw(using: &random)
    return scale * (arc + jitter * random.uniform()) + offset
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }

  /// log p(x) in nats, −∞ off the moons.
  ///
  /// A point y = q(φ) + s·(1, 1) of a moon has density 1/(2π·jitter·|q′ × (1, 1)|), summed over the at
  /// most two s of [0, jitter] at which y − s·(1, 1) lies on the half circle; there
  /// |q′ × (1, 1)|² = 2 − (y₁ − y₂)².
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == 2, "the moons lie in the plane")
    return (0..<points.count).map { j in
      let y = (SIMD2(points[0, j], points[1, j]) - offset) / scale
      // The inner moon is the outer one turned about the middle, which turns the move too.
      let density = moon(y, sign: -1) + moon(SIMD2(1, 0.5) - y, sign: 1)
      return log(density / (2 * .pi * jitter * scale * scale))
    }
  }

  /// Σ 1/√D over the moves s of [0, jitter] that leave y + sign·s·(1, 1) on the upper half circle.
  private func moon(_ y: SIMD2<Double>, sign: Double) -> Double {
    let across = y.x - y.y
    let squared = 2 - across * across
    guard squared > 0 else { return 0 }
    let root = squared.squareRoot()
    var sum = 0.0
    for move in [-root, root].map({ (-sign * (y.x + y.y) + $0) / 2 })
    where (0...jitter).contains(move) && y.y + sign * move >= 0 {
      sum += 1 / root
    }
    return sum
  }
}
