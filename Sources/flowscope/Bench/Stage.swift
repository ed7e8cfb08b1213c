import ArgumentParser
import FlowMatching
import FlowViewer
import Foundation
import TerminalCanvas

/// What is measured inside a process that has a terminal: the benchmark starts itself there.
enum Stage: String, ExpressibleByArgument, CaseIterable {
  case frame, globe, words, drag, playback
  case liveMidpoint = "live-midpoint"
  case liveEuler = "live-euler"

  /// Measures on this process's terminal, then prints the figures as JSON once the screen is left.
  func perform(_ settings: BenchSettings) throws {
    let figures: [Figure]
    do {
      var terminal = try NcursesTerminal()
      figures =
        switch self {
        case .frame:
          FrameStage.measure("frame", particles: 100_000, on: &terminal, settings)
        case .globe:
          FrameStage.measure(
            "globe-frame", particles: 20_000, of: DatasetCatalog.sphereLand, on: &terminal, settings
          )
        case .words:
          FrameStage.measure(
            "words-frame", particles: 600, of: DatasetCatalog.words, on: &terminal, settings)
        case .drag: DragStage.measure("exact-drag", on: &terminal, settings)
        case .playback:
          FrameStage.measure("playback", particles: 1_000_000, on: &terminal, settings)
        case .liveMidpoint:
          LiveStage.measure("live-particles", .midpoint, start: 60_000, on: &terminal, settings)
        case .liveEuler:
          LiveStage.measure("live-particles-euler", .euler, start: 120_000, on: &terminal, settings)
        }
    } catch {
      throw Failure(code: .noTerminal, message: error.description).exit()
    }
    try Output.json(figures)
  }

  /// Starts this program on a pseudo-terminal and reads the figures that it measured.
  func figures(_ settings: BenchSettings) throws -> [Figure] {
    var arguments = ["bench", "--stage", rawValue, "--repeats", "\(settings.repeats)"]
    if settings.isQuick { arguments.append("--quick") }
    var terminal = try PseudoTerminal(arguments)
    let ending = try terminal.finish(within: 600)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    // What is left of leaving the screen comes first.
    let text = ending.text
    let start = text.firstRange(of: "[{")?.lowerBound ?? text.endIndex
    guard ending.status == 0,
      let figures = try? decoder.decode([Figure].self, from: Data(text[start...].utf8))
    else {
      throw Failure(
        code: .internal, message: "measuring on a pseudo-terminal failed: \(Output.visible(text))"
      ).exit()
    }
    return figures
  }

  /// A viewer as `watch` makes it, except that slices are not cut: a frame does all of its work.
  static func session<Driver: TrainingDriver>(
    _ driver: Driver, particles: Int, solver: LaneSettings,
    of dataset: Dataset = DatasetCatalog.eightGaussians, on terminal: borrowing NcursesTerminal
  ) -> Session<Driver> {
    var options = AppState.Options()
    options.particles = particles
    options.solver = solver
    options.evaluationBudget = 1 << 40
    options.adaptsBudget = false
    let state = AppState(
      experiment: Experiment(to: dataset), dataset: dataset, size: terminal.size,
      options: options)
    return Session(state: state, driver: driver, theme: terminal.theme, aspect: terminal.aspect)
  }
}
