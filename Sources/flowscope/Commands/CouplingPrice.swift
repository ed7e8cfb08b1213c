import FlowMatching
import Foundation

/// Says once what steps with an entropic coupling cost, and at the end what became of its plans.
struct CouplingPrice {
  private let first: Int
  private var isSaid = false
  /// So many steps tell the time of one.
  private static let trial = 20

  init(first: Int) { self.first = first }

  /// Says it after some steps, or half a second.
  mutating func update(_ run: TrainingRun, seconds: Double, _ progress: inout ProgressBar) {
    let steps = run.trainer.stepsDone - first
    guard !isSaid, let tally = run.trainer.couplingTally, tally.batches > 0,
      steps >= CouplingPrice.trial || seconds > 0.5
    else { return }
    isSaid = true
    let step = seconds / Double(steps)
    let left = step * Double(run.trainer.experiment.steps - run.trainer.stepsDone)
    progress.finish()
    Output.message(
      "\(run.trainer.experiment.coupling): "
        + String(
          format: "%.0f iterations and %.1f ms a step, %.0f s for the steps left",
          Double(tally.iterations) / Double(tally.batches), 1000 * step, left))
  }

  /// Says which plans were replaced, if any was.
  func finish(_ run: TrainingRun) {
    let complaint = run.trainer.couplingTally?.complaint(of: run.trainer.experiment.coupling)
    if let complaint { Output.message(complaint) }
  }
}
