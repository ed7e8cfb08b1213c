/// Where flows start, by name: "gaussian" is N(0, I), "points" the points that came with the data set,
/// any other name the data set's.
public enum Source {
  /// The name of the standard normal distribution.
  public static let gaussian = "gaussian"

  /// The name of given points: see `Dataset.with(source:)`.
  public static let points = "points"

  /// The name of the uniform distribution on a curved space.
  public static let uniform = "uniform"

  /// What the names of Gaussians wrapped on to a curved space begin with, before their deviation.
  public static let wrappedPrefix = "wrapped-gaussian:"

  /// The distribution of that name on a curved space: uniform, or a wrapped Gaussian; throws
  /// `UnknownName`.
  public static func named(_ name: String, on space: any Space) throws(UnknownName)
    -> any Distribution
  {
    if name == uniform { return UniformBase(on: space) }
    if name.hasPrefix(wrappedPrefix), let deviation = Double(name.dropFirst(wrappedPrefix.count)),
      deviation > 0, deviation <= 100
    {
      return WrappedNormal(on: space, deviation: deviation)
    }
    throw UnknownName(kind: "source", name: name, among: [uniform, wrappedPrefix + "0.5"])
  }

  /// Every name that needs nothing given, N(0, I) first.
  public static let names: [String] = [gaussian] + DatasetCatalog.all.map(\.name)

  /// The distribution of that name; throws `UnknownName`, which suggests the nearest.
  public static func named(
    _ name: String, dimension: Int
  ) throws(UnknownName) -> any Distribution {
    if name == gaussian { return StandardNormal(dimension: dimension) }
    guard let dataset = DatasetCatalog.all.first(where: { $0.name == name }) else {
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
    if let points = other.sourcePoints {
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
