import Kernels

/// One step of flow matching, kept apart so that it can be looked at: a batch of pairs, the points between
/// them, what the network is to say there, what it says, and what one step of gradient descent makes of it.
///
/// L(θ) = 1/(nd) Σ_j |v_θ(X_j, t_j) − Ẋ_j|², X_j on the path from x₀ to x₁ (Lipman et al., 2023, eq. 9). The step
/// is θ′ = θ − η∇L. η begins at sL/|∇L|², by which L of this batch falls by the share s to first order, and is halved
/// until L falls by half of what the slope promises (Armijo's rule).
public struct TrainingStep: Sendable {
  /// The ends of the pairs, `d×n` each.
  public let source, target: Batch
  /// A time for each pair, and the point X_t of its path, `d×n`.
  public let times: [Double]
  public let points: Batch
  /// The velocity of each pair's own path there, and what the network says before and after, `d×n`.
  public let wanted, before, after: Batch
  /// The loss of this batch before and after the step.
  public let lossBefore, lossAfter: Double
  /// The weights after it.
  public let weights: FlowWeights

  /// The share s of the loss by which a step is to lower it.
  public static let share = 0.03
  /// How often η is halved at most.
  private static let halvings = 30

  /// Why the steps of an experiment cannot be shown so; nil where they can.
  public static func complaint(of experiment: Experiment) -> String? {
    let isPlain =
      experiment.objective == .flowMatching && experiment.model == .velocity
      && experiment.loss == .squared && experiment.prediction == .velocity
    if !isPlain { return "needs plain flow matching of a velocity" }
    if experiment.dimension != 2 || experiment.space != nil || experiment.letters != nil {
      return "needs points of the plane"
    }
    if !experiment.classes.isEmpty || !experiment.observations.isEmpty {
      return "needs a network that is told x and t alone"
    }
    return nil
  }

  /// The `index`-th batch of `count` pairs through weights of an experiment without a complaint.
  public init(
    of weights: FlowWeights, _ experiment: Experiment, from source: any Distribution,
    to dataset: Dataset, index: Int, count: Int = 24,
    instructionSet: InstructionSet = .best
  ) {
    precondition(
      TrainingStep.complaint(of: experiment) == nil, "such steps are not shown")
    var pairs = TrainingPairs(
      from: source, to: dataset.distribution, through: experiment.snapshots(of: dataset),
      along: experiment.path.path(under: experiment.scheduler),
      coupledBy: experiment.pairing(
        to: dataset, count: count, instructionSet: instructionSet),
      regressing: experiment.regression, density: experiment.timeDensity, count: count,
      random: Random(seed: experiment.seed).stream("shown step \(index)"))
    pairs.draw()
    (self.source, target, self.times) = (pairs.x0, pairs.x1, pairs.times)
    (self.points, self.wanted) = (pairs.sample.x, pairs.targets)
    var network = DenseNetwork(weights.shape, instructionSet: instructionSet)
    var said = wanted
    let (points, wanted, times) = (pairs.sample.x, pairs.targets, pairs.times)
    func say(_ values: [Float]) -> (said: Batch, loss: Double) {
      network.evaluate(
        weights: values, points: points.values, times: times, into: &said.values)
      let squares = zip(said.values, wanted.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return (said, squares / Double(wanted.values.count))
    }
    var (moved, spoken) = (weights, say(weights.values))
    let start = spoken.loss
    (before, lossBefore) = (spoken.said, start)
    var gradient = [Float](repeating: 0, count: weights.values.count)
    _ = network.squaredErrorGradient(
      weights: weights.values, points: points.values, times: times, target: wanted.values,
      scale: 1 / Double(wanted.values.count), gradient: &gradient)
    let square = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
    var rate = square > 0 && square.isFinite ? TrainingStep.share * start / square : 0
    for _ in 0..<TrainingStep.halvings {
      moved = weights
      for k in moved.values.indices { moved.values[k] -= Float(rate) * gradient[k] }
      spoken = say(moved.values)
      if start - spoken.loss >= 0.5 * rate * square { break }
      rate *= 0.5
    }
    self.weights = moved
    (after, lossAfter) = (spoken.said, spoken.loss)
  }
}
