/// Everything that the next step of a trainer depends on: with it, a run that was interrupted goes on
/// as if it never had been, to the bit.
public struct TrainerState: Sendable, Equatable {
  /// The number of optimiser steps taken.
  public var stepsDone = 0
  /// The weights that the optimiser works on, as in `MLPWeights.values`.
  public var weights: [Float] = []
  /// The exponential moving average of the weights.
  public var average: [Float] = []
  /// The number of updates of that average.
  public var averageUpdates = 0
  /// Adam's running mean of the gradient.
  public var firstMoment: [Float] = []
  /// Adam's running mean of the gradient's square.
  public var secondMoment: [Float] = []
  /// The number of Adam's updates.
  public var optimizerSteps = 0
  /// The loss of the last step's batch; NaN before the first.
  public var lastLoss = Double.nan
  /// The loss averaged with decay 0.99, and the weight of that average, which approaches 1.
  public var lossSum = 0.0
  public var lossWeight = 0.0
  /// The course of the loss.
  public var history = LossHistory()
  /// Every random stream that a step draws from, by name.
  public var generators: [String: Random] = [:]

  /// The state of a trainer of no weights.
  public init() {}
}

/// A state that does not belong to the experiment that is to go on.
public struct UnsuitableState: Error, Sendable, Equatable, CustomStringConvertible {
  /// What does not fit.
  public let description: String
}

extension LossHistory {
  /// What decides which steps are kept next: the least distance between two, relative to the step,
  /// and the next step of interest.
  public var schedule: (spacing: Double, next: Int) { (spacing, next) }

  /// A history that was recorded before; nil where it is none that can have been.
  public init?(points: [Point], spacing: Double, next: Int) {
    guard points.count <= LossHistory.capacity, (1e-6...1000).contains(spacing),
      (1...1 << 50).contains(next)
    else { return nil }
    self.init()
    self.points = points
    self.spacing = spacing
    self.next = next
  }
}
