/// Flow matching of the same network beside a run by likelihood, on the same clock: after every step
/// of the other it has done as much of the network's work, which takes about as long.
///
/// Work is counted in evaluations at a point and products of their size. Flow matching needs three a
/// point and step: forward, back to the layers before, and to the weights. A stage of a solve needs
/// four, since it is computed anew on the way back, and with d tangents beside the value d + 1 times
/// as many: 320 in 20 steps of the midpoint rule in the plane. A coupling needs five: forward, and
/// on the way back twice more and two products.
struct MatchingRival: Sendable {
  private(set) var trainer: Trainer
  private let stepsPerStep: Double
  private var due = 0.0

  /// A run that has not begun, of an experiment whose objective is the likelihood.
  init(beside experiment: Experiment, dataset: Dataset, instructionSet: InstructionSet) {
    trainer = Trainer(experiment.besideLikelihood, dataset: dataset, instructionSet: instructionSet)
    stepsPerStep = experiment.workPerStep / Experiment.workOfMatching
  }

  /// Goes on with other settings of the optimiser, those of the experiment beside it.
  mutating func adjust(to experiment: Experiment) {
    trainer.adjust(to: experiment.besideLikelihood)
  }

  /// Does as much work as one step of the other has.
  mutating func advance() {
    due += stepsPerStep
    while due >= 1 {
      trainer.step()
      due -= 1
    }
  }
}

extension Experiment {
  /// Flow matching of the same network on the same data.
  public var besideLikelihood: Experiment {
    var matching = self
    matching.objective = .flowMatching
    matching.model = .velocity
    return matching
  }

  /// The work of a step of flow matching for each point of its batch, see `MatchingRival`.
  static let workOfMatching = 3.0

  /// The work of a step for each point of its batch.
  var workPerStep: Double {
    if objective == .flowMatching { return Experiment.workOfMatching }
    if let couplings = model.couplings { return 5 * Double(couplings) }
    guard let tableau = try? ButcherTableau.named(likelihood.solver) else { return 3 }
    let tangents = likelihood.divergence == .exact ? dimension : 1
    let stages = tableau.b.map { $0 == 0 ? 4.0 : 4 * Double(1 + tangents) }
    return Double(likelihood.steps) * stages.reduce(0, +)
  }

  /// How often a step evaluates a network at each point of its batch on the way forward.
  public var evaluationsPerStep: Int {
    if objective == .flowMatching { return 1 }
    if let couplings = model.couplings { return couplings }
    guard let tableau = try? ButcherTableau.named(likelihood.solver) else { return 1 }
    return likelihood.steps * tableau.evaluationsPerStep
  }
}
