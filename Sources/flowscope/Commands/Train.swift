import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// Trains without a screen.
struct Train: TakesSettings {
  static let configuration = CommandConfiguration(
    abstract: "Train without a screen.",
    discussion: """
      Prints what was reached; on a terminal a progress bar runs on standard error.

        flowscope train --dataset moons --steps 2000 --seed 7 --json
        flowscope train --out run.safetensors --checkpoint-every 1000
        flowscope train --out run.safetensors --resume --steps 100000
        flowscope train --metrics run.jsonl --tensorboard logs/run
        flowscope train --data points.csv --columns x,y --out points.safetensors
        flowscope train --source 8gaussians --dataset moons --coupling ot --path i-cfm:0.1
        flowscope train --reflow run.safetensors --out straight.safetensors
        flowscope train --dataset moons --objective likelihood --steps 1500
        flowscope train --dataset moons --model realnvp --steps 1500 --out layers.safetensors
      """)

  @OptionGroup var presetOption: PresetOption

  @OptionGroup var options: ExperimentOptions

  @OptionGroup var target: TargetOptions

  @Option(
    help: "Optimiser steps in all, those before --resume too (the same as --train-steps).",
    transform: WholeNumber.parse)
  var steps: Int?

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Save to this safetensors file; - is standard output.", valueName: "file"),
    completion: .file())
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Go on from a checkpoint, with other --steps, --learning-rate or --weight-decay if given; "
        + "without a file from that of --out.", valueName: "file"), completion: .file())
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Learn the pairs of noise and where this checkpoint's flow carries it.", valueName: "file"),
    completion: .file())
  var reflow: String?
  @OptionGroup var readingOptions: ReadingOptions

  @Option(
    help: ArgumentHelp("Save every so many steps, not only at the end.", valueName: "steps"),
    transform: WholeNumber.parse)
  var checkpointEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Append a row for every measurement to this file: CSV, or JSON where it ends in .jsonl.",
      valueName: "file"), completion: .file())
  var metrics: String?

  @Option(
    help: ArgumentHelp(
      "Write every measurement to an event file in this folder, for TensorBoard.",
      valueName: "folder"), completion: .directory)
  var tensorboard: String?

  @Option(
    help:
      "Threads for large batches of wide networks and for optimal transport, 1 to 64; same bits.",
    transform: WholeNumber.parse)
  var threads = 1

  @Flag(help: "Say what would be trained, with its memory, time and files, and end.")
  var dryRun = false

  @OptionGroup var overwrite: OverwriteOptions

  @OptionGroup var output: ReportOptions

  /// A checkpoint that goes on says everything.
  mutating func take(_ settings: Settings) throws {
    if resume != nil { return }
    try presetOption.fill(
      &options, from: settings, beside: target, except: steps == nil ? [] : ["train-steps"])
  }

  func run() throws {
    try validateChoices()
    if dryRun { return try plan() }
    var file = try checkpointFile()
    var run = try preparedRun(&file)
    let reached = resume == nil ? nil : run.stepsDone
    var events = try tensorboard.map {
      try TensorBoardLog($0, overwrite: overwrite, resumedAt: reached)
    }
    var metrics = try metrics.map {
      try MetricsFile($0, overwrite: overwrite, resumedAt: reached)
    }
    try events?.begin()
    if file == nil {
      output.message("flowscope: the result is not kept; --out FILE.safetensors saves it")
    } else {
      Interruption.beginSaving()
    }
    let first = run.stepsDone
    var progress = ProgressBar(
      first: first, total: run.trainer.experiment.steps, isShown: !output.quiet)
    var price = CouplingPrice(first: first)
    let clock = ContinuousClock()
    let start = clock.now
    while !run.trainer.isFinished {
      run.step()
      try metrics?.append(run)
      try events?.append(run)
      if let failure = run.trainer.failure {
        progress.finish()
        try stop(for: failure, run.trainer, &file)
      }
      if let signal = Interruption.signalNumber {
        progress.finish()
        try file?.save(run.trainer)
        say("interrupted: step \(run.stepsDone) is saved to", file)
        throw ExitCode(128 + signal)
      }
      file?.saveIfDue(run.trainer)
      if !output.quiet { price.update(run, seconds: (clock.now - start) / .seconds(1), &progress) }
      progress.update(run)
    }
    let seconds = (clock.now - start) / .seconds(1)
    progress.finish()
    if !output.quiet { price.finish(run) }
    if file?.savedStep != run.stepsDone { try file?.save(run.trainer) }
    try report(run, stepsPerSecond: Double(run.stepsDone - first) / max(seconds, 1e-9))
    say("saved to", file)
  }

  /// Refuses what cannot be meant before anything is read or made.
  private func validateChoices() throws {
    guard (1...64).contains(threads) else {
      throw Failure.usage("--threads must be 1 to 64, not \(threads)", option: "--threads")
    }
    if let steps, let other = options.steps, steps != other {
      throw Failure.usage(
        "--steps and --train-steps are the same thing: give one of them", option: "--steps")
    }
    if reflow == nil { try readingOptions.refuse("of --reflow") }
    if let checkpointEvery {
      guard checkpointEvery >= 1 else {
        throw Failure.usage(
          "--checkpoint-every must be 1 or more steps", option: "--checkpoint-every")
      }
      guard let path = out ?? resume, path != "-" else {
        throw Failure.usage(
          "--checkpoint-every needs --out FILE.safetensors", option: "--checkpoint-every")
      }
    }
    if resume == "-" && out == nil {
      throw Failure.usage("--resume - needs --out FILE.safetensors to save to", option: "--out")
    }
    let streams = [output.json ? "--json" : nil, out == "-" ? "--out -" : nil]
    let named = (streams + [metrics == "-" ? "--metrics -" : nil]).compactMap { $0 }
    if named.count > 1 {
      throw Failure.usage("\(named.joined(separator: " and ")) share standard output")
    }
    if let out, out != "-", !out.hasSuffix(".safetensors"), !POSIXFile.isSpecial(out) {
      throw Failure.usage(
        "--out must name a file that ends in .safetensors, not “\(Output.visible(out))”")
    }
    if let metrics, metrics != "-", !POSIXFile.isSpecial(metrics) {
      let others =
        [("--out", out), ("--resume", resume), ("--data", target.data)]
        + [("--source", options.sourceFile), ("--reflow", reflow)]
      for case (let name, let path?) in others where AtomicFile.isSame(metrics, path) {
        throw Failure.usage("--metrics and \(name) are the same file", option: "--metrics")
      }
    }
    for case (let name, let path?) in [("--out", out), ("--metrics", metrics)] {
      if let tensorboard, path != "-", AtomicFile.isSame(tensorboard, path) {
        throw Failure.usage(
          "--tensorboard takes a folder, \(name) a file: they cannot be the same",
          option: "--tensorboard")
      }
    }
  }

  /// The file of the checkpoint, which nobody else may write from here on; nil where none is kept.
  private func checkpointFile() throws -> CheckpointFile? {
    guard let path = out ?? resume else { return nil }
    // Whoever writes it now is named first: that it exists would be the lesser reason.
    let goesOn = resume.map { $0 != "-" && path != "-" && AtomicFile.isSame($0, path) } ?? false
    if goesOn { return try CheckpointFile(path, interval: checkpointEvery) }
    if !overwrite.noClobber {
      let file = try CheckpointFile(path, interval: checkpointEvery)
      _ = try overwrite.place(path, ways: ["--resume goes on with it"])
      return file
    }
    return try CheckpointFile(overwrite.place(path), interval: checkpointEvery)
  }

  /// The run before its next step: new, or as it was saved.
  func preparedRun(_ file: inout CheckpointFile?) throws -> TrainingRun {
    var options = options
    if let steps { try options.give("train-steps", "\(steps)") }
    if let resume {
      let saved = try Resumption(resume, quiet: output.quiet)
      return try resumedRun(saved, options, &file)
    }
    var experiment = try presetOption.experiment(options, beside: target)
    var dataset = try target.dataset(
      of: experiment, source: options.sourceFile, labels: options.labels, quiet: output.quiet)
    if let reflow {
      let flow = try Rectification(
        reflow, as: readingOptions.reading(),
        otherwise: options.given["activation"] == nil ? nil : experiment.activation,
        quiet: output.quiet)
      dataset = try flow.begin(&experiment, beside: dataset)
    }
    try options.note(dataset, ofFile: target.data != nil, in: &experiment)
    try ExperimentOptions.validate(experiment, to: dataset)
    if !output.quiet, experiment.path.takesScheduler,
      let mismatch = experiment.scheduler.startMismatch
    {
      Output.message("flowscope: \(experiment.scheduler.name): \(mismatch)")
    }
    dataset = try PictureEncoding.prepared(dataset, for: experiment, quiet: output.quiet)
    dataset = TransportLearning.prepared(dataset, for: experiment, quiet: output.quiet)
    return TrainingRun(experiment, dataset: dataset, measuresDistance: false, threads: threads)
  }

  private func resumedRun(
    _ saved: Resumption, _ options: ExperimentOptions, _ file: inout CheckpointFile?
  ) throws -> TrainingRun {
    for (name, isGiven, part) in [
      ("--reflow", reflow != nil, "pairs"), ("--preset", presetOption.preset != nil, "experiment"),
      ("--data", target.data != nil, "points"), ("--source", options.sourceFile != nil, "points"),
      ("--labels", options.labels.map { $0 != saved.experiment.labels } ?? false, "classes"),
    ] where isGiven {
      throw Failure.usage(
        "--resume goes on with the checkpoint's \(part): omit \(name)", option: name)
    }
    let asked = try options.experiment(over: saved.experiment)
    do throws(Resumption.ChangedOption) {
      try Resumption.check(
        saved: saved.experiment, asked: asked, given: options.given.names)
    } catch {
      throw Failure.usage(
        "--\(error.name) cannot change with --resume: only \(Resumption.freeOptions) can",
        option: "--\(error.name)")
    }
    // Learned again: the same seed learns the same bits.
    let dataset = TransportLearning.prepared(saved.dataset, for: asked, quiet: output.quiet)
    var run = TrainingRun(asked, dataset: dataset, measuresDistance: false, threads: threads)
    try saved.restore(&run)
    file?.changes = saved.changes(to: asked)
    if let path = file?.path, path != "-", AtomicFile.isSame(path, saved.path) {
      file?.resume(at: run.stepsDone)
    }
    return run
  }

  private func stop(
    for failure: TrainingFailure, _ trainer: Trainer, _ file: inout CheckpointFile?
  ) throws -> Never {
    // Before the first step no rate has had a part in it.
    let advice =
      trainer.stepsDone == 0
      ? "the points may be too large for 32-bit numbers, --standardise scales those of a file"
      : "a smaller --learning-rate may help"
    var saved = ""
    if file != nil { saved = try "; " + file!.salvage(trainer) }
    throw Failure(
      code: .checkFailed,
      message: "training stopped: \(failure); \(advice)" + saved
    ).exit()
  }

  private func say(_ text: String, _ file: CheckpointFile?) {
    guard let file, !output.quiet else { return }
    let name = file.path == "-" ? "standard output" : Output.visible(file.path)
    Output.message("\(text) \(name)")
  }
}

extension TrainingRun {
  /// The optimiser steps that the run has behind it.
  var stepsDone: Int { trainer.stepsDone }
}
