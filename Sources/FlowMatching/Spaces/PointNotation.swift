/// By which numbers a file says where a point of a curved space lies.
public enum PointNotation: Sendable, Hashable {
  /// Longitude and latitude in degrees.
  case degrees
  /// Vectors of length 1.
  case vectors
  /// Two angles of that period, 2π in radians.
  case angles(period: Double)

  /// Angles in radians.
  public static let radians = angles(period: 2 * .pi)

  /// What the numbers are called, in their order.
  public var columns: [String] {
    switch self {
    case .degrees: ["longitude", "latitude"]
    case .vectors: ["x", "y", "z"]
    case .angles: ["angle1", "angle2"]
    }
  }

  /// In a few words.
  public var words: String {
    switch self {
    case .degrees: "longitude and latitude in degrees"
    case .vectors: "unit vectors"
    case .angles(period: 2 * Double.pi): "angles in radians"
    case .angles(period: 360): "angles in degrees"
    case .angles(let period): "angles of the period \(period)"
    }
  }

  /// The name in files: "longitude-latitude", "unit-vectors", "angles:360".
  public var name: String {
    switch self {
    case .degrees: "longitude-latitude"
    case .vectors: "unit-vectors"
    case .angles(let period): "angles:\(period)"
    }
  }

  /// That of a name; nil where there is none.
  public init?(_ name: String) {
    let plain = [PointNotation.degrees, .vectors].first { $0.name == name }
    if let plain {
      self = plain
      return
    }
    guard name.hasPrefix("angles:"), let period = Double(name.dropFirst(7)), period > 0,
      period.isFinite
    else { return nil }
    self = .angles(period: period)
  }

  /// The notations of a space, the usual one first; the torus has others beside.
  public static func all(of space: any Space) -> [PointNotation] {
    space is Sphere ? [.degrees, .vectors] : [.radians]
  }

  /// Whether it is one of a space's points.
  public func suits(_ space: any Space) -> Bool {
    if case .angles = self { return space is Torus }
    return space is Sphere
  }

  /// The points that numbers mean, a row for each column; throws what is wrong with them.
  public func points(_ numbers: Batch) throws(UnusablePoints) -> Batch {
    switch self {
    case .degrees: try Sphere.points(longitudesAndLatitudes: numbers)
    case .vectors: try Sphere.points(vectors: numbers)
    case .angles(let period): try Torus.points(angles: numbers, period: period)
    }
  }

  /// The numbers of points.
  public func numbers(of points: Batch) -> Batch {
    switch self {
    case .degrees: return Sphere.longitudesAndLatitudes(of: points)
    case .vectors:
      var vectors = points
      Sphere().settle(&vectors)
      return vectors
    case .angles(let period): return Torus.angles(of: points, period: period)
    }
  }
}
