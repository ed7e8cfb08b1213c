import FlowMatching
import Foundation

/// What `train --dry-run` tells: what would be trained, and what that takes.
struct TrainingPlan: Encodable {
  let dataset: String
  let seed: UInt64
  let firstStep: Int
  let steps: Int
  let weights: Int
  let batch: Int
  /// The least memory of the run itself.
  let memoryBytes: Int
  /// As measured over a few steps.
  let stepsPerSecond: Double
  let seconds: Double
  let out: String?
  let metrics, tensorboard: String?
  /// Why the run would end before its first step; empty where it would not.
  let refused: [PlannedFiles.Refusal]

  /// Measures a few steps of a copy of the run, for at most about half a second.
  init(_ run: TrainingRun, _ files: PlannedFiles) {
    let experiment = run.trainer.experiment
    dataset = run.dataset.name
    seed = experiment.seed
    firstStep = run.trainer.stepsDone
    steps = experiment.steps
    weights = experiment.parameterCount
    batch = experiment.batch
    // Weights, average, two moments and a gradient of four bytes each, and two whole states that are
    // kept for a failure; the ends, the points, the targets and the times of a batch.
    memoryBytes =
      weights * 4 * (5 + 2 * 4) + batch * 8 * (4 * experiment.dimension + 1)
      + ((run.dataset.distribution as? PointCloud)?.points.values.count ?? 0) * 8
    var trial = run.trainer
    let clock = ContinuousClock()
    let start = clock.now
    var taken = 0
    while taken < 2000, trial.failure == nil, taken < 3 || clock.now - start < .milliseconds(400) {
      trial.step()
      taken += 1
    }
    stepsPerSecond = Double(taken) / max((clock.now - start) / .seconds(1), 1e-9)
    seconds = Double(max(0, steps - firstStep)) / stepsPerSecond
    out = files.out
    metrics = files.metrics
    tensorboard = files.tensorboard
    refused = files.refused
  }

  /// The same for people.
  var text: String {
    let begins = firstStep > 0 ? " from \(firstStep)" : ""
    let memory = String(format: "at least %.1f MB", Double(memoryBytes) / 1e6)
    return "dataset     \(dataset)\nseed        \(seed)\nsteps       \(steps)\(begins)\n"
      + "weights     \(weights)\nbatch       \(batch)\nmemory      \(memory)\n"
      + String(
        format: "time        %@ at %.3g steps/s\n", ProgressLine.duration(seconds), stepsPerSecond)
      + "checkpoint  \(out.map(Output.visible) ?? "none: the result would not be kept")\n"
      + (metrics.map { "metrics     \(Output.visible($0))\n" } ?? "")
      + (tensorboard.map { "tensorboard \(Output.visible($0))\n" } ?? "")
      + refused.map { "refused     \($0.message)\n" }.joined()
  }
}
