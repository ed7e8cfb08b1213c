import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// A replay of a small, quickly trained network, for tests of the state and the screen.
func smallReplay(
  dataset: String = "8gaussians", columns: Int = 80, rows: Int = 24, particles: Int? = 256,
  steps: Int = 400, learningRate: Double = 1e-3,
  theme: Theme = Theme(depth: .direct, background: .dark), options: AppState.Options? = nil
) throws -> Replay {
  var experiment = Experiment()
  experiment.dataset = dataset
  experiment.widths = [16, 16]
  experiment.batch = 64
  experiment.steps = steps
  experiment.learningRate = learningRate
  var options = options ?? AppState.Options()
  options.particles = particles
  return Replay(
    experiment: experiment, dataset: try DatasetCatalog.named(dataset),
    size: Size(columns: columns, rows: rows), options: options, theme: theme)
}

/// A preset of trainings by likelihood with small networks, cheap steps and few of them.
func presetReplay(_ name: String, _ size: Size, particles: Int? = nil) throws -> Replay {
  let preset = try Preset.named(name)
  var experiment = preset.experiment
  experiment.widths = [16, 16]
  experiment.batch = 64
  experiment.likelihood.steps = 4
  experiment.steps = 60
  experiment.learningRate = 3e-3
  var options = AppState.Options()
  options.preset = preset
  options.particles = particles
  return Replay(
    experiment: experiment, dataset: try DatasetCatalog.named(experiment.dataset), size: size,
    options: options, theme: Theme(depth: .direct, background: .dark))
}

/// A cell with its colours themselves: palettes number them in the order of their first use.
struct SeenCell: Equatable {
  let scalar: UInt32
  let foreground: Paint
  let background: Paint
  let attributes: Attributes
}

extension Screen {
  var picture: [SeenCell] {
    cells.map {
      SeenCell(
        scalar: $0.scalar, foreground: palette[$0.foreground], background: palette[$0.background],
        attributes: $0.attributes)
    }
  }
}

extension Replay {
  /// Performs a script; snapshots are collected by name.
  @discardableResult
  mutating func run(_ script: String) throws -> [String: Screen] {
    var snapshots: [String: Screen] = [:]
    for command in try ReplayScript(script).commands {
      perform(command) { snapshots[$0] = $1 }
    }
    return snapshots
  }

  /// What is seen: characters and colours, whatever numbers the colours have in the palette.
  var picture: [SeenCell] { session.screen.picture }
  var state: AppState { session.state }
  var text: String { session.screen.text() }
}
