import ArgumentParser
import FileFormats
import FlowMatching

/// Every measure of a trained network.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a checkpoint: distances, likelihood, energies, field error.",
    discussion: """
      Distances are between samples of the model and as many of the target, beside the distance of \
      two fresh samples of the target. Energies are sums over the dimensions. log p is integrated \
      in 50 steps of RK4 over the samples of the target.

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

  @Option(help: "Samples of the model and of the target, 2 to 100000; --data has its own number.")
  var count = 5000

  @Option(help: "The seed of all draws (default: the checkpoint's).")
  var seed: UInt64?

  @OptionGroup var options: ReportOptions

  func run() throws {
    guard (2...100_000).contains(count) else { throw Failure.usage("--count must be 2 to 100000") }
    let (tableau, control) = try solver.method(steps: 100)
    let points = try points()
    let checkpoint = try model.load()
    let target = try target(of: checkpoint)
    let experiment = try model.experiment(of: checkpoint, to: target)
    let field = experiment.velocityField(of: checkpoint.weights)
    let seed = seed ?? checkpoint.experiment?.seed ?? 0
    let problem: Evaluation.Problem
    do throws(UnknownName) { problem = try experiment.evaluationProblem(to: target) } catch {
      throw Failure.usage(error.description)
    }
    let report = EvaluationReport(
      dataset: target.name, seed: seed, steps: checkpoint.step,
      floor: experiment.lossFloor(to: target),
      evaluation: Evaluation(
        of: field, problem, tableau, control: control, count: count, points: points,
        seed: seed))
    try options.json ? Output.json(report) : Output.data(report.text)
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

  private func target(of checkpoint: Checkpoint) throws -> Dataset {
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
