import ArgumentParser
import FileFormats
import FlowMatching

/// Every measure of a trained network.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a checkpoint: distances, likelihood, energies, field error.",
    discussion: """
      Distances are between samples of the model and as many of the target, beside the distance of \
      two fresh samples of the target. Energies are sums over the dimensions. log p of the samples of \
      the target is solved to 0.001 nats each, unless --likelihood-solver and its steps or tolerance \
      say otherwise; of couplings it has a closed form, and those have no energies. A run on standardised points is measured in their units.

        flowscope evaluate moons.safetensors
        flowscope evaluate net.safetensors --activation selu --dataset 8gaussians --json
      """)

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp("The target (default: the checkpoint's).", valueName: "name"))
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "Measure against the points of this npy or CSV file instead of fresh draws of the target.",
      valueName: "file"))
  var data: String?

  @OptionGroup var columns: ColumnOptions

  @OptionGroup var solver: SolverOptions

  @OptionGroup var likelihood: LikelihoodSolverOptions

  @Option(help: "Samples of the model and of the target, 2 to 100000; --data has its own number.")
  var count = 5000

  @Option(help: "The seed of all draws (default: the checkpoint's).")
  var seed: UInt64?

  @OptionGroup var options: ReportOptions

  func run() throws {
    guard (2...100_000).contains(count) else { throw Failure.usage("--count must be 2 to 100000") }
    let (tableau, control) = try solver.method(steps: 100)
    let likelihood = try likelihood.method()
    let stored = try model.open()
    let given = try points()
    let points = given.map { stored.units.data?.applied(to: $0) ?? $0 }
    let target = try target(of: stored)
    let seed = seed ?? stored.experiment?.seed ?? 0
    let (floor, evaluation) =
      switch stored {
      case .couplings(let checkpoint):
        (target.entropyFloor, measure(checkpoint, to: target, points, seed: seed))
      case .velocity(let checkpoint):
        try measure(checkpoint, to: target, tableau, control, likelihood, points, seed: seed)
      }
    if let above = evaluation.logPAboveBound, above > 0 {
      var accuracy = Accuracy(likelihood)
      accuracy.note(
        above: above, of: evaluation.count, worst: evaluation.logPError)
      accuracy.complaint(stored.weights.shape.activation).map(options.message)
    }
    let report = EvaluationReport(
      dataset: target.name, seed: seed, steps: stored.step, floor: floor,
      isOfLikelihood: stored.experiment?.objective == .likelihood, evaluation: evaluation)
    try options.json ? Output.json(report) : Output.data(report.text)
  }

  /// The measures of couplings; they have no path, and so no energies.
  private func measure(
    _ checkpoint: CouplingCheckpoint, to target: Dataset, _ points: Batch?, seed: UInt64
  ) -> Evaluation {
    let flow = CouplingFlow(checkpoint.weights)
    return Evaluation(of: flow, to: target, count: count, points: points, seed: seed)
  }

  /// The loss floor of a velocity field, and its measures.
  private func measure(
    _ checkpoint: Checkpoint, to target: Dataset, _ tableau: ButcherTableau, _ control: StepControl,
    _ likelihood: LikelihoodMethod, _ points: Batch?, seed: UInt64
  ) throws -> (floor: Double?, Evaluation) {
    let experiment = try model.experiment(of: checkpoint, to: target)
    let problem: Evaluation.Problem
    do throws(UnknownName) { problem = try experiment.evaluationProblem(to: target) } catch {
      throw Failure.usage(error.description)
    }
    let field = experiment.velocityField(of: checkpoint.weights)
    return (
      experiment.lossFloor(to: target),
      Evaluation(
        of: field, problem, tableau, control: control, count: count, points: points,
        likelihood: likelihood, seed: seed)
    )
  }

  /// The points of `--data`, 100 000 at most.
  private func points() throws -> Batch? {
    guard let data else { return nil }
    var reader = try columns.reader(of: data)
    do throws(FileFailure) {
      let values = try reader.next(100_000)
      guard values.count >= 4 else { throw .malformed("a measure needs two points at least") }
      return Batch(interleaved: values)
    } catch { throw Failure.file(error, data, isInput: true) }
  }

  private func target(of checkpoint: StoredModel) throws -> Dataset {
    if let dataset {
      do { return try DatasetCatalog.named(dataset) } catch {
        throw Failure.usage(error.description)
      }
    }
    do throws(FileFailure) {
      if let own = try checkpoint.dataset() { return own }
    } catch { throw Failure.file(error, model.checkpoint, isInput: true) }
    throw Failure.usage("the file does not say what it was trained on: add --dataset")
  }
}
