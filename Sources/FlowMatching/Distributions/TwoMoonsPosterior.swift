#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// p(θ | x) of the two moons, exactly.
///
/// With (u, v) = (θ₁ + θ₂, θ₂ − θ₁)/√2, which is a rotation, x is reached from the point
/// p = x + (|u|, −v) of the crescent: p(θ | x) = f(p)/2P within the prior's box, where f is the crescent's
/// density and P the share of it from which θ lies in the box. The two signs of u are equally likely.
public struct TwoMoonsPosterior: PlanarDistribution, DensityDistribution, Hashable {
  /// The observation x.
  public let observation: SIMD2<Double>
  /// P, the share of the crescent that parameters of the prior can have led through; 1 where the box cuts
  /// nothing off.
  public let mass: Double

  /// Where less of the crescent is left the observation is one that the simulator hardly yields, and draws
  /// would take too long.
  public static let leastMass = 1e-3

  /// The posterior of an observation.
  public init(given observation: SIMD2<Double>) {
    self.observation = observation
    mass = Self.mass(observation)
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    while true {
      let p = TwoMoonsSimulator.crescent(using: &random)
      let u = p.x - observation.x
      let v = observation.y - p.y
      let sign = random.uniform() < 0.5 ? -1.0 : 1.0
      guard u >= 0 else { continue }
      let theta = 0.5.squareRoot() * SIMD2(sign * u - v, sign * u + v)
      if abs(theta.x) <= 1 && abs(theta.y) <= 1 { return theta }
    }
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(mass >= Self.leastMass, "no parameters lead to this observation")
    fill(&points, using: &random)
  }

  /// log p(θ | x) in nats, −∞ outside the prior and off the crescents.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == 2, "the moons lie in the plane")
    return (0..<points.count).map { logDensity(SIMD2(points[0, $0], points[1, $0])) }
  }

  /// The same of one point.
  func logDensity(_ theta: SIMD2<Double>) -> Double {
    guard abs(theta.x) <= 1, abs(theta.y) <= 1 else { return -.infinity }
    return logLikelihood(theta) - log(2 * mass)
  }

  /// log f(p), the log-density of x given θ: r and the angle are independent, dp = r dr da.
  func logLikelihood(_ theta: SIMD2<Double>) -> Double {
    let root = 0.5.squareRoot()
    let along = observation.x + root * abs(theta.x + theta.y) - TwoMoonsSimulator.centre
    let across = observation.y - root * (theta.y - theta.x)
    guard along > 0 else { return -.infinity }
    let r = (along * along + across * across).squareRoot()
    let z = (r - TwoMoonsSimulator.radius) / TwoMoonsSimulator.thickness
    return -0.5 * z * z - 0.5 * log(2 * .pi) - log(TwoMoonsSimulator.thickness * .pi * r)
  }

  /// P by quadrature over the angle: given it, the box and u ≥ 0 leave an interval of radii.
  private static func mass(_ x: SIMD2<Double>) -> Double {
    let panels = 64
    var sum = 0.0
    for panel in 0..<panels {
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let angle = Double.pi * ((Double(panel) + node) / Double(panels) - 0.5)
        let (c, s) = (cos(angle), sin(angle))
        var (low, high) = (-Double.infinity, Double.infinity)
        // |u| + |v| ≤ √2 is the box; a·r ≤ b for each side.
        let along = TwoMoonsSimulator.centre - x.x
        for (a, b) in [
          (-c, along), (c - s, 2.0.squareRoot() - along - x.y),
          (c + s, 2.0.squareRoot() - along + x.y),
        ] {
          if a > 0 { high = min(high, b / a) }
          if a < 0 { low = max(low, b / a) }
          if a == 0 && b < 0 { (low, high) = (0, 0) }
        }
        if low < high { sum += weight * (below(high) - below(low)) }
      }
    }
    return min(1, max(0, sum / Double(panels)))
  }

  /// P(r < bound).
  private static func below(_ bound: Double) -> Double {
    0.5
      * erfc((TwoMoonsSimulator.radius - bound) / TwoMoonsSimulator.thickness * 0.5.squareRoot())
  }

  private static let rule = GaussLegendre(8)
}
