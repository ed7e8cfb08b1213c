import FileFormats
import FlowMatching
import Foundation

/// How the points of files were standardised, as a checkpoint's metadata say it: `data_units` and
/// `source_units`, {"deviation": [0.3, 4], "mean": [1.5, -2]}; and by which numbers they say where in a
/// curved space they lie: `notation`, "longitude-latitude". `columns` is what a file called the
/// coordinates of points beyond the plane, ["weight", "height", "age"].
struct Units {
  /// Of the target's points, and of those from which flows start; nil where they are as given.
  var data, source: Standardisation?
  /// Of points of a curved space; nil for flat ones.
  var notation: PointNotation?
  /// The names of the coordinates; nil where there are none, and in the plane unless they are parameters.
  var columns: [String]?

  /// Of what the lengths of flat points are, as reports say it.
  var name: String { Units.name(isStandardised: data != nil) }

  /// The same where only this is kept.
  static func name(isStandardised: Bool) -> String { isStandardised ? "standardised" : "file" }

  /// What the numbers of a point of flat space are called where nobody says: x and y, or x1, x2, ….
  static func usualColumns(dimension: Int) -> [String] {
    dimension == 2 ? ["x", "y"] : (1...dimension).map { "x\($0)" }
  }

  /// What the numbers of a point are called in files, in the notation that is written.
  func columns(_ written: PointNotation?, dimension: Int) -> [String] {
    written?.columns ?? columns ?? Units.usualColumns(dimension: dimension)
  }

  private struct Numbers: Codable {
    let deviation, mean: [Double]
  }

  init(of dataset: Dataset) {
    data = dataset.units
    source = dataset.sourceUnits
    notation = dataset.notation
    columns = dataset.columns
  }

  /// Reads the metadata of a file of points with so many coordinates; throws where they are none.
  init(_ metadata: [String: String], dimension: Int = 2) throws(FileFailure) {
    data = try Units.standardisation("data_units", metadata, dimension)
    source = try Units.standardisation("source_units", metadata, dimension)
    columns = try Units.columns(metadata, dimension)
    guard let name = metadata["notation"] else { return }
    notation = PointNotation(name)
    if notation == nil {
      throw .malformed("its notation of points is none that is known")
    }
  }

  private static func standardisation(
    _ key: String, _ metadata: [String: String], _ dimension: Int
  ) throws(FileFailure) -> Standardisation? {
    guard let text = metadata[key] else { return nil }
    try StrictJSON.validate(Array(text.utf8))
    guard let numbers = try? JSONDecoder().decode(Numbers.self, from: Data(text.utf8)),
      let units = Standardisation(means: numbers.mean, deviations: numbers.deviation),
      units.means.count == dimension
    else {
      let coordinates = dimension == 2 ? "two coordinates" : "\(dimension) coordinates"
      throw .malformed("its \(key) are no means and deviations of \(coordinates)")
    }
    return units
  }

  private static func columns(
    _ metadata: [String: String], _ dimension: Int
  ) throws(FileFailure) -> [String]? {
    guard let text = metadata["columns"] else { return nil }
    try StrictJSON.validate(Array(text.utf8))
    guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)),
      names.count == dimension, usable(names) == names
    else { throw .malformed("its columns are no names of \(dimension) coordinates") }
    return names
  }

  /// Names of coordinates that can be kept and printed: different, none empty, too long or acting on a
  /// terminal; else nil.
  static func usable(_ names: [String]?) -> [String]? {
    guard let names, Set(names).count == names.count,
      names.allSatisfy({
        !$0.isEmpty && $0.utf8.count <= LabelColumn.nameLimit && FileFailure.printable($0) == $0
      })
    else { return nil }
    return names
  }

  /// What a file says of them.
  var metadata: [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let named = [("data_units", data), ("source_units", source)]
    var start = notation.map { ["notation": $0.name] } ?? [:]
    start["columns"] = columns.flatMap { try? encoder.encode($0) }
      .map { String(decoding: $0, as: UTF8.self) }
    return named.reduce(into: start) { result, entry in
      guard let units = entry.1,
        let text = try? encoder.encode(Numbers(deviation: units.deviations, mean: units.means))
      else { return }
      result[entry.0] = String(decoding: text, as: UTF8.self)
    }
  }
}

extension Standardisation {
  /// “standardised, mean 1.5, -2, deviation 0.3, 4”.
  var words: String {
    func list(_ values: [Double]) -> String {
      values.map { String(format: "%.6g", $0) }.joined(separator: ", ")
    }
    return "standardised, mean \(list(means)), deviation \(list(deviations))"
  }
}
