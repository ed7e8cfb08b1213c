import FlowMatching

/// A trainer without a thread: it does so many steps a frame, so that a replay is the same every time.
///
/// Where a step is dear, a frame has fewer of them: one of a continuous flow's likelihood for a hundred
/// of flow matching, one of affine layers for ten. That depends on the experiment alone.
public final class InlineTrainer: TrainingDriver {
  private var session: TrainingSession
  private var hasNews = true
  private let stepsPerSecond: Double
  /// Steps that frames have paid for and that were not taken, as a share of one.
  private var credit = 0

  /// `stepsPerSecond` is the speed that reports name: steps a frame times frames a second.
  public init(
    _ experiment: Experiment, dataset: Dataset, solver: LaneSettings,
    instructionSet: InstructionSet, stepsPerSecond: Double
  ) {
    session = TrainingSession(
      experiment, dataset: dataset, solver: solver, instructionSet: instructionSet)
    self.stepsPerSecond = stepsPerSecond
  }

  /// Trains for as long as so many steps of flow matching take.
  public func pass(steps: Int) {
    credit += steps
    let price = session.run.trainer.experiment.kind.stepPrice
    train(steps: credit / price)
    credit %= price
  }

  /// Trains for that many steps, unless it is paused, finished or failed.
  public func train(steps: Int) {
    for _ in 0..<steps where session.isRunning {
      session.step()
      hasNews = true
    }
  }

  public func send(_ request: TrainerRequest) {
    session.handle(request)
    hasNews = true
  }

  public func takeReport() -> TrainingReport? {
    if session.hasStudy {
      session.studyOnce()
      hasNews = true
    }
    guard hasNews else { return nil }
    hasNews = false
    let price = session.run.trainer.experiment.kind.stepPrice
    return session.report(stepsPerSecond: stepsPerSecond / Double(price))
  }
}
