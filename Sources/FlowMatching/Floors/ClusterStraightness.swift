#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How straight the exact flow from N(0, I) to a few clusters is, in any number of dimensions, without a
/// sample: independent pairs and conditional OT.
///
/// The targets are products along the axes that matter, and along each axis the flow keeps the order of the
/// points. Its ends are then paired as optimal transport pairs them, so that E|X₁ − X₀|² = W₂²: straightness,
/// E∫|u_t(X_t) − (X₁ − X₀)|²dt (Liu et al., 2023, eq. 4), is the path energy less W₂², and NPE (Tong et al.,
/// 2024, §5.1) is that relative to W₂².
public struct ClusterStraightness: Sendable, Hashable {
  /// Where the clusters of deviation s lie.
  public enum Arrangement: Sendable, Hashable {
    /// Two, at ±(1, …, 1): further from each other the more dimensions there are.
    case two
    /// One at every corner (±1, …, ±1): every coordinate is a mixture of two by itself.
    case corners
  }

  /// The flows of the chart's dimensions, found once: some hundredths of a second.
  public static let ofTwo = usual(.two)
  /// The same with a cluster at every corner.
  public static let ofCorners = usual(.corners)

  private static func usual(_ arrangement: Arrangement) -> [ClusterStraightness] {
    dimensions.map { ClusterStraightness(arrangement, dimension: $0, deviation: deviation) }
  }

  /// The dimension d.
  public let dimension: Int
  /// E∫|u_t(X_t)|²dt, the sum over the dimensions.
  public let pathEnergy: Double
  /// W₂² between N(0, I) and the target.
  public let squaredTransport: Double

  /// E∫|u − (x₁ − x₀)|²dt, the sum over the dimensions.
  public var straightness: Double { pathEnergy - squaredTransport }
  /// The normalised path energy.
  public var npe: Double { straightness / squaredTransport }

  /// The clusters of an arrangement in d ≥ 1 dimensions, s > 0.
  public init(_ arrangement: Arrangement, dimension: Int, deviation s: Double) {
    precondition(dimension >= 1 && s > 0, "a dimension and a deviation")
    self.dimension = dimension
    let d = Double(dimension)
    switch arrangement {
    case .corners:
      let side = ClusterStraightness.side(1, s)
      (pathEnergy, squaredTransport) = (d * side.energy, d * side.transport)
    case .two:
      // Along the line through both a mixture of two, across it one Gaussian around 0.
      let side = ClusterStraightness.side(d.squareRoot(), s)
      let across = GaussianMixture(weights: [1], means: [[0]], standardDeviation: s)
      pathEnergy = side.energy + (d - 1) * LossFloor.energies(target: across).marginal
      squaredTransport = side.transport + (d - 1) * (1 - s) * (1 - s)
    }
  }

  /// From N(0, 1) to N(±h, s²).
  private static func side(_ h: Double, _ s: Double) -> (energy: Double, transport: Double) {
    let target = GaussianMixture(weights: [1, 1], means: [[h], [-h]], standardDeviation: s)
    return (LossFloor.energies(target: target).marginal, transport(h, s))
  }

  /// W₂² in one dimension, ∫(y − z(y))²p(y)dy with the monotone map z, Φ(z(y)) = F(y).
  static func transport(_ h: Double, _ s: Double) -> Double {
    let rule = GaussLegendre(48)
    // The density is smooth on pieces of a deviation; both halves are alike.
    let pieces = 1 + Int((h + 8 * s) / s)
    let width = (h + 8 * s) / Double(pieces)
    var sum = 0.0
    for piece in 0..<pieces {
      sum +=
        width
        * rule.integrate { u in
          let y = width * (Double(piece) + u)
          let (a, b) = ((y - h) / s, (y + h) / s)
          let density = (exp(-a * a / 2) + exp(-b * b / 2)) / (2 * s * (2 * Double.pi).squareRoot())
          let upper = 0.25 * (erfc(a / 2.0.squareRoot()) + erfc(b / 2.0.squareRoot()))
          // Beyond 1e-300 there is no density left either.
          let z = -NormalQuantile.value(max(upper, 1e-300))
          return density * (y - z) * (y - z)
        }
    }
    return 2 * sum
  }

  /// The dimensions that are shown side by side.
  public static let dimensions = [2, 4, 16, 64]
  /// The deviation of the clusters that are shown.
  public static let deviation = 0.1
}
