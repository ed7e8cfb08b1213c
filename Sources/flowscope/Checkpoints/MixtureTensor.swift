import FileFormats
import FlowMatching

/// A mixture of one's own as the tensor `data.mixture`, k×(1 + d + d²): of every component its weight, its mean
/// and its covariance.
enum MixtureTensor {
  private static let name = "data.mixture"

  /// The tensor of a mixture that is none of the catalogue.
  static func encode(_ dataset: Dataset) -> Safetensors.Tensor? {
    guard let mixture = dataset.mixture,
      !DatasetCatalog.all.contains(where: { $0.name == dataset.name })
    else { return nil }
    let d = mixture.dimension
    return Safetensors.Tensor(
      name, shape: [mixture.weights.count, 1 + d + d * d],
      doubles: mixture.weights.indices.flatMap {
        [mixture.weights[$0]] + mixture.means[$0] + mixture.covariances[$0]
      })
  }

  /// The mixture of a run; nil where it learned none of its own.
  static func decode(
    _ file: Safetensors, of experiment: Experiment?
  ) throws(FileFailure) -> GaussianMixture? {
    guard let experiment, let entry = file.header[name] else { return nil }
    let d = experiment.dimension
    let width = 1 + d + d * d
    guard entry.shape.count == 2, entry.shape[1] == width, (1...1024).contains(entry.shape[0])
    else { throw .malformed("its \(name) is not that of a mixture of \(d) coordinates") }
    let rows = try file.doubles(name)
    let parts = (0..<entry.shape[0]).map { k in
      let row = Array(rows[k * width..<(k + 1) * width])
      return MixturePart(
        weight: row[0], mean: Array(row[1...d]), covariance: Array(row[(d + 1)...]))
    }
    if let complaint = parts.lazy.compactMap({ $0.complaint(dimension: d) }).first {
      throw .malformed("in its \(name) \(complaint)")
    }
    return GaussianMixture(parts)
  }
}
