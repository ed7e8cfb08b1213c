import FileFormats
import FlowMatching

/// What was observed of the points of a run, as they were measured: the tensor `data.observations`, n×m.
enum ObservationTensor {
  private static let name = "data.observations"

  /// The tensor of given simulations; nil where there are none.
  static func encode(_ dataset: Dataset) -> Safetensors.Tensor? {
    guard let table = dataset.simulations as? SimulationTable else { return nil }
    let observed = table.observations
    return Safetensors.Tensor(
      name, shape: [observed.count, observed.dimension], doubles: observed.interleaved)
  }

  /// The observations of a run on points of its own; nil where nothing was observed of them.
  static func decode(
    _ file: Safetensors, of experiment: Experiment?, _ points: Batch?
  ) throws(FileFailure) -> Batch? {
    guard let experiment, experiment.learnsPosterior, let points else { return nil }
    guard let entry = file.header[name] else {
      throw .malformed("it learned a posterior, but \(name) is missing")
    }
    guard entry.shape == [points.count, experiment.observations.count] else {
      throw .malformed("its \(name) are not those of its points and its observed columns")
    }
    let rows = try file.doubles(name)
    if let complaint = rows.lazy.compactMap(CoordinateLimit.double.complaint).first {
      throw .malformed("a number of \(name) \(complaint)")
    }
    return Batch(interleaved: rows, dimension: experiment.observations.count)
  }
}
