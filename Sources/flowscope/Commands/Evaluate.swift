import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// Every measure of a trained network.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a checkpoint: distances, likelihood, energies, field error.",
    discussion: """
      Distances are between 5 000 samples of the model and as many of the target, beside the distance \
      of two fresh samples of the target. Energies are sums over the dimensions. log p is integrated \
      in 50 steps of RK4 over 2 000 fresh points of the target.

        flowscope evaluate moons.safetensors
        flowscope evaluate net.safetensors --activation selu --dataset 8gaussians --json
      """)

  /// How many samples distances compare, and over how many points log p is averaged.
  static let distanceCount = 5000
  static let likelihoodCount = 2000

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
    let random = Random(seed: seed ?? checkpoint.experiment?.seed ?? 0).stream("evaluate")
    var report = EvaluationReport(
      dataset: target.name, seed: seed ?? checkpoint.experiment?.seed ?? 0)
    report.steps = checkpoint.step
    report.entropyFloor = target.entropyFloor
    try distances(field, target, random, tableau, control, &report)
    likelihood(field, target, random, &report)
    fields(field, target, random, &report)
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

  private func distances(
    _ field: ConvertedField<MLP>, _ target: Dataset, _ random: Random, _ tableau: ButcherTableau,
    _ control: StepControl, _ report: inout EvaluationReport
  ) throws {
    var noiseRandom = random.stream("noise")
    var targetRandom = random.stream("target")
    let noise = StandardNormal(dimension: 2).sample(
      count: Evaluate.distanceCount, using: &noiseRandom)
    let points = target.distribution.sample(count: Evaluate.distanceCount, using: &targetRandom)
    var energy = PathEnergy(field, from: noise, tableau, control: control)
    energy.finish()
    if case .failed(let failure) = energy.status {
      throw Failure(code: .checkFailed, message: "the solve broke off: \(failure)").exit()
    }
    guard let end = energy.end else { return }
    report.w2 = finite(Wasserstein.w2(end, points))
    var floorRandom = random.stream("noise floor")
    report.w2NoiseFloor =
      Wasserstein.noiseFloor(
        of: target.distribution, count: Evaluate.distanceCount, using: &floorRandom
      ).mean
    report.slicedW2 = finite(
      SlicedWasserstein(dimension: 2, random: random).distance(end, points))
    report.energyDistance = finite(EnergyDistance.distance(end, points))
    report.pathEnergy = energy.pathEnergy.flatMap(finite)
    report.straightness = energy.straightness.flatMap(finite)
    let optimal = Wasserstein.w2(noise, points)
    report.npe = energy.normalised(squaredW2: optimal * optimal).flatMap(finite)
  }

  private func likelihood(
    _ field: ConvertedField<MLP>, _ target: Dataset, _ random: Random,
    _ report: inout EvaluationReport
  ) {
    var pointRandom = random.stream("likelihood")
    var likelihood = LogLikelihood(
      field,
      of: target.distribution.sample(count: Evaluate.likelihoodCount, using: &pointRandom),
      source: StandardNormal(dimension: 2), .rk4, control: .fixed(steps: 50))
    likelihood.finish()
    guard let values = likelihood.values else { return }
    report.nll = finite(-values.reduce(0, +) / Double(values.count))
    if let nll = report.nll, let floor = target.entropyFloor { report.kl = nll - floor }
  }

  private func fields(
    _ field: ConvertedField<MLP>, _ target: Dataset, _ random: Random,
    _ report: inout EvaluationReport
  ) {
    let scheduler = field.scheduler
    let path = AffinePath(scheduler: scheduler)
    let source = StandardNormal(dimension: 2)
    var network = field
    let energy = KineticEnergy(
      of: &network, from: source, to: target.distribution, along: path, random: random)
    report.conditionalKineticEnergy = energy.conditional.mean
    report.floor = target.lossFloor(under: scheduler)
    guard let exact = target.exactField(scheduler: scheduler) else { return }
    report.marginalKineticEnergy = marginal(exact, target, path, random)
    report.fieldError = error(exact, &network, target, path, random)
    report.excessLoss = report.fieldError
  }

  /// Opens the existential: the measures want one kind of field each.
  private func marginal(
    _ exact: some VelocityField, _ target: Dataset, _ path: AffinePath, _ random: Random
  ) -> Double? {
    var exact = exact
    return finite(
      KineticEnergy(
        of: &exact, from: StandardNormal(dimension: 2), to: target.distribution, along: path,
        random: random
      ).marginal.mean)
  }

  private func error(
    _ exact: some VelocityField, _ network: inout ConvertedField<MLP>, _ target: Dataset,
    _ path: AffinePath,
    _ random: Random
  ) -> Double? {
    var exact = exact
    return finite(
      FieldErrorOverTime(
        of: &network, exact: &exact, from: StandardNormal(dimension: 2),
        to: target.distribution, along: path, random: random
      ).total.mean)
  }

  private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
