import ArgumentParser
import FileFormats
import FlowMatching

/// Which kind of model is trained.
struct CouplingModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "cnf, a velocity field, or realnvp, affine couplings by likelihood.", valueName: "name"))
  var model = "cnf"

  @Option(help: "The couplings of a RealNVP, 1 to 64; each has a network of --widths.")
  var couplings = 8

  /// Whether couplings are to be trained.
  var isChosen: Bool {
    get throws {
      guard ["cnf", "realnvp"].contains(model) else {
        throw Failure.usage(
          UnknownName(kind: "model", name: model, among: ["cnf", "realnvp"]).description)
      }
      guard (1...64).contains(couplings) else {
        throw Failure.usage("--couplings must be 1 to 64")
      }
      return model == "realnvp"
    }
  }
}

extension Train {
  /// Trains a flow of affine couplings by likelihood, which is the only way there is.
  func trainCouplings() throws {
    if resume != nil {
      throw Failure.usage("--resume goes on with velocity fields only, not with couplings")
    }
    var options = options
    if let steps { options.trainSteps = steps }
    var experiment = try options.experiment()
    experiment.objective = .likelihood
    if experiment.likelihoodComplaint != nil {
      throw Failure.usage(
        "a flow of couplings has a smooth density with silu, tanh, elu, gelu or softplus, not with "
          + experiment.activation.title)
    }
    let dataset = try target.dataset(of: experiment, source: options.sourceFile)
    experiment.dataset = dataset.name
    var trainer = RealNVPTrainer(experiment, couplings: coupling.couplings, dataset: dataset)
    if let out {
      do { _ = try AtomicFile(replacing: out) } catch { throw Failure.file(error, out) }
    }
    let metrics = try metrics.map { try MetricsFile($0) }
    if out != nil { Interruption.begin() }
    let relative = RelativeEntropy(dataset: dataset, seed: experiment.seed)
    var progress = ProgressBar(total: experiment.steps, isShown: !output.quiet)
    var (excess, nextMeasurement) = (Double?.none, 30)
    let start = Stopwatch.wallSeconds
    while !trainer.isFinished {
      trainer.step()
      if let failure = trainer.failure {
        progress.finish()
        throw Failure(
          code: .checkFailed,
          message: "training stopped: \(failure); a smaller --learning-rate may help"
        ).exit()
      }
      // The steps on which a velocity field is measured too.
      if trainer.stepsDone >= nextMeasurement || trainer.isFinished {
        while nextMeasurement <= trainer.stepsDone {
          nextMeasurement = max(nextMeasurement + 1, (nextMeasurement * 112 + 99) / 100)
        }
        excess = relative?.estimate(of: trainer.averagedWeights).mean
        try metrics?.append(
          step: trainer.stepsDone, [trainer.lastLoss, trainer.averageLoss, excess, nil])
      }
      if let signal = Interruption.signalNumber {
        progress.finish()
        try save(trainer)
        if let out, !output.quiet {
          Output.message(
            "interrupted: step \(trainer.stepsDone) is saved to \(Output.visible(out))")
        }
        throw ExitCode(128 + signal)
      }
      if let checkpointEvery, trainer.stepsDone % checkpointEvery == 0 { try save(trainer) }
      progress.update(
        step: trainer.stepsDone, name: "NLL", loss: trainer.averageLoss,
        floor: dataset.entropyFloor, excess: excess)
    }
    let seconds = max(Stopwatch.wallSeconds - start, 1e-9)
    progress.finish()
    try save(trainer)
    if let out, !output.quiet { Output.message("saved to \(Output.visible(out))") }
    let result = CouplingResult(
      dataset: dataset.name, seed: experiment.seed, steps: trainer.stepsDone,
      couplings: coupling.couplings, loss: trainer.averageLoss, floor: dataset.entropyFloor,
      excessLoss: excess, stepsPerSecond: (Double(trainer.stepsDone) / seconds).rounded())
    if output.json { return try Output.json(result) }
    try Output.data(
      "dataset     \(result.dataset)\nsteps       \(result.steps)\nseed        \(result.seed)\n"
        + Train.line("NLL", result.loss, 4, "") + Train.line("floor", result.floor, 4, "")
        + Train.line("excess", excess, 4, "")
        + Train.line("steps/s", result.stepsPerSecond, 0, ""))
  }

  private func save(_ trainer: RealNVPTrainer) throws {
    guard let out else { return }
    do throws(FileFailure) {
      try AtomicFile.save(CouplingCheckpoint.encode(trainer), to: out)
    } catch { throw Failure.file(error, out) }
  }
}

/// What a run of couplings reached; null where it is not known.
private struct CouplingResult: Encodable {
  let dataset: String
  let seed: UInt64
  let steps: Int
  let couplings: Int
  let loss: Double
  let floor: Double?
  let excessLoss: Double?
  let stepsPerSecond: Double

  enum CodingKeys: CodingKey {
    case dataset, seed, steps, couplings, loss, floor, excessLoss, stepsPerSecond
  }

  // By hand: an unknown number is null, not a key that is missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(dataset, forKey: .dataset)
    try container.encode(seed, forKey: .seed)
    try container.encode(steps, forKey: .steps)
    try container.encode(couplings, forKey: .couplings)
    try container.encode(loss, forKey: .loss)
    try container.encode(floor, forKey: .floor)
    try container.encode(excessLoss, forKey: .excessLoss)
    try container.encode(stepsPerSecond, forKey: .stepsPerSecond)
  }
}
