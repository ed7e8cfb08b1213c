/// A velocity field that is learned by maximum likelihood: a continuous normalizing flow (Chen et al.,
/// 2018).
public struct ContinuousFlow: FlowKind {
  public let experiment: Experiment

  public init(_ experiment: Experiment) { self.experiment = experiment }

  public static func learns(_ experiment: Experiment) -> Bool {
    experiment.model == .velocity && experiment.objective == .likelihood
  }

  public var shortTitle: String { "likelihood" }
  public var words: LossWords { .likelihood }
  public var stepPrice: Int { 100 }
  public var complaint: String? { experiment.likelihoodChoicesComplaint }
  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.followsPath = false
    return traits
  }
  public var rival: Experiment? {
    experiment.likelihood.besideMatching ? experiment.besideLikelihood : nil
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    MaximumLikelihood(experiment, target: dataset.distribution, instructionSet: instructionSet)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    SolvedFlow(experiment.velocityField(of: MLPWeights(weights), instructionSet: instructionSet))
  }

  /// A stage of a solve needs four, since it is computed anew on the way back, and with d tangents beside
  /// the value d + 1 times as many: 320 in 20 steps of the midpoint rule in the plane.
  public var workPerStep: Double {
    guard let tableau = experiment.likelihood.tableau else { return 1 }
    let tangents = experiment.likelihood.divergence == .exact ? experiment.dimension : 1
    let stages = tableau.b.map { $0 == 0 ? 4.0 : 4 * Double(1 + tangents) }
    return Double(experiment.likelihood.steps) * stages.reduce(0, +)
  }

  public var evaluationsPerStep: Int {
    guard let tableau = experiment.likelihood.tableau else { return 1 }
    return experiment.likelihood.steps * tableau.evaluationsPerStep
  }

  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    dataset.entropyFloorEstimation
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? {
    RelativeEntropy(dataset: dataset, seed: experiment.seed)
  }
}

extension FlowWeights {
  /// The network of a velocity field; nil for other models.
  public var network: MLPWeights? { model == .velocity ? MLPWeights(self) : nil }
}
