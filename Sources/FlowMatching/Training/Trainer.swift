/// Training, a step at a time: Adam on the objective of an experiment's kind of flow.
///
/// A value: a copy trains on by itself, and the same experiment gives the same bits on the same
/// instruction set.
public struct Trainer: Sendable {
  /// What is trained, and how.
  public private(set) var experiment: Experiment
  /// What the flow is to reach.
  public let dataset: Dataset
  /// Where the flow starts.
  public let source: any Distribution
  /// What the network's loops are compiled for.
  public let instructionSet: InstructionSet
  /// The number of optimiser steps taken.
  public private(set) var stepsDone = 0
  /// The loss of the last step's batch; NaN before the first.
  public private(set) var lastLoss = Double.nan
  /// Why training stopped early; nil as long as all is well.
  public private(set) var failure: TrainingFailure?
  /// The loss over all steps, thinned.
  public private(set) var history = LossHistory()
  /// What the optimiser works on, network after network.
  private var values: [Float]
  private var average: MovingAverage
  private var optimizer: Adam
  private var gradient: [Float]
  private var objective: any TrainingObjective
  private var lossSum = 0.0
  private var lossWeight = 0.0
  /// The whole states of the last two intervals, the older first; from one of them `salvage` takes the
  /// last steps again.
  private(set) var marks: [TrainerState] = []
  /// The state that the run went on from; nil where it began with its initial weights.
  private(set) var origin: TrainerState?

  /// A trainer before its first step, from the experiment's source, which must exist, to the data
  /// set, whose pairs `reflow` learns. The choices must pass `validate(to:)`, both ends must have the
  /// experiment's dimension, and the instruction set must be available on this machine.
  ///
  /// Large batches of wide networks are worked on by `threads` threads; the bits do not depend on
  /// it. Networks for which it does not pay stay on one.
  public init(
    _ experiment: Experiment, dataset: Dataset, instructionSet: InstructionSet = .best,
    threads: Int = 1
  ) {
    precondition(
      dataset.dimension == experiment.dimension, "the data set has another dimension")
    precondition(experiment.batch > 0, "a batch needs a pair at least")
    self.experiment = experiment
    self.dataset = dataset
    self.instructionSet = instructionSet
    values = Trainer.initialWeights(experiment).values
    average = MovingAverage(values)
    optimizer = Adam(
      count: values.count, learningRate: experiment.learningRate,
      weightDecay: experiment.weightDecay)
    gradient = [Float](repeating: 0, count: values.count)
    guard let source = try? experiment.sourceDistribution(to: dataset) else {
      preconditionFailure("the source “\(experiment.source)” does not exist")
    }
    self.source = source
    objective = experiment.kind.objective(
      from: source, to: dataset, instructionSet: instructionSet, threads: threads)
  }

  /// What an entropic coupling has cost since this trainer was made; nil for other couplings.
  public var couplingTally: CouplingTally? { objective.couplingTally }

  /// The threads that a step keeps busy: as many as were asked for, or one where more do not pay.
  public var threads: Int { objective.threads }

  /// The weights that a run of the experiment begins with.
  public static func initialWeights(_ experiment: Experiment) -> FlowWeights {
    var random = Random(seed: experiment.seed).stream("weights")
    let networks = (0..<experiment.kind.networkCount).map { _ in
      MLPWeights(shape: experiment.shape, using: &random).values
    }
    return FlowWeights(
      experiment.model, shape: experiment.shape, values: Array(networks.joined()))
  }

  /// The weights that the optimiser works on.
  public var weights: FlowWeights {
    FlowWeights(experiment.model, shape: experiment.shape, values: values)
  }

  /// The exponential moving average of the weights, which pictures and metrics use.
  public var averagedWeights: FlowWeights {
    FlowWeights(experiment.model, shape: experiment.shape, values: average.values)
  }

  /// The velocity field of such weights, whatever the network predicts.
  public func velocityField(of weights: FlowWeights) -> LearnedField {
    experiment.velocityField(of: weights, instructionSet: instructionSet)
  }

