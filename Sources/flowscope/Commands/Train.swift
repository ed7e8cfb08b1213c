import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// Trains without a screen.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train without a screen.",
    discussion: """
      Prints what was reached; on a terminal a progress bar runs on standard error.

        flowscope train --dataset moons --steps 2000 --seed 7 --json
        flowscope train --out run.safetensors --checkpoint-every 1000
        flowscope train --out run.safetensors --resume --steps 100000
        flowscope train --data points.csv --columns x,y --out points.safetensors
        flowscope train --source 8gaussians --dataset moons --coupling ot --path i-cfm:0.1
        flowscope train --reflow run.safetensors --out straight.safetensors
        flowscope train --dataset moons --objective likelihood --steps 1500
        flowscope train --dataset moons --model realnvp --steps 1500 --out couplings.safetensors
      """)

  @OptionGroup var presetOption: PresetOption

  @OptionGroup var options: ExperimentOptions

  @OptionGroup var target: TargetOptions

  @Option(help: "Optimiser steps in all, those before --resume too (the same as --train-steps).")
  var steps: Int?

  @Option(help: ArgumentHelp("Save to this safetensors file.", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Go on from a checkpoint; without a file from that of --out.", valueName: "file"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Learn the pairs of noise and where this checkpoint's flow carries it.", valueName: "file"))
  var reflow: String?

  @Option(help: ArgumentHelp("Save every so many steps, not only at the end.", valueName: "steps"))
  var checkpointEvery: Int?

  @Option(
    help: ArgumentHelp("Append a row for every measurement to this CSV file.", valueName: "file"))
  var metrics: String?

  @Option(
    help: "Threads for large batches of wide networks, 1 to 64; the bits do not depend on it.")
  var threads = 1

  @OptionGroup var output: ReportOptions

  func run() throws {
    guard (1...64).contains(threads) else { throw Failure.usage("--threads must be 1 to 64") }
    if let checkpointEvery, checkpointEvery < 1 {
      throw Failure.usage("--checkpoint-every must be 1 or more steps")
    }
    if output.json && metrics == "-" {
      throw Failure.usage("--metrics - and --json share standard output")
    }
    if let out, !out.hasSuffix(".safetensors") {
      throw Failure.usage("\(Output.visible(out)) must end in .safetensors")
    }
    var run = try preparedRun()
    let path = out ?? resume
    if checkpointEvery != nil && path == nil {
      throw Failure.usage("--checkpoint-every needs --out FILE.safetensors")
    }
    var file = try path.map { try CheckpointFile($0, interval: checkpointEvery) }
    var metrics = try metrics.map { try MetricsFile($0) }
    if file != nil { Interruption.begin() }
    let first = run.trainer.stepsDone
    var progress = ProgressBar(
      first: first, total: run.trainer.experiment.steps, isShown: !output.quiet)
    var price = CouplingPrice(first: first)
    let clock = ContinuousClock()
    let start = clock.now
    while !run.trainer.isFinished {
      run.step()
      try metrics?.append(run)
      if let failure = run.trainer.failure {
        progress.finish()
        try stop(for: failure, run.trainer, &file)
      }
      if let signal = Interruption.signalNumber {
        progress.finish()
        try file?.save(run.trainer)
        say("interrupted: step \(run.trainer.stepsDone) is saved to", file)
        throw ExitCode(128 + signal)
      }
      file?.saveIfDue(run.trainer)
      if !output.quiet { price.update(run, seconds: (clock.now - start) / .seconds(1), &progress) }
      progress.update(run)
    }
    let elapsed = clock.now - start
    progress.finish()
    if !output.quiet { price.finish(run) }
    if file?.savedStep != run.trainer.stepsDone { try file?.save(run.trainer) }
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    try report(
      run, stepsPerSecond: Double(run.trainer.stepsDone - first) / max(seconds, 1e-9))
    say("saved to", file)
  }

  /// The run before its next step: new, or as it was saved.
  private func preparedRun() throws -> TrainingRun {
    var options = options
    if let steps { options.trainSteps = steps }
    guard let resume else {
      var experiment = try presetOption.experiment(options.experiment())
      var dataset = try target.dataset(
        of: experiment, source: options.sourceFile, quiet: output.quiet)
      if let reflow { dataset = try Rectification(reflow).begin(&experiment, beside: dataset) }
      experiment.dataset = dataset.name
      try ExperimentOptions.validate(experiment, to: dataset)
      return TrainingRun(experiment, dataset: dataset, measuresDistance: false, threads: threads)
    }
    if reflow != nil {
      throw Failure.usage(
        "--resume goes on with the pairs that the checkpoint holds: omit --reflow")
    }
    if presetOption.preset != nil {
      throw Failure.usage("--resume goes on with the checkpoint's experiment: omit --preset")
    }
    if target.data != nil || options.sourceFile != nil {
      throw Failure.usage(
        "--resume goes on with the points that the checkpoint holds: omit --data and --source")
    }
    let saved: (experiment: Experiment, state: TrainerState, dataset: Dataset)
    do throws(FileFailure) {
      let checkpoint = try Input.model(resume, activation: nil)
      guard let experiment = checkpoint.experiment, let state = checkpoint.state,
        let dataset = try checkpoint.dataset()
      else { throw .malformed("it holds weights alone, training cannot go on from it") }
      saved = (experiment, state, dataset)
      if let set = checkpoint.instructionSet, set != .best, !output.quiet {
        Output.message(
          "\(Output.visible(resume)) was trained with \(set.title), this machine goes on with "
            + "\(InstructionSet.best.title): the last bits will differ")
      }
    } catch { throw Failure.file(error, resume, isInput: true) }
    let given = try options.experiment()
    let usual = try ExperimentOptions.parse(try Flowscope.settings(for: ["train"])).experiment()
    let experiment: Experiment
    do throws(Resumption.ChangedOption) {
      experiment = try Resumption.experiment(
        saved: saved.experiment, given: given, usual: usual)
    } catch {
      throw Failure.usage("--\(error.name) cannot change with --resume: only --steps can")
    }
    var run = TrainingRun(
      experiment, dataset: saved.dataset, measuresDistance: false, threads: threads)
    do throws(UnsuitableState) { try run.restore(saved.state) } catch {
      let reason = FileFailure.malformed("training cannot go on from it: \(error)")
      throw Failure.file(reason, resume, isInput: true)
    }
    return run
  }

  private func stop(
    for failure: TrainingFailure, _ trainer: Trainer, _ file: inout CheckpointFile?
  ) throws -> Never {
    try file?.save(trainer)
    let saved = file.map { "; \(Output.visible($0.path)) holds the last good weights" } ?? ""
    throw Failure(
      code: .checkFailed,
      message: "training stopped: \(failure); a smaller --learning-rate may help" + saved
    ).exit()
  }

  private func say(_ text: String, _ file: CheckpointFile?) {
    guard let file, !output.quiet else { return }
    Output.message("\(text) \(Output.visible(file.path))")
  }

  private func report(_ run: TrainingRun, stepsPerSecond: Double) throws {
    let result = Result(run, stepsPerSecond: stepsPerSecond)
    if output.json { return try Output.json(result) }
    let noise = result.w2NoiseFloor.map { String(format: "   noise floor %.3f", $0) } ?? ""
    let isLikelihood = run.trainer.experiment.objective == .likelihood
    let line = Train.line
    try Output.data(
      "dataset     \(result.dataset)\nsteps       \(result.steps)\nseed        \(result.seed)\n"
        + line(isLikelihood ? "NLL" : "loss", result.loss, 4, "")
        + line("floor", result.floor, 4, Train.floorNote(run))
        + line("excess", result.excessLoss, 4, "")
        + (result.matchingExcess.map { line("matching", $0, 4, "   the excess of its rival") } ?? "")
        + line("W2", result.w2, 3, noise)
        + line("steps/s", result.stepsPerSecond, 0, ""))
  }

  /// What stands behind a floor: its standard error, and the times that it belongs to.
  static func floorNote(_ run: TrainingRun) -> String {
    let error = run.lossFloorError.map { $0 > 0 ? String(format: " ± %.2g", $0) : "" } ?? ""
    let crop = run.lossFloorCrop.map {
      "   of t from \($0.lowerBound) to \($0.upperBound): over all of [0, 1] it is infinite"
    }
    return error + (crop ?? "")
  }

  /// A line of the report.
  static func line(_ name: String, _ value: Double?, _ decimals: Int, _ note: String) -> String {
    let text = value.map { String(format: "%.\(decimals)f", $0) } ?? "unknown"
    return name.padding(toLength: 12, withPad: " ", startingAt: 0) + text + note + "\n"
  }

  /// What the run reached; null where it is not known.
  struct Result: Encodable {
    let dataset: String
    let seed: UInt64
    let steps: Int
    let loss: Double?
    let floor: Double?
    /// The standard error of `floor`, 0 where that is exact.
    let floorStandardError: Double?
    /// The first and the last t that `floor` belongs to, where over all of them it would be infinite.
    let floorTimes: [Double]?
    let excessLoss: Double?
    /// The excess of flow matching beside it, in nats; nil where none was trained.
    let matchingExcess: Double?
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
      floorStandardError = run.lossFloorError
      floorTimes = run.lossFloorCrop.map { [$0.lowerBound, $0.upperBound] }
      excessLoss = finite(last?.excess)
      matchingExcess = finite(last?.rival?.excess)
      w2 = finite(last?.w2)
      w2NoiseFloor = run.noiseFloor?.mean
      self.stepsPerSecond = stepsPerSecond.rounded()
    }

    enum CodingKeys: CodingKey {
      case dataset, seed, steps, loss, floor, floorStandardError, floorTimes, excessLoss,
        matchingExcess, w2, w2NoiseFloor, stepsPerSecond
    }

    // By hand: an unknown number is null, not a key that is missing.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(dataset, forKey: .dataset)
      try container.encode(seed, forKey: .seed)
      try container.encode(steps, forKey: .steps)
      try container.encode(loss, forKey: .loss)
      try container.encode(floor, forKey: .floor)
      try container.encode(floorStandardError, forKey: .floorStandardError)
      try container.encodeIfPresent(floorTimes, forKey: .floorTimes)
      try container.encode(excessLoss, forKey: .excessLoss)
      try container.encodeIfPresent(matchingExcess, forKey: .matchingExcess)
      try container.encode(w2, forKey: .w2)
      try container.encode(w2NoiseFloor, forKey: .w2NoiseFloor)
      try container.encode(stepsPerSecond, forKey: .stepsPerSecond)
    }
  }
}
