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
  /// The spiral that all points are of: 0 is x = q/3, 1 the turned one; nil for both.
  public private(set) var arm: Int?

  /// Two spirals with the given noise.
  public init(noise: Double) { self.noise = noise }

  /// The spirals by themselves.
  var arms: [TwoSpirals] {
    (0..<2).map {
      var spirals = self
      spirals.arm = $0
      return spirals
    }
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let angle = 3 * Double.pi * random.uniform().squareRoot()
    let jitter = SIMD2(random.uniform(), random.uniform())
    let curve = SIMD2(-angle * cos(angle), angle * sin(angle)) + 0.5 * jitter
    let isFirst = arm.map { $0 == 0 } ?? (random.next() >> 63 == 0)
    let sign = isFirst ? 1.0 : -1.0
    return (sign / 3) * curve + random.planarNormal(noise)
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }
}

extension TwoSpirals: DensityDistribution {
  /// The density as a quadrature along the spirals: each node is the square of the jitter, with the
  /// noise. Its panels are of one length and at most eight standard deviations long.
  var quadrature: Boxes {
    precondition(noise > 0, "a curve has a density only with noise")
    let rule = GaussLegendre(16)
    let turn = 3 * Double.pi
    // √U sends equal parts of U to nearly equal arcs of the spiral, of total length φ²/6.
    let panels = (turn * turn / 6 / (8 * noise)).rounded(.up)
    var (lows, highs, weights): ([[Double]], [[Double]], [Double]) = ([], [], [])
    for panel in 0..<Int(panels) {
      let from = turn * (Double(panel) / panels).squareRoot()
      let to = turn * (Double(panel + 1) / panels).squareRoot()
      for (node, share) in zip(rule.nodes, rule.weights) {
        let angle = from + (to - from) * node
        let corner = SIMD2(-angle * cos(angle), angle * sin(angle)) / 3
        let far = corner + 0.5 / 3
        let both = [(corner, far), (-far, -corner)]
        for (low, high) in arm.map({ [both[$0]] }) ?? both {
          lows.append([low.x, low.y])
          highs.append([high.x, high.y])
          weights.append(share * (to - from) * angle)
        }
      }
    }
    return Boxes(lows: lows, highs: highs, weights: weights, noise: noise)
  }

  /// log p(x) in nats of every point, by quadrature of the spirals.
  public func logDensity(_ points: Batch) -> [Double] { quadrature.logDensity(points) }
}
