import FileFormats
import FlowMatching
import Foundation

/// A mixture of Gaussians as a file says it: one JSON object,
/// `{"mixture": [{"weight": 1, "mean": [4, 0], "deviation": 0.5}, …]}`.
///
/// Only the ratios of the weights count. A component that is no ball has a `covariance`, row after row, in the
/// place of its `deviation`.
enum MixtureFile {
  /// The most components and coordinates of one.
  private static let (most, mostCoordinates) = (1024, 64)

  private struct Content: Codable {
    let mixture: [Component]
  }

  private struct Component: Codable {
    let weight: Double
    let mean: [Double]
    let deviation: Double?
    let covariance: [Double]?
  }

  /// Whether a name is that of such a file.
  static func isNamed(_ path: String) -> Bool { path.lowercased().hasSuffix(".json") }

  /// The mixture as the text of a file, a component a line.
  static func encode(_ parts: [MixturePart]) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let lines = parts.map { part in
      let component = Component(
        weight: part.weight, mean: part.mean,
        deviation: part.covariance == nil ? part.deviation : nil, covariance: part.covariance)
      // Finite numbers, all of which JSON can say.
      return "    " + String(decoding: (try? encoder.encode(component)) ?? Data(), as: UTF8.self)
    }
    return Array(("{\n  \"mixture\": [\n" + lines.joined(separator: ",\n") + "\n  ]\n}\n").utf8)
  }

  /// Reads a mixture strictly: every component has the coordinates of the first.
  static func decode(_ bytes: [UInt8]) throws(FileFailure) -> GaussianMixture {
    try StrictJSON.validate(bytes)
    let content: Content
    do { content = try JSONDecoder().decode(Content.self, from: Data(bytes)) } catch {
      throw .malformed(
        "it is no mixture: {\"mixture\": [{\"weight\": 1, \"mean\": [4, 0], \"deviation\": 0.5}, …]}"
      )
    }
    guard let first = content.mixture.first else { throw .malformed("it has no component") }
    let d = first.mean.count
    guard (1...mostCoordinates).contains(d), content.mixture.count <= most else {
      throw .malformed(
        "a mixture has up to \(most) components of 1 to \(mostCoordinates) coordinates")
    }
    var parts: [MixturePart] = []
    for (index, component) in content.mixture.enumerated() {
      let part: MixturePart
      switch (component.deviation, component.covariance) {
      case (let deviation?, nil):
        part = MixturePart(
          weight: component.weight, mean: component.mean, deviation: deviation)
      case (nil, let covariance?) where covariance.count == d * d && component.mean.count == d:
        part = MixturePart(
          weight: component.weight, mean: component.mean, covariance: covariance)
      default:
        throw .malformed(
          "component \(index + 1) needs a deviation, or a covariance of \(d * d) numbers")
      }
      if let complaint = part.complaint(dimension: d) {
        throw .malformed("component \(index + 1): \(complaint)")
      }
      // Networks take points in single precision.
      if let far = part.mean.lazy.compactMap(CoordinateLimit.single.complaint).first {
        throw .malformed("component \(index + 1): a mean \(far)")
      }
      parts.append(part)
    }
    return GaussianMixture(parts)
  }

  /// The mixture of a file as a data set of its name.
  static func dataset(
    _ path: String, opening open: Input.Opening = Input.source
  ) throws(FileFailure) -> Dataset {
    let mixture = try decode(open(path).readAll(limit: 1 << 22))
    return dataset(Input.name(of: path), mixture)
  }

  /// A mixture as a data set.
  static func dataset(_ name: String, _ mixture: GaussianMixture) -> Dataset {
    let count = mixture.weights.count
    return Dataset(
      name: name, title: name,
      summary: "a mixture of \(count) Gaussian\(count == 1 ? "" : "s") of \(name)",
      mixture: mixture, entropyFloor: nil)
  }
}
