#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A place on the globe in degrees.
public struct GeographicPlace: Sendable, Hashable {
  /// East of Greenwich, in [−180, 180).
  public var longitude: Double
  /// North of the equator, in [−90, 90].
  public var latitude: Double

  /// The place of a vector, whose length does not count; north is z, longitude 0 is x.
  public init(_ vector: SIMD3<Double>) {
    longitude = max(-180, Torus.wrap(atan2(vector.y, vector.x)) * 180 / .pi)
    latitude = atan2(vector.z, (vector.x * vector.x + vector.y * vector.y).squareRoot()) * 180 / .pi
  }

  /// A place in degrees; longitudes of any turn.
  public init(longitude: Double, latitude: Double) {
    self.longitude = longitude
    self.latitude = latitude
  }

  /// The vector of length 1.
  public var vector: SIMD3<Double> {
    let (east, north) = (longitude * .pi / 180, latitude * .pi / 180)
    return SIMD3(cos(north) * cos(east), cos(north) * sin(east), sin(north))
  }
}

/// Why given numbers are no points of a space; its description says what to do.
public enum UnusablePoints: Error, Sendable, Hashable, CustomStringConvertible {
  /// A row with a number that is not finite.
  case notFinite(row: Int)
  /// A latitude outside ±90°.
  case latitude(Double, row: Int)
  /// A longitude outside −180° … 360°.
  case longitude(Double, row: Int)
  /// A column of latitudes that can only be one of longitudes, beside longitudes that can be latitudes.
  case swapped(latitude: Double, row: Int)
  /// A vector whose length is not 1.
  case length(Double, row: Int)
  /// An angle more than one period away from 0.
  case angle(Double, period: Double, row: Int)
  /// A period that is not a positive number.
  case period(Double)

  public var description: String { (row.map { "row \($0) " } ?? "") + reason }

  /// The row, counted from 1; nil where it is none's fault.
  public var row: Int? {
    switch self {
    case .notFinite(let row), .latitude(_, let row), .longitude(_, let row), .swapped(_, let row),
      .length(_, let row), .angle(_, _, let row):
      row
    case .period: nil
    }
  }

  /// What is wrong with the row, said after it.
  public var reason: String {
    switch self {
    case .notFinite: "has a number that is not finite; remove the row"
    case .latitude(let value, _):
      "has the latitude \(value)°, which is not within ±90°; give degrees, longitude first"
    case .longitude(let value, _):
      "has the longitude \(value)°, which is not within −180° to 360°; "
        + "give degrees, longitude first"
    case .swapped(let value, _):
      "has the latitude \(value)°, and every longitude is within ±90°: the columns look swapped; "
        + "give the longitude first"
    case .length(let length, _):
      "is a vector of length \(length), not 1; divide it by its length, or give longitude and latitude"
    case .angle(let value, let period, _):
      "has the angle \(value), more than the period \(period) away from 0; give another period, "
        + "360 for degrees"
    case .period(let value): "the period must be a positive number, not \(value)"
    }
  }
}

extension Sphere {
  /// Vectors of length 1 from a `2×n` batch of longitudes and latitudes in degrees; rows are counted
  /// from 1 in what is thrown.
  public static func points(longitudesAndLatitudes degrees: Batch) throws(UnusablePoints) -> Batch {
    precondition(degrees.dimension == 2, "a place has a longitude and a latitude")
    let n = degrees.count
    try requireFinite(degrees)
    if let j = (0..<n).first(where: { abs(degrees[1, $0]) > 90 }) {
      let areSwapped = (0..<n).allSatisfy {
        abs(degrees[0, $0]) <= 90 && (-180...360).contains(degrees[1, $0])
      }
      throw areSwapped
        ? .swapped(latitude: degrees[1, j], row: j + 1) : .latitude(degrees[1, j], row: j + 1)
    }
    if let j = (0..<n).first(where: { !(-180...360).contains(degrees[0, $0]) }) {
      throw .longitude(degrees[0, j], row: j + 1)
    }
    var points = Batch(dimension: 3, count: n)
    for j in 0..<n {
      points[vector: j] =
        GeographicPlace(longitude: degrees[0, j], latitude: degrees[1, j]).vector
    }
    return points
  }

  /// The longitudes and latitudes of points in degrees, `2×n`.
  public static func longitudesAndLatitudes(of points: Batch) -> Batch {
    precondition(points.dimension == 3, "the sphere has three coordinates")
    var degrees = Batch(dimension: 2, count: points.count)
    for j in 0..<points.count {
      let place = GeographicPlace(points[vector: j])
      (degrees[0, j], degrees[1, j]) = (place.longitude, place.latitude)
    }
    return degrees
  }

  /// The points of a `3×n` batch of vectors whose lengths are 1 to a thousandth, as files round them.
  public static func points(vectors: Batch) throws(UnusablePoints) -> Batch {
    precondition(vectors.dimension == 3, "the sphere has three coordinates")
    try requireFinite(vectors)
    var points = vectors
    for j in 0..<points.count {
      let length = length(points[vector: j])
      guard abs(length - 1) <= 1e-3 else { throw .length(length, row: j + 1) }
    }
    Sphere().settle(&points)
    return points
  }
}

extension Torus {
  /// Pairs of angles in [−π, π) from a `2×n` batch of angles of the given period: 2π for radians, 360
  /// for degrees. Angles are within one period of 0.
  public static func points(angles: Batch, period: Double) throws(UnusablePoints) -> Batch {
    precondition(angles.dimension == 2, "the torus has two coordinates")
    guard period > 0 && period.isFinite else { throw .period(period) }
    try requireFinite(angles)
    var points = angles
    // A little more is left for what was rounded when it was written.
    for j in 0..<angles.count {
      for i in 0..<2 {
        let value = angles[i, j]
        guard abs(value) <= period * (1 + 1e-4) else {
          throw .angle(value, period: period, row: j + 1)
        }
        points[i, j] = wrap(2 * .pi * (value / period))
      }
    }
    return points
  }

  /// The same angles with the given period, in [−period/2, period/2).
  public static func angles(of points: Batch, period: Double) -> Batch {
    var angles = points
    Torus().wrap(&angles)
    for k in angles.values.indices { angles.values[k] *= period / (2 * .pi) }
    return angles
  }
}

private func requireFinite(_ points: Batch) throws(UnusablePoints) {
  if points.isFinite { return }
  for j in 0..<points.count where points.point(j).contains(where: { !$0.isFinite }) {
    throw .notFinite(row: j + 1)
  }
}
