import Kernels

/// The flow matching loss L = E D(Y, f_θ(X_t, t)), the mean over batch and dimensions, with t of the
/// experiment's density on [0, 1), X₀ from the source and X₁ from the data.
///
/// By default Y is the velocity Ẋ_t and D the squared error (Lipman et al., 2023, eq. 9); other targets
/// and their weights are those of `RegressionTarget`.
struct MatchingObjective: TrainingObjective {
  private let loss: Loss
  private let regression: RegressionTarget
  private let timeWeight: TimeWeight
  private var network: DenseNetwork
  private let pool: WorkerPool?
  private var pairs: TrainingPairs
  /// What the network said, and what it is drawn towards, for losses other than the squared one.
  private var prediction: Batch
  private var pull: Batch
  private var losses: [Double]
  /// What the network reads beside coordinates, where it is told classes or observations.
  private var block: ConditionBlock?

  /// The objective of an experiment without a complaint.
  init(
    _ experiment: Experiment, from source: any Distribution, to dataset: Dataset,
    instructionSet: InstructionSet, threads: Int
  ) {
    loss = experiment.loss
    regression = experiment.regression
    timeWeight = experiment.timeWeight
    network = DenseNetwork(experiment.shape, instructionSet: instructionSet)
    block = ConditionBlock(experiment.shape, count: experiment.batch)
    let pays = threads > 1 && network.sharesGradient(count: experiment.batch)
    pool = pays ? WorkerPool(threads: threads) : nil
    pairs = TrainingPairs(
      from: source, to: dataset.distribution, of: experiment.labelling(of: dataset),
      simulated: experiment.simulated(dataset), as: experiment.observations,
      through: experiment.snapshots(of: dataset),
      along: experiment.path.path(under: experiment.scheduler),
      coupledBy: experiment.pairing(to: dataset, instructionSet: instructionSet),
      regressing: regression, density: experiment.timeDensity, count: experiment.batch,
      random: Random(seed: experiment.seed), threads: threads)
    let isPlain = loss == .squared && !regression.isWeighted && timeWeight == .uniform
    let count = isPlain ? 0 : experiment.batch
    prediction = Batch(dimension: experiment.dimension, count: count)
    pull = prediction
    losses = [Double](repeating: 0, count: count)
  }

  var threads: Int { max(pool?.threads ?? 1, pairs.threads) }
  var couplingTally: CouplingTally? { pairs.couplingTally }

  var generators: [String: Random] {
    get { pairs.generators }
    set { pairs.generators = newValue }
  }

  mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    pairs.draw()
    if let observed = pairs.observed {
      block?.load(pairs.sample.x.values, pairs.times, observed: observed)
    } else {
      block?.load(pairs.sample.x.values, pairs.times, pairs.told)
    }
    return differentiate(weights, &gradient) / elements
  }

  private var elements: Double { Double(pairs.sample.x.values.count) }

  /// All rows that the network reads but the last, and the last: the times, or that of the last class.
  private var points: [Double] { block?.rows ?? pairs.sample.x.values }
  private var times: [Double] { block?.last ?? pairs.times }

  /// Whether the loss is the plain squared error, which needs one pass and no memory.
  private var isSquaredError: Bool { losses.isEmpty }

  /// Overwrites the gradient by that of the mean loss; returns the sum of the losses.
  private mutating func differentiate(_ weights: [Float], _ gradient: inout [Float]) -> Double {
    if isSquaredError { return pullTowards(pairs.targets, weights, &gradient) }
    network.evaluate(
      weights: weights, points: points, times: times, into: &prediction.values)
    loss.evaluate(
      target: pairs.targets, prediction: prediction, into: &losses, gradient: &pull)
    var sum = 0.0
    let n = prediction.count
    for j in 0..<n {
      let weight = regression.weight(at: pairs.times[j]) * timeWeight.weight(at: pairs.times[j])
      sum += weight * losses[j]
      // |f − y|² has the gradient g = ∇_v D where y = f − g/2: the squared error's loop serves all.
      for k in stride(from: j, to: pull.values.count, by: n) {
        pull.values[k] = prediction.values[k] - 0.5 * weight * pull.values[k]
      }
    }
    _ = pullTowards(pull, weights, &gradient)
    return sum
  }

  /// Overwrites the gradient by that of the mean of |f_θ − y|²; returns its sum.
  private mutating func pullTowards(
    _ y: Batch, _ weights: [Float], _ gradient: inout [Float]
  ) -> Double {
    network.squaredErrorGradient(
      weights: weights, points: points, times: times, target: y.values, scale: 1 / elements,
      gradient: &gradient, pool: pool)
  }
}
