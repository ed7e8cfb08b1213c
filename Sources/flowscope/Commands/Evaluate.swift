import ArgumentParser
import FileFormats
import FlowMatching

/// Every measure of a trained network.
struct Evaluate: TakesSettings {
  static let configuration = CommandConfiguration(
    abstract: "Measure a checkpoint: distances, likelihood, energies, field error.",
    discussion: """
      Distances are between samples of the model and as many of the target, beside the distance of \
      two fresh samples of the target. Energies are sums over the dimensions. log p of the samples of \
      the target is solved to 0.001 nats each, unless --likelihood-solver and its steps or tolerance \
      say otherwise; of affine layers it has a closed form, and those have no energies. A run on standardised points \
      is measured in their units.

      With --data the points of a file stand for the target. Loss floor, entropy, KL and field error \
      are of a distribution: they are given where the points agree with it (that of --dataset, else \
      the checkpoint's) and left out elsewhere.

        flowscope evaluate moons.safetensors
        flowscope evaluate net.safetensors --activation selu --dataset 8gaussians --json
        flowscope evaluate net.safetensors --activation selu --data points.csv
        flowscope evaluate classes.safetensors --label right --guidance 2
      """)

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp("The target (default: the checkpoint's).", valueName: "name"),
    completion: .datasets)
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "Measure against the points of this npy or CSV file instead of fresh draws of the target.",
      valueName: "file"), completion: .file())
  var data: String?

  @OptionGroup var columns: ColumnOptions
  @OptionGroup var notationOptions: NotationOptions

  @OptionGroup var solver: SolverOptions

  @OptionGroup var likelihood: LikelihoodSolverOptions

  @Option(
    help:
      "The divergence of log p: exact, or hutchinson's estimate (default: exact up to 16 coordinates)."
  )
  var divergence: Likelihood.Divergence?

  @OptionGroup var letters: LetterOptions

  @OptionGroup var guidance: GuidanceOptions

  @Option(
    name: [.customShort("n", allowingJoined: true), .long],
    help: """
      Samples of the model and of the target, 2 to 100000 (default: 5000; of --data as many as it has, \
      10000 at most, drawn at random from all of them).
      """, transform: WholeNumber.parse)
  var count: Int?

  /// The samples where nobody says how many, and the most of a file's points.
  static let (usualCount, mostPoints) = (5000, 10_000)

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    help: "The seed of all draws (default: the checkpoint's).",
    transform: WholeNumber.parseUnsigned)
  var seed: UInt64?

  @OptionGroup var options: ReportOptions

  mutating func take(_ settings: Settings) throws {
    try solver.fill(from: settings)
    try letters.fill(from: settings)
  }

  func run() throws {
    if let count, !(2...100_000).contains(count) {
      throw Failure.usage("--count must be 2 to 100000")
    }
    if let run = try LetterRun(try model.open(quiet: true), model.checkpoint) {
      try guidance.refuse("words have no classes")
      return try evaluateLetters(run, seed: seed ?? run.experiment.seed)
    }
    try letters.refuse()
    let (tableau, control) = try solver.method(steps: 100)
    let likelihood = try likelihood.method()
    let stored = try model.open(quiet: options.quiet)
    let seed = seed ?? stored.experiment?.seed ?? 0
    let target = try target(of: stored, seed: seed)
    if let note = target.note { options.message(Output.visible(note)) }
    if stored.foreign != nil, !options.quiet {
      stored.warn(model.checkpoint, beside: try model.experiment(of: stored), on: target.dataset)
    }
    var progress = WorkProgress("evaluate", isShown: !options.quiet)
    func told(_ stage: EvaluationStage, _ share: Double) { progress.update(share, stage.rawValue) }
    let (floor, floorTimes, evaluation) = try measure(
      stored, to: target, tableau, control, likelihood, seed: seed, told)
    progress.finish()
    for text in evaluation.complaints { options.message("flowscope: " + text) }
    if let above = evaluation.logPAboveBound, above > 0 {
      var accuracy = Accuracy(likelihood)
      accuracy.note(
        above: above, of: evaluation.count, worst: evaluation.logPError)
      accuracy.complaint(stored.weights.shape.activation).map(options.message)
    }
    let report = EvaluationReport(
      dataset: target.dataset.name + (guidance.label.map { "/" + $0 } ?? ""),
      filePoints: target.filePoints, seed: seed, steps: stored.step, floor: floor,
      floorTimes: floorTimes,
      isOfLikelihood: stored.experiment?.objective == .likelihood,
      isStandardised: stored.units.data != nil,
      space: stored.experiment?.curvedSpace?.name,
      fieldErrorComplaint: stored.experiment?.geodesicErrorComplaint(to: target.dataset),
      evaluation)
    try options.json ? Output.json(report) : Output.data(report.text)
  }

  /// The loss floor with the times that it belongs to, and the measures.
  private func measure(
    _ stored: StoredRun, to target: EvaluationTarget, _ tableau: ButcherTableau,
    _ control: StepControl, _ likelihood: LikelihoodMethod, seed: UInt64,
    _ progress: (EvaluationStage, Double) -> Void
  ) throws -> (floor: Estimate?, times: ClosedRange<Double>?, Evaluation) {
    let dataset = stored.withGiven(target.dataset)
    let experiment = try model.experiment(of: stored, to: dataset)
    let flow = try guidance.flow(of: stored, in: experiment, Output.visible(model.checkpoint))
    let asked = try guidance.guidance(among: experiment.traits.classes, of: model.checkpoint)
    var problem = try problem(experiment, dataset, asked)
    if !target.hasDensity { problem = problem.withoutExactField }
    let jumps = try solver.jumps(of: flow.traits)
    let control = try solver.best(control, tableau, of: flow, from: problem.source, seed: seed)
    var floor = target.hasDensity ? experiment.lossFloorEstimation(to: dataset) : nil
    return (
      floor?.finish(), floor?.crop,
      Evaluation(
        of: flow, problem, tableau, control: control, jumps: jumps,
        count: count ?? Evaluate.usualCount,
        points: target.points,
        likelihood: likelihood, divergence: divergence?.method, seed: seed, progress: progress)
    )
  }

  /// What is compared: with a class that class, with guidance the exact field that is guided as much, where
  /// it is known.
  private func problem(
    _ experiment: Experiment, _ dataset: Dataset, _ asked: Guidance
  ) throws -> Evaluation.Problem {
    do throws(UnknownName) {
      guard let label = asked.label, dataset.classNames.indices.contains(label) else {
        return try experiment.evaluationProblem(to: dataset)
      }
      let problem = try experiment.evaluationProblem(to: dataset.part(label))
      guard asked.needsGuide else { return problem }
      return problem.guided(
        by: guidance.guide == nil ? experiment.exactFlow(to: dataset, asked) : nil)
    } catch { throw Failure.usage(error.description) }
  }

  /// What the model is measured against.
  private func target(of stored: StoredRun, seed: UInt64) throws -> EvaluationTarget {
    let units = stored.units.data
    let named = try named()
    if let named { try model.requireSpace(of: stored, named) }
    if let data {
      let place = try notationOptions.place(of: stored)
      let given = try points(of: data, in: place, units, seed: seed)
      let own = try own(of: stored)
      // A catalogue's density is that of its own units.
      let candidate = named.map { units == nil ? $0 : nil } ?? own
      var target = EvaluationTarget(
        points: given.points, of: given.total, in: Input.name(of: data), on: place.space,
        beside: candidate, seed: seed)
      target.filePoints = given.total
      return target
    }
    if let named {
      guard let units else { return EvaluationTarget(named) }
      return EvaluationTarget(
        drawing: count ?? Evaluate.usualCount, of: named, in: units, seed: seed)
    }
    if let own = try own(of: stored) { return EvaluationTarget(own) }
    throw Failure.usage(
      "the file does not say what it was trained on: add --dataset NAME or --data FILE")
  }

  /// The points of `--data` in the model's units, no more than asked for, and how many the file has.
  private func points(
    of path: String, in place: PointPlace, _ units: Standardisation?, seed: UInt64
  ) throws -> (points: Batch, total: Int) {
    var random = Random(seed: seed).stream("evaluation").stream("rows")
    var reader = try columns.points(
      of: path, in: place, limit: units == nil ? .single : .double, quiet: options.quiet)
    do throws(FileFailure) {
      guard let (points, total) = try reader.some(count ?? Evaluate.mostPoints, using: &random),
        points.count > 1
      else { throw .malformed("a measure needs two points at least") }
      if points.count < total {
        options.message(
          "\(points.count) of the \(total) points of \(Input.name(of: path)) are measured, drawn at random"
            + (points.count < 100_000 ? "; --count takes more, up to 100000" : ""))
      }
      return (units?.applied(to: points) ?? points, total)
    } catch { throw Failure.file(error, path, isInput: true) }
  }

  /// The data set of `--dataset`.
  private func named() throws -> Dataset? {
    try dataset.map { name in try Failure.named("--dataset") { try DatasetCatalog.named(name) } }
  }

  /// The target of the checkpoint's run.
  private func own(of stored: StoredRun) throws -> Dataset? {
    do throws(FileFailure) { return try stored.dataset() } catch {
      throw Failure.file(error, model.checkpoint, isInput: true)
    }
  }
}

extension Evaluation {
  /// What is lost, and what is not known for that reason, a line each.
  fileprivate var complaints: [String] {
    var lines: [String] = []
    if let lost, lost > 0 {
      lines.append(
        "\(lost) of \(count) points left the numbers on the way to log p; "
          + (nll == nil
            ? "NLL and KL are unknown where that is more than \(Evaluation.lostPercent)"
            : "NLL and KL are those of the others"))
    }
    if lostSamples > 0 {
      lines.append(
        "\(lostSamples) of \(count) samples left the numbers on the way; distances and energies are "
          + "unknown: more --steps may help")
    }
    return lines
  }

  /// “1 %”.
  static var lostPercent: String { "\(Accuracy.short(100 * lostLimit)) %" }
}
