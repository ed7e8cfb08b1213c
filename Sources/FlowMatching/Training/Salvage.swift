/// What is left of a run that left the numbers.
public struct Salvage: Sendable {
  /// The optimiser steps that `weights` have behind them.
  public let step: Int
  /// The averaged weights of the last step on whose weights the loss was finite and whose samples are.
  public let weights: FlowWeights
  /// A whole state from before the trouble, to go on from with other settings of the optimiser: its
  /// moments do not hold the gradients that blew up.
  public let state: TrainerState
}

extension Trainer {
  /// How many steps lie between two states that are kept for a failure; with 64, copying them costs
  /// less than a hundredth of the steps.
  static let markInterval = 64

  /// What can be saved of a run that failed; nil where there was no failure, or nothing good before it.
  ///
  /// A step is the same whenever it is taken, so that the last steps are not kept but taken again, from
  /// a state at least one interval old. The weights that a loss was not finite on are not among the
  /// good ones; nor are those on which it was, but which carry a sample out of the numbers.
  public func salvage() -> Salvage? {
    guard let failure else { return nil }
    let last =
      switch failure {
      case .lossNotFinite(let step): step - 2
      case .weightsNotFinite(let step): step - 1
      }
    if let oldest = marks.first, let good = lastGood(from: oldest, to: last) {
      return Salvage(step: good.step, weights: good.weights, state: oldest)
    }
    guard last >= (origin?.stepsDone ?? 0) else { return nil }
    var first = Trainer(experiment, dataset: dataset, instructionSet: instructionSet)
    if let origin, (try? first.restore(origin)) == nil { return nil }
    guard first.hasFiniteSamples else { return nil }
    return Salvage(step: first.stepsDone, weights: first.averagedWeights, state: first.state)
  }

  /// The averaged weights of the latest step up to `last` whose samples are finite, of 1, 2, 4, …
  /// before it.
  private func lastGood(
    from state: TrainerState, to last: Int
  ) -> (step: Int, weights: FlowWeights)? {
    var replay = self
    guard last >= state.stepsDone, (try? replay.restore(state)) != nil else { return nil }
    var good: (Int, FlowWeights)?
    while true {
      let ago = last - replay.stepsDone
      if ago == 0 || ago & (ago - 1) == 0 || replay.stepsDone == state.stepsDone,
        replay.hasFiniteSamples
      {
        good = (replay.stepsDone, replay.averagedWeights)
      }
      guard ago > 0, replay.failure == nil else { return good }
      replay.step()
    }
  }

  /// Whether the averaged weights carry noise to points that are all finite: those that `sample` draws
  /// by default.
  private var hasFiniteSamples: Bool {
    var random = Random(seed: experiment.seed).stream("samples")
    let points = source.sample(count: 1000, using: &random)
    return velocityField(of: averagedWeights).carried(points)?.isFinite ?? false
  }
}
