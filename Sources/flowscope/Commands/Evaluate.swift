import ArgumentParser
import FileFormats
import FlowMatching

/// Every measure of a trained network.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a checkpoint: distances, likelihood, energies, field error.",
    discussion: """
      Distances are between 5 000 samples of the model and as many of the target, beside the distance \
      of two fresh samples of the target. Energies are sums over the dimensions. log p is integrated \
      in 50 steps of RK4 over the samples of the target.

        flowscope evaluate moons.safetensors
        flowscope evaluate net.safetensors --activation selu --dataset 8gaussians --json
      """)

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp("The target (default: the checkpoint's).", valueName: "name"))
  var dataset: String?

  @OptionGroup var solver: SolverOptions

  @Option(help: "The seed of all draws (default: the checkpoint's).")
  var seed: UInt64?

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let (tableau, control) = try solver.method(steps: 100)
    let checkpoint = try model.load()
    let target = try target(of: checkpoint)
    let field = try model.field(of: checkpoint)
    let seed = seed ?? checkpoint.experiment?.seed ?? 0
    let problem = Evaluation.Problem(target: target, scheduler: field.scheduler)
    let report = EvaluationReport(
      dataset: target.name, seed: seed, steps: checkpoint.step,
      floor: target.lossFloor(under: field.scheduler),
      evaluation: Evaluation(of: field, problem, tableau, control: control, seed: seed))
    try json ? Output.json(report) : Output.data(report.text)
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
