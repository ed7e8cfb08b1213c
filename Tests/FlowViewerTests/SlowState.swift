import FlowMatching
import TerminalCanvas

@testable import FlowViewer

/// A state whose ticks can pay for little work, so that everything is seen half done.
func slowState(
  budget: Int = 2000, columns: Int = 160, rows: Int = 48, particles: Int? = 1024,
  change: (inout AppState.Options) -> Void = { _ in }
) -> AppState {
  var experiment = Experiment()
  experiment.widths = [16, 16]
  var options = AppState.Options()
  options.particles = particles
  options.instructionSet = .baseline
  options.evaluationBudget = budget
  options.adaptsBudget = false
  change(&options)
  return AppState(
    experiment: experiment, dataset: DatasetCatalog.eightGaussians,
    size: Size(columns: columns, rows: rows), options: options)
}

extension AppState {
  /// Presses keys by their names, all before the next tick.
  @discardableResult
  mutating func press(_ names: String...) -> [Effect] {
    names.flatMap { update(.event(.key(Key(name: $0)!))) }
  }

  /// Asks for some file and answers at once.
  mutating func answer(_ answer: FileAnswer) {
    _ = read(.points("some file"))
    _ = update(.file(answer))
  }

  /// Lets a number of frames go by.
  @discardableResult
  mutating func tick(_ count: Int = 1, seconds: Double = 1 / 30) -> [Effect] {
    (0..<count).flatMap { _ in update(.tick(seconds)) }
  }

  /// Lets frames go by until every solve is done.
  mutating func settle() {
    for _ in 0..<20_000 where !lanes.ensemble.isOver || studies.study?.isOver == false {
      tick(seconds: 0)
    }
  }

  /// The cells of this state on a fresh screen.
  func drawn() -> Screen {
    var screen = Screen(size: window.size)
    var painter = FramePainter(theme: Theme(depth: .direct, background: .dark))
    painter.draw(self, into: &screen)
    return screen
  }
}

extension [Effect] {
  /// The distances that are asked for.
  var distanceRequests: [DistanceRequest] {
    compactMap { if case .trainer(.distance(let request)) = $0 { request } else { nil } }
  }
}
