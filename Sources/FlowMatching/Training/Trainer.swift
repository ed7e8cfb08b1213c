import Kernels

/// Training, a step at a time: conditional flow matching.
///
/// L = E D(Y, f_θ(X_t, t)), mean over batch and dimensions, with t uniform on [0, 1), X₀ from the
/// source and X₁ from the data. By default Y is the velocity Ẋ_t and D the squared error (Lipman et
/// al., 2023, eq. 9); other targets and their weights are those of `RegressionTarget`. Where the
/// experiment's objective is the likelihood, L = E[−log p₁(X₁)], see `MaximumLikelihood`, and for
/// couplings `CouplingObjective`. A value: a copy trains on by itself, and the same experiment gives
/// the same bits on the same instruction set.
public struct Trainer: Sendable {
  /// What is trained, and how.
  public private(set) var experiment: Experiment
  /// What the flow is to reach.
  public let dataset: Dataset
  /// Where the flow starts.
  public var source: any Distribution { pairs.source }
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
  private var network: DenseNetwork
  private let pool: WorkerPool?
  private var gradient: [Float]
  private var pairs: TrainingPairs
  /// What the network said, and what it is drawn towards, for losses other than the squared one.
  private var prediction: Batch
  private var pull: Batch
  private var losses: [Double]
  /// nil for flow matching.
  private var likelihood: (any LikelihoodObjective)?
  private var lossSum = 0.0
  private var lossWeight = 0.0
  /// The whole states of the last two intervals, the older first; from one of them `salvage` takes the
  /// last steps again.
  private(set) var marks: [TrainerState] = []
  /// The state that the run went on from; nil where it began with its initial weights.
  private(set) var origin: TrainerState?

  /// A trainer before its first step, from the experiment's source, which must exist, to the data
  /// set, whose pairs `reflow` learns. The choices must pass `validate(to:)`, both ends must have the experiment's dimension, and the instruction set must be available on
  /// this machine.
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
    let random = Random(seed: experiment.seed)
    values = Trainer.initialWeights(experiment).values
    average = MovingAverage(values)
    optimizer = Adam(
      count: values.count, learningRate: experiment.learningRate,
      weightDecay: experiment.weightDecay)
    network = DenseNetwork(experiment.shape, instructionSet: instructionSet)
    let pays = threads > 1 && network.sharesGradient(count: experiment.batch)
    pool = pays ? WorkerPool(threads: threads) : nil
    gradient = [Float](repeating: 0, count: values.count)
    guard let source = try? experiment.sourceDistribution(to: dataset) else {
      preconditionFailure("the source “\(experiment.source)” does not exist")
    }
    pairs = TrainingPairs(
      from: source, to: dataset.distribution,
      along: experiment.path.path(under: experiment.scheduler),
      coupledBy: experiment.coupling.coupling(
        instructionSet: instructionSet,
        pairs: experiment.coupling == .pairs ? dataset.rowPairs : dataset.pairs),
      regressing: experiment.regression, count: experiment.batch, random: random)
    let count = Trainer.isSquaredError(experiment) ? 0 : experiment.batch
    prediction = Batch(dimension: experiment.dimension, count: count)
    pull = prediction
    losses = [Double](repeating: 0, count: count)
    if let couplings = experiment.model.couplings {
      likelihood = CouplingObjective(
        experiment, couplings: couplings, target: dataset.distribution,
        instructionSet: instructionSet)
    } else if experiment.objective == .likelihood {
      likelihood = MaximumLikelihood(
        experiment, target: dataset.distribution, instructionSet: instructionSet)
    }
  }

  /// What an entropic coupling has cost since this trainer was made; nil for other couplings.
  public var couplingTally: CouplingTally? { pairs.couplingTally }

  /// The threads that a step keeps busy: as many as were asked for, or one where more do not pay.
  public var threads: Int { pool?.threads ?? 1 }

  /// The weights that a run of the experiment begins with.
  public static func initialWeights(_ experiment: Experiment) -> FlowWeights {
    var random = Random(seed: experiment.seed).stream("weights")
    let networks = (0..<(experiment.model.couplings ?? 1)).map { _ in
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
    lastLoss = likelihood?.loss(of: values, gradient: &gradient) ?? matchingLoss()
    guard lastLoss.isFinite else {
      failure = .lossNotFinite(step: stepsDone + 1)
      return
    }
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
    optimizer.learningRate = next.learningRate
    optimizer.weightDecay = next.weightDecay
    // What was done under other settings cannot be done again under these.
    marks = []
  }

  private var elements: Double { Double(experiment.batch * experiment.dimension) }

  /// Whether the loss is the plain squared error, which needs one pass and no memory.
  private static func isSquaredError(_ experiment: Experiment) -> Bool {
    experiment.loss == .squared && !experiment.regression.isWeighted
  }

  /// The flow matching loss of a fresh batch, and its gradient.
  private mutating func matchingLoss() -> Double {
    pairs.draw()
    return differentiate() / elements
  }

  /// Overwrites the gradient by that of the mean loss; returns the sum of the losses.
  private mutating func differentiate() -> Double {
    if Trainer.isSquaredError(experiment) { return pullTowards(pairs.targets) }
    network.evaluate(
      weights: values, points: pairs.sample.x.values, times: pairs.times,
      into: &prediction.values)
    experiment.loss.evaluate(
      target: pairs.targets, prediction: prediction, into: &losses, gradient: &pull)
    var sum = 0.0
    let n = prediction.count
    for j in 0..<n {
      let weight = experiment.regression.weight(at: pairs.times[j])
      sum += weight * losses[j]
      // |f − y|² has the gradient g = ∇_v D where y = f − g/2: the squared error's loop serves all.
      for k in stride(from: j, to: pull.values.count, by: n) {
        pull.values[k] = prediction.values[k] - 0.5 * weight * pull.values[k]
      }
    }
    _ = pullTowards(pull)
    return sum
  }

  /// Overwrites the gradient by that of the mean of |f_θ − y|²; returns its sum.
  private mutating func pullTowards(_ y: Batch) -> Double {
    network.squaredErrorGradient(
      weights: values, points: pairs.sample.x.values, times: pairs.times,
      target: y.values, scale: 1 / elements, gradient: &gradient, pool: pool)
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
    state.generators = likelihood?.generators ?? pairs.generators
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
    let generators = likelihood?.generators ?? pairs.generators
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
    if likelihood == nil {
      pairs.generators = state.generators
    } else {
      likelihood!.generators = state.generators
    }
    failure = nil
    marks = []
    origin = state
  }
}
