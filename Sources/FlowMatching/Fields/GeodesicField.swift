#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A field on a curved space that is known exactly: the marginal of geodesic paths from the uniform
/// distribution to independent data.
///
/// Divergence and score are those of the space. It answers for the nearest point of the space.
public protocol GeodesicField: DivergenceField {
  /// The space.
  var space: any Space { get }

  /// Whether it stands for a density by the nodes of a quadrature, and so is not exact to the last
  /// digit, least near t = 1.
  var isQuadrature: Bool { get }

  /// Writes the score, the gradient of log p_t on the space.
  mutating func score(_ x: Batch, at t: Times, into score: inout Batch)

  /// log p_t(x) by area, for every point; −∞ where no path leads.
  mutating func logDensity(_ x: Batch, at t: Times) -> [Double]

  /// How far from every point, at most, the nearest place is where p_t has no derivative; infinite where
  /// it is smooth. Differences are not to be taken over such edges.
  func edgeDistances(_ x: Batch, at t: Times) -> [Double]
}

extension GeodesicField {
  public var isQuadrature: Bool { false }
}

/// A space where the field to points is known.
public protocol PointFieldSpace: Space {
  /// The exact field to the points of a `c×N` batch, equally likely unless they have weights.
  func pointField(to points: Batch, weights: [Double]?) -> any GeodesicField
}

/// A distribution on a curved space with the exact field that leads to it from the uniform one.
public protocol GeodesicTarget: DensityDistribution {
  /// The field of geodesic paths with independent ends.
  var geodesicField: any GeodesicField { get }
}

/// What all of them share: the time that is left.
enum GeodesicTime {
  /// 1 − t, and 1e-6 where less is left: velocities are (…)/(1 − t).
  static func remaining(at t: Double) -> Double { max(1 - t, 1e-6) }
}
