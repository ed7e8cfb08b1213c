/// Where flows start, by name: "gaussian" is N(0, I), "points" the points that came with the data set,
/// any other name the data set's.
public enum Source {
  /// The name of the standard normal distribution.
  public static let gaussian = "gaussian"

  /// The name of given points: see `Dataset.with(source:)`.
  public static let points = "points"

  /// The name of four particles in the plane from N(0, 4I) whose mean is taken out.
  public static let meanFree = "mean-free"

  /// The name of the uniform distribution on a curved space.
  public static let uniform = "uniform"

  /// The name of a Gaussian wrapped on to a curved space, of deviation ½ as Meta's notebooks have it;
  /// another deviation follows a colon.
  public static let wrapped = "wrapped-gaussian"

  /// The distribution of that name on a curved space: uniform, or a wrapped Gaussian; throws
  /// `UnknownName`.
  public static func named(_ name: String, on space: any Space) throws(UnknownName)
    -> any Distribution
  {
    if name == uniform { return UniformBase(on: space) }
    if let deviation = deviation(ofWrapped: name) {
      return WrappedNormal(on: space, deviation: deviation)
    }
    throw UnknownName(kind: "source on the \(space.name)", name: name, among: curvedNames)
  }

  /// The deviation of a wrapped Gaussian's name; nil for any other name.
  private static func deviation(ofWrapped name: String) -> Double? {
    if name == wrapped { return 0.5 }
    guard name.hasPrefix(wrapped + ":"), let deviation = Double(name.dropFirst(wrapped.count + 1)),
      deviation > 0, deviation <= 100
    else { return nil }
    return deviation
  }

  /// Every name on a curved space that needs nothing given, the uniform distribution first.
  public static let curvedNames = [uniform, wrapped, wrapped + ":0.25", wrapped + ":1"]

  /// Where flows start unless somebody says otherwise; `space` is nil for the plane.
  public static func usual(on space: (any Space)?) -> String { space == nil ? gaussian : uniform }

  /// Whether that is the name of a source, in a curved space or, where `space` is nil, in the plane.
  public static func exists(_ name: String, on space: (any Space)?) -> Bool {
    guard space != nil else { return name == meanFree || names.contains(name) }
    return name == uniform || deviation(ofWrapped: name) != nil
  }

  /// Every name in the plane that needs nothing given, N(0, I) first.
  public static let names: [String] = [gaussian] + DatasetCatalog.plane.map(\.name)

  /// The distribution of that name; throws `UnknownName`, which suggests the nearest.
  public static func named(
    _ name: String, dimension: Int
  ) throws(UnknownName) -> any Distribution {
    if name == gaussian { return StandardNormal(dimension: dimension) }
    if name == meanFree { return MeanFreeNormal.doubleWells }
    guard let dataset = DatasetCatalog.plane.first(where: { $0.name == name }) else {
      throw UnknownName(kind: "source", name: name, among: names)
    }
    return dataset.distribution
  }
}

extension Dataset {
  /// The same target with given points from which flows start, `d×n`, for the source "points".
  public func with(source points: Batch) -> Dataset {
    precondition(points.dimension == dimension, "the source has another dimension")
    var dataset = self
    dataset.sourcePoints = points
    return dataset
  }

  /// The same target with the starts and the pairs that were given with another, if any were.
  public func withGiven(of other: Dataset) -> Dataset {
    var dataset = self
    if snapshots == nil, let points = other.sourcePoints {
      dataset.sourcePoints = points
      dataset.sourceUnits = other.sourceUnits
    }
    if let pairs = other.pairs { dataset.pairs = pairs }
    return dataset
  }

  /// Point j of the source with point j of the target, for the coupling `pairs`; nil unless both are
  /// given, and as many.
  public var rowPairs: PairTable? {
    guard let sourcePoints, let cloud = distribution as? PointCloud,
      sourcePoints.count == cloud.points.count
    else { return nil }
    return PairTable(x0: sourcePoints, x1: cloud.points)
  }
}
