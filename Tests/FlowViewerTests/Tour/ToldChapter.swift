import FlowMatching
import TerminalCanvas

@testable import FlowViewer

/// A session without a screen in which a small network learns quickly.
struct QuietSession {
  private(set) var session: Session<InlineTrainer>
  /// Optimiser steps that pass with each frame.
  var stepsPerFrame = 60

  /// A preset's experiment with a smaller network, or as it is; as many particles as a test needs.
  init(_ preset: Preset, chapter: Chapter? = nil, isWhole: Bool = false) throws {
    var experiment = preset.experiment
    if !isWhole {
      let price = experiment.kind.stepPrice
      let isByLikelihood = price >= 10
      experiment.widths = isByLikelihood ? [16, 16] : [24, 24]
      experiment.batch = isByLikelihood ? 64 : 96
      experiment.likelihood.steps = 4
      experiment.learningRate = 1e-2
      experiment.learningRateDecay = .cosine
      experiment.steps = isByLikelihood ? 40 : 800 / price
    }
    let dataset = try DatasetCatalog.named(experiment.dataset)
    var options = AppState.Options()
    options.preset = preset
    options.chapter = chapter
    options.particles = 256
    options.instructionSet = .baseline
    options.evaluationBudget = 1 << 22
    options.adaptsBudget = false
    let state = AppState(
      experiment: experiment, dataset: dataset,
      // A chapter is told on the smallest comfortable screen.
      size: chapter == nil ? Size(columns: 120, rows: 36) : Size(columns: 80, rows: 24),
      options: options)
    let trainer = InlineTrainer(
      experiment, dataset: state.dataset, solver: options.solver, instructionSet: .baseline,
      stepsPerSecond: 1000)
    session = Session(
      state: state, driver: trainer, theme: Theme(depth: .direct, background: .dark), aspect: 2)
    _ = session.frame(0)
  }

  var state: AppState { session.state }

  /// Lets a frame of a tenth of a second go by.
  mutating func frame() {
    session.driver.pass(steps: stepsPerFrame)
    _ = session.frame(0.1)
  }

  mutating func press(_ key: Key) { _ = session.handle(.key(key)) }

  /// Lets frames go by until all claims hold; those that do not in the end.
  mutating func await(_ claims: [Claim], frames: Int = 400) -> [Claim] {
    for _ in 0..<frames {
      if claims.allSatisfy({ $0.holds(in: state) }) { return [] }
      frame()
    }
    return claims.filter { !$0.holds(in: state) }
  }

  /// Tells the chapter to its end; the claims that were not met, by scene.
  mutating func tell() -> [String] {
    var pilot = TourPilot(haste: .infinity)
    var unmet: [String] = []
    var scene = -1
    while true {
      let command = pilot.next(state)
      if command == nil || command == .key(.enter), let tour = state.dialogue.tour,
        tour.scene != scene
      {
        scene = tour.scene
        if state.awaitsMoment { unmet.append("scene \(scene) waits in vain") }
        unmet += self.await(state.told?.shows ?? []).map { "scene \(scene): \($0)" }
      }
      switch command {
      case .key(let key): press(key)
      case .wait: frame()
      default: return unmet
      }
    }
  }
}
