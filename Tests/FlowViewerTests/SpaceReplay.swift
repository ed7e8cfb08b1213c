import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// A replay on a curved space with a small network.
func spaceReplay(
  _ name: String, columns: Int = 80, rows: Int = 24, particles: Int? = 400, steps: Int = 200,
  theme: Theme = Theme(depth: .direct, background: .dark), options: AppState.Options? = nil
) throws -> Replay {
  let dataset = try #require(DatasetCatalog.curved.first { $0.name == name })
  var experiment = Experiment(on: try #require(dataset.space))
  experiment.dataset = name
  experiment.widths = [16, 16]
  experiment.batch = 64
  experiment.steps = steps
  experiment.learningRate = 3e-3
  var options = options ?? AppState.Options()
  options.particles = particles
  return Replay(
    experiment: experiment, dataset: dataset, size: Size(columns: columns, rows: rows),
    options: options, theme: theme)
}

extension Space {
  /// Points that are uniform by area, always the same.
  func uniform(_ count: Int, seed: UInt64 = 7) -> Batch {
    var random = Random(seed: seed)
    var points = Batch(dimension: coordinates, count: count)
    sampleUniform(into: &points, using: &random)
    return points
  }
}
