import FileFormats
import FlowMatching
import Foundation

/// How the points of files were standardised, as a checkpoint's metadata say it: `data_units` and
/// `source_units`, {"deviation": [0.3, 4], "mean": [1.5, -2]}; and by which numbers they say where in a
/// curved space they lie: `notation`, "longitude-latitude".
struct Units {
  /// Of the target's points, and of those from which flows start; nil where they are as given.
  var data, source: Standardisation?
  /// Of points of a curved space; nil for flat ones.
  var notation: PointNotation?

  private struct Numbers: Codable {
    let deviation, mean: [Double]
  }

  init(of dataset: Dataset) {
    data = dataset.units
    source = dataset.sourceUnits
    notation = dataset.notation
  }

  /// Reads the metadata of a file; throws where they are none.
  init(_ metadata: [String: String]) throws(FileFailure) {
    data = try Units.standardisation("data_units", metadata)
    source = try Units.standardisation("source_units", metadata)
    guard let name = metadata["notation"] else { return }
    notation = PointNotation(name)
    if notation == nil {
      throw .malformed("its notation of points is none that is known")
    }
  }

  private static func standardisation(
    _ key: String, _ metadata: [String: String]
  ) throws(FileFailure) -> Standardisation? {
    guard let text = metadata[key] else { return nil }
    try StrictJSON.validate(Array(text.utf8))
    guard let numbers = try? JSONDecoder().decode(Numbers.self, from: Data(text.utf8)),
      let units = Standardisation(means: numbers.mean, deviations: numbers.deviation),
      units.means.count == 2
    else { throw .malformed("its \(key) are no means and deviations of two coordinates") }
    return units
  }

  /// What a file says of them.
  var metadata: [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let named = [("data_units", data), ("source_units", source)]
    let start = notation.map { ["notation": $0.name] } ?? [:]
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
