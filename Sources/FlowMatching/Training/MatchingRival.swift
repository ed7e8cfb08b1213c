/// Flow matching of the same network beside a run by likelihood, on the same clock: after every step
/// of the other it has done as much of the network's work, which takes about as long.
///
/// Work is counted in evaluations at a point and products of their size. Flow matching needs three a
/// point and step: forward, back to the layers before, and to the weights. A stage of a solve needs
/// four, since it is computed anew on the way back, and with d tangents beside the value d + 1 times
/// as many: 320 in 20 steps of the midpoint rule in the plane.
struct MatchingRival: Sendable {
  private var trainer: Trainer
  private let stepsPerStep: Double
  private var due = 0.0

  /// A run that has not begun, of an experiment whose objective is the likelihood.
  init(beside experiment: Experiment, dataset: Dataset, instructionSet: InstructionSet) {
    var matching = experiment
    matching.objective = .flowMatching
    trainer = Trainer(matching, dataset: dataset, instructionSet: instructionSet)
    stepsPerStep = MatchingRival.work(of: experiment) / 3
  }

  /// The work of a step by likelihood for each point of its batch.
  static func work(of experiment: Experiment) -> Double {
    let options = experiment.likelihood
    guard let tableau = try? ButcherTableau.named(options.solver) else { return 3 }
    let tangents = options.divergence == .exact ? experiment.dimension : 1
    let stages = tableau.b.map { $0 == 0 ? 4.0 : 4 * Double(1 + tangents) }
    return Double(options.steps) * stages.reduce(0, +)
  }

  /// The averaged weights so far.
  var averagedWeights: MLPWeights { trainer.averagedWeights }

  /// The steps that it has taken.
  var stepsDone: Int { trainer.stepsDone }

  /// Does as much work as one step of the other has.
  mutating func advance() {
    due += stepsPerStep
    while due >= 1 {
      trainer.step()
      due -= 1
    }
  }
}
