/// Flow matching of the same network beside a run by likelihood, on the same clock: after every step
/// of the other it has done as much of the network's work, which takes about as long.
///
/// Work is counted in evaluations at a point and products of their size, see `FlowKind.workPerStep`.
struct MatchingRival: Sendable {
  private(set) var trainer: Trainer
  private let stepsPerStep: Double
  private var due = 0.0

  /// A run that has not begun, beside an experiment.
  init(
    _ rival: Experiment, beside experiment: Experiment, dataset: Dataset,
    instructionSet: InstructionSet
  ) {
    trainer = Trainer(rival, dataset: dataset, instructionSet: instructionSet)
    stepsPerStep = experiment.workPerStep / rival.workPerStep
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
