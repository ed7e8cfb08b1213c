import Kernels

/// Training of a flow of affine couplings by maximum likelihood, a step at a time, with the optimiser
/// and the averages of `Trainer`.
///
/// A value; the same experiment gives the same bits on the same instruction set.
public struct RealNVPTrainer: Sendable {
  /// What is trained, and how: data, widths, activation, batch, learning rate, clip, steps and seed.
  public let experiment: Experiment
  /// What the flow is to reach.
  public let dataset: Dataset
  /// What the networks' loops are compiled for.
  public let instructionSet: InstructionSet
  /// The number of optimiser steps taken.
  public private(set) var stepsDone = 0
  /// The negative log-likelihood of the last step's batch in nats; NaN before the first.
  public private(set) var lastLoss = Double.nan
  /// Why training stopped early; nil as long as all is well.
  public private(set) var failure: TrainingFailure?
  /// The loss over all steps, thinned.
  public private(set) var history = LossHistory()
  private var weights: RealNVPWeights
  private var average: MovingAverage
  private var optimizer: Adam
  private var flow: RealNVP<MLP>
  private var likelihood = CouplingLikelihood()
  private var gradients: [[Float]]
  private var gradient: [Float]
  private var data: Batch
  private var random: Random
  private var lossSum = 0.0
  private var lossWeight = 0.0

  /// A trainer before its first step, of that many couplings; the data set must have the
  /// experiment's dimension, which is even.
  public init(
    _ experiment: Experiment, couplings: Int, dataset: Dataset,
    instructionSet: InstructionSet = .best
  ) {
    precondition(dataset.dimension == experiment.dimension, "the data set has another dimension")
    precondition(experiment.batch > 0, "a batch needs a point at least")
    self.experiment = experiment
    self.dataset = dataset
    self.instructionSet = instructionSet
    let streams = Random(seed: experiment.seed)
    var random = streams.stream("weights")
    weights = RealNVPWeights(shape: experiment.shape, couplings: couplings, using: &random)
    average = MovingAverage(weights.values)
    optimizer = Adam(
      count: weights.values.count, learningRate: experiment.learningRate,
      weightDecay: experiment.weightDecay)
    flow = RealNVP(weights, instructionSet: instructionSet)
    gradient = [Float](repeating: 0, count: weights.values.count)
    let one = [Float](repeating: 0, count: experiment.shape.parameterCount)
    gradients = [[Float]](repeating: one, count: couplings)
    data = Batch(dimension: experiment.dimension, count: experiment.batch)
    self.random = streams.stream("likelihood data")
  }

  /// The exponential moving average of the weights, which metrics and files use.
  public var averagedWeights: RealNVPWeights {
    RealNVPWeights(
      shape: weights.shape, couplings: weights.couplings, values: average.values)
  }

  /// The exponential moving average of the loss, decay 0.99; NaN before the first step.
  public var averageLoss: Double { lossWeight > 0 ? lossSum / lossWeight : .nan }

  /// Whether all steps of the experiment are done.
  public var isFinished: Bool { stepsDone >= experiment.steps }

  /// One optimiser step on fresh data; after a failure it does nothing.
  public mutating func step() {
    guard failure == nil else { return }
    dataset.distribution.sample(into: &data, using: &random)
    flow.copyWeights(from: weights.values)
    lastLoss = likelihood.evaluate(&flow, data: data)
    guard lastLoss.isFinite else {
      failure = .lossNotFinite(step: stepsDone + 1)
      return
    }
    differentiate()
    let isFinite = optimizer.update(
      &weights.values, gradient: gradient, instructionSet: instructionSet)
    stepsDone += 1
    guard isFinite else {
      failure = .weightsNotFinite(step: stepsDone)
      return
    }
    average.update(with: weights.values, instructionSet: instructionSet)
    lossSum = 0.99 * lossSum + 0.01 * lastLoss
    lossWeight = 0.99 * lossWeight + 0.01
    history.record(step: stepsDone, raw: lastLoss, average: averageLoss)
  }

  private mutating func differentiate() {
    for k in gradients.indices {
      for i in 0..<gradients[k].count { gradients[k][i] = 0 }
    }
    likelihood.addGradient(&flow, to: &gradients)
    var place = 0
    for k in gradients.indices {
      for i in 0..<gradients[k].count { gradient[place + i] = gradients[k][i] }
      place += gradients[k].count
    }
    clip(&gradient, to: experiment.likelihood.clip)
  }
}
