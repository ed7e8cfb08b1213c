import ArgumentParser
import FlowMatching
import Foundation

/// Trains without a screen.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train without a screen.",
    discussion: """
      Prints what was reached; on a terminal a progress bar runs on standard error.

        flowscope train --dataset moons --steps 2000 --seed 7 --json
        flowscope train --widths 128,128 --activation selu --steps 20000
      """)

  @OptionGroup var options: ExperimentOptions

  @Option(help: "Optimiser steps in all (the same as --train-steps).")
  var steps: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "No progress bar and no messages.")
  var quiet = false

  func run() throws {
    var options = options
    if let steps { options.trainSteps = steps }
    let experiment = try options.experiment()
    let dataset = try options.target()
    var run = TrainingRun(experiment, dataset: dataset, measuresDistance: false)
    var progress = ProgressBar(total: experiment.steps, isShown: !quiet)
    let clock = ContinuousClock()
    let start = clock.now
    while !run.trainer.isFinished {
      run.step()
      if let failure = run.trainer.failure {
        progress.finish()
        throw Failure(
          code: .checkFailed,
          message: "training stopped: \(failure); "
            + "a smaller --learning-rate may help"
        ).exit()
      }
      progress.update(run)
    }
    let elapsed = clock.now - start
    progress.finish()
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    try report(run, stepsPerSecond: Double(run.trainer.stepsDone) / max(seconds, 1e-9))
  }

  private func report(_ run: TrainingRun, stepsPerSecond: Double) throws {
    let result = Result(run, stepsPerSecond: stepsPerSecond)
    if json { return try Output.json(result) }
    func line(_ name: String, _ value: Double?, _ decimals: Int, _ note: String = "") -> String {
      let text = value.map { String(format: "%.\(decimals)f", $0) } ?? "unknown"
      return name.padding(toLength: 12, withPad: " ", startingAt: 0) + text + note + "\n"
    }
    let noise = result.w2NoiseFloor.map { String(format: "   noise floor %.3f", $0) } ?? ""
    try Output.data(
      "dataset     \(result.dataset)\nsteps       \(result.steps)\nseed        \(result.seed)\n"
        + line("loss", result.loss, 4) + line("floor", result.floor, 4)
        + line("excess", result.excessLoss, 4) + line("W2", result.w2, 3, noise)
        + line("steps/s", result.stepsPerSecond, 0))
  }

  /// What the run reached; null where it is not known.
  struct Result: Encodable {
    let dataset: String
    let seed: UInt64
    let steps: Int
    let loss: Double?
    let floor: Double?
    let excessLoss: Double?
    let w2: Double?
    let w2NoiseFloor: Double?
    let stepsPerSecond: Double

    init(_ run: TrainingRun, stepsPerSecond: Double) {
      let last = run.measurements.last
      func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
      dataset = run.dataset.name
      seed = run.trainer.experiment.seed
      steps = run.trainer.stepsDone
      loss = finite(run.trainer.averageLoss)
      floor = run.lossFloor
      excessLoss = finite(last?.excess)
      w2 = finite(last?.w2)
      w2NoiseFloor = run.noiseFloor?.mean
      self.stepsPerSecond = stepsPerSecond.rounded()
    }

    enum CodingKeys: CodingKey {
      case dataset, seed, steps, loss, floor, excessLoss, w2, w2NoiseFloor, stepsPerSecond
    }

    // By hand: an unknown number is null, not a key that is missing.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(dataset, forKey: .dataset)
      try container.encode(seed, forKey: .seed)
      try container.encode(steps, forKey: .steps)
      try container.encode(loss, forKey: .loss)
      try container.encode(floor, forKey: .floor)
      try container.encode(excessLoss, forKey: .excessLoss)
      try container.encode(w2, forKey: .w2)
      try container.encode(w2NoiseFloor, forKey: .w2NoiseFloor)
      try container.encode(stepsPerSecond, forKey: .stepsPerSecond)
    }
  }
}