  /// The exponential moving average of the loss, decay 0.99, without the bias towards its start;
  /// NaN before the first step.
  public var averageLoss: Double { lossWeight > 0 ? lossSum / lossWeight : .nan }

  /// Whether all steps of the experiment are done.
  public var isFinished: Bool { stepsDone >= experiment.steps }

  /// One optimiser step on fresh data. It may go beyond the experiment's steps; after a failure it
  /// does nothing.
  public mutating func step() {
    guard failure == nil else { return }
    if stepsDone % Trainer.markInterval == 0 || marks.isEmpty {
      marks = marks.suffix(1) + [state]
    }
    lastLoss = objective.loss(of: values, gradient: &gradient)
    guard lastLoss.isFinite else {
      failure = .lossNotFinite(step: stepsDone + 1)
      return
    }
    optimizer.learningRate =
      experiment.learningRate
      * experiment.learningRateDecay.factor(step: stepsDone, of: experiment.steps)
    let isFinite = optimizer.update(
      &values, gradient: gradient, instructionSet: instructionSet)
    stepsDone += 1
    guard isFinite else {
      failure = .weightsNotFinite(step: stepsDone)
      return
    }
    average.update(with: values, instructionSet: instructionSet)
    lossSum = 0.99 * lossSum + 0.01 * lastLoss
    lossWeight = 0.99 * lossWeight + 0.01
    history.record(step: stepsDone, raw: lastLoss, average: averageLoss)
  }

  /// Goes on with the learning rate, the weight decay and the number of steps of an experiment that is
  /// the same in all else; weights, moments and random streams stay.
  public mutating func adjust(to next: Experiment) {
    var same = experiment
    (same.learningRate, same.weightDecay, same.steps) =
      (next.learningRate, next.weightDecay, next.steps)
    precondition(same == next, "only the optimiser's settings and the steps change in a run")
    experiment = next
    optimizer.weightDecay = next.weightDecay
    // What was done under other settings cannot be done again under these.
    marks = []
  }
}

extension Trainer {
  /// Everything that the next step depends on, to go on from later.
  public var state: TrainerState {
    var state = TrainerState()
    state.stepsDone = stepsDone
    state.weights = values
    state.average = average.values
    state.averageUpdates = average.updates
    state.firstMoment = optimizer.first
    state.secondMoment = optimizer.second
    state.optimizerSteps = optimizer.steps
    state.lastLoss = lastLoss
    state.lossSum = lossSum
    state.lossWeight = lossWeight
    state.history = history
    state.generators = objective.generators
    return state
  }

  /// Goes on from a state of the same experiment; throws where it belongs to another, and then
  /// nothing has changed.
  public mutating func restore(_ state: TrainerState) throws(UnsuitableState) {
    let count = values.count
    let arrays = [state.weights, state.average, state.firstMoment, state.secondMoment]
    guard arrays.allSatisfy({ $0.count == count }) else {
      throw UnsuitableState(description: "its network does not have \(count) weights")
    }
    guard arrays.allSatisfy({ $0.allSatisfy(\.isFinite) }),
      state.secondMoment.allSatisfy({ $0 >= 0 })
    else { throw UnsuitableState(description: "a weight or a moment is not a finite number") }
    // Far beyond any run, and far from where arithmetic on steps overflows.
    let counts = [state.stepsDone, state.averageUpdates, state.optimizerSteps]
    guard counts.allSatisfy({ (0...1 << 40).contains($0) }),
      state.lossSum.isFinite, state.lossWeight.isFinite
    else { throw UnsuitableState(description: "its counts or losses are impossible") }
    let generators = objective.generators
    guard Set(state.generators.keys) == Set(generators.keys) else {
      throw UnsuitableState(description: "its random streams are those of another version")
    }
    stepsDone = state.stepsDone
    values = state.weights
    average = MovingAverage(state.average, updates: state.averageUpdates)
    optimizer.restore(
      first: state.firstMoment, second: state.secondMoment, steps: state.optimizerSteps)
    lastLoss = state.lastLoss
    lossSum = state.lossSum
    lossWeight = state.lossWeight
    history = state.history
    objective.generators = state.generators
    failure = nil
    marks = []
    origin = state
  }
}
