/// Where flows start, by name: "gaussian" is N(0, I), any other name the data set's.
public enum Source {
  /// The name of the standard normal distribution.
  public static let gaussian = "gaussian"

  /// Every name, N(0, I) first.
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
