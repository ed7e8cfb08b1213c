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
      the checkpoint's) and left out elsewhere. With --label the target is that class alone, and so are \
      the points of --data.

        flowscope evaluate moons.safetensors
        flowscope evaluate net.safetensors --activation selu --dataset 8gaussians --json
        flowscope evaluate net.safetensors --activation selu --data points.csv
        flowscope evaluate classes.safetensors --label right --guidance 2
        flowscope evaluate posterior.safetensors --json
        flowscope evaluate posterior.safetensors --given 0,0

      A posterior is measured over all observations: log p of parameters given theirs, how often central \
      intervals hold the truth, and where the exact posterior is known how well a classifier tells samples \
      of both apart (C2ST, ½ where it cannot). With --given it is measured as the flow that it is there.
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

  @Option(
    help: ArgumentHelp(
      "The columns of --data that were observed, of a posterior (default: by the names that it learned).",
      valueName: "A,B,…"))
  var observations: String?

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
      10000 at most, drawn at random from all of them; pairs of a posterior 1000).
      """, transform: WholeNumber.parse)
  var count: Int?

  /// The samples where nobody says how many, and the most of a file's points.
  static let (usualCount, mostPoints) = (5000, 10_000)
  /// The pairs of parameters and observations where nobody says how many.
  static let usualPairs = 1000

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
    let experiment = try model.experiment(of: stored)
    if try evaluateByItsKind(stored, experiment, tableau, control, seed: seed) { return }
    if observations != nil {
      throw Failure.usage(
        "--observations are of a posterior, measured over all of them: leave it out",
        option: "--observations")
    }
    let asked = try asked(of: experiment)
    let target = try target(of: stored, asked, seed: seed)
    if let note = target.note { options.message(Output.visible(note)) }
    if stored.foreign != nil, !options.quiet {
      stored.warn(model.checkpoint, beside: try model.experiment(of: stored), on: target.dataset)
    }
    var progress = WorkProgress("evaluate", isShown: !options.quiet)
    func told(_ stage: EvaluationStage, _ share: Double) { progress.update(share, stage.rawValue) }
    let (floor, floorTimes, excess, evaluation) = try measure(
      stored, to: target, asked, tableau, control, likelihood, seed: seed, told)
    progress.finish()
    for text in evaluation.complaints { options.message("flowscope: " + text) }
    if let above = evaluation.logPAboveBound, above > 0 {
      var accuracy = Accuracy(likelihood)
      accuracy.note(
        above: above, of: evaluation.count, worst: evaluation.logPError)
      accuracy.complaint(stored.weights.shape.activation).map(options.message)
    }
    let report = EvaluationReport(
      dataset: target.dataset.name,
      filePoints: target.filePoints, seed: seed, steps: stored.step, floor: floor,
      floorTimes: floorTimes,
      excess: excess,
      isStandardised: stored.units.data != nil,
      space: stored.experiment?.curvedSpace?.name,
      fieldErrorComplaint: stored.experiment?.geodesicErrorComplaint(to: target.dataset),
      evaluation)
    try options.json ? Output.json(report) : Output.data(report.text)
  }

  /// Measures what has figures of its own: a posterior, a population, pictures; false for all else.
  private func evaluateByItsKind(
    _ stored: StoredRun, _ experiment: Experiment, _ tableau: ButcherTableau,
    _ control: StepControl, seed: UInt64
  ) throws -> Bool {
    if experiment.learnsPosterior, guidance.observed == nil {
      try guidance.refuse("a posterior has no classes")
      try evaluatePosterior(stored, experiment, seed: seed)
      return true
    }
    if let (dataset, known) = try snapshotted(stored) {
      try guidance.refuse("a population has no classes")
      if experiment.traits.ownNoise > 0, solver.solver != nil || solver.tolerance != nil {
        throw Failure.usage(
          "it learned a process with noise, which goes by Euler and Maruyama's steps: leave out --solver and "
            + "--tolerance", option: "--solver")
      }
      var plan = TransportPlan(tableau, control: control)
      plan.random = Random(seed: seed).stream("added noise")
      try evaluateSnapshots(stored, experiment, of: dataset, known, plan, seed: seed)
      return true
    }
    if experiment.traits.ownNoise > 0 {
      throw Failure.usage(
        "it learned a process with noise, which has no density and no energies: sample draws from it"
      )
    }
    guard experiment.traits.isLatent else { return false }
    try evaluatePictures(stored, experiment, tableau, control, seed: seed)
    return true
  }

  /// The population that a run learned, of which it is measured at every time; nil where it learned none,
  /// and where another target is asked for.
  private func snapshotted(_ stored: StoredRun) throws -> (Dataset, Snapshots)? {
    guard stored.experiment?.learnsSnapshots == true, dataset == nil, data == nil else {
      return nil
    }
    do throws(FileFailure) {
      guard let own = try stored.dataset(), let known = own.snapshots else { return nil }
      return (own, known)
    } catch { throw Failure.file(error, model.checkpoint, isInput: true) }
  }

  /// The class with its guidance that is asked for, or what was observed.
  private func asked(of experiment: Experiment) throws -> Guidance {
    let name = Output.visible(model.checkpoint)
    if let observation = try guidance.observation(among: experiment.traits.observed, of: name) {
      return Guidance(given: observation)
    }
    return try guidance.guidance(among: experiment.traits.classes, of: name)
  }

  /// The loss floor with the times that it belongs to, what is above it, and the measures.
  private func measure(
    _ stored: StoredRun, to target: EvaluationTarget, _ asked: Guidance, _ tableau: ButcherTableau,
    _ control: StepControl, _ likelihood: LikelihoodMethod, seed: UInt64,
    _ progress: (EvaluationStage, Double) -> Void
  ) throws -> (floor: Estimate?, times: ClosedRange<Double>?, excess: Estimate?, Evaluation) {
    let dataset = stored.withGiven(target.dataset)
    let experiment = try model.experiment(of: stored, to: target.whole ?? dataset)
    let flow = try guidance.flow(of: stored, in: experiment, Output.visible(model.checkpoint))
    var problem: Evaluation.Problem
    do throws(UnknownName) { problem = try experiment.evaluationProblem(to: dataset) } catch {
      throw Failure.usage(error.description)
    }
    if asked.needsGuide { problem = problem.guided(by: exact(experiment, target, asked, stored)) }
    if !target.hasDensity { problem = problem.withoutExactField }
    let jumps = try solver.jumps(of: flow.traits)
    let control = try solver.best(control, tableau, of: flow, from: problem.source, seed: seed)
    var floor = target.hasDensity ? experiment.lossFloorEstimation(to: dataset) : nil
    let evaluation = Evaluation(
      of: flow, problem, tableau, control: control, jumps: jumps,
      count: count ?? Evaluate.usualCount,
      points: target.points,
      likelihood: likelihood, divergence: divergence?.method, seed: seed, progress: progress)
    var excess =
      stored.experiment?.objective == .likelihood ? evaluation.kl : evaluation.fieldError
    if experiment.kind.words.hasOwnExcess {
      excess = target.hasDensity ? self.excess(of: flow, experiment, to: dataset) : nil
    }
    return (floor?.finish(), floor?.crop, excess, evaluation)
  }

  /// What its kind measures above the least loss, as training does; nil where nothing can be.
  private func excess(
    of flow: LearnedField, _ experiment: Experiment, to dataset: Dataset
  ) -> Estimate? {
    guard var measure = experiment.kind.excessMeasure(to: dataset) else { return nil }
    let excess = measure.measure(flow)
    return Estimate(mean: excess.value, standardError: excess.standardError ?? 0)
  }

  /// The exact flow that is guided as the model is; nil where it is not known.
  private func exact(
    _ experiment: Experiment, _ target: EvaluationTarget, _ asked: Guidance, _ stored: StoredRun
  ) -> (any Flow)? {
    guard guidance.guide == nil, let whole = target.whole else { return nil }
    var own = asked
    // Classes are the same by their names.
    own.label = asked.label.flatMap { whole.classNames.firstIndex(of: experiment.classes[$0]) }
    return experiment.exactFlow(to: stored.withGiven(whole), own)
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
