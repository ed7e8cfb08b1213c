/// Layers of affine maps that are learned by maximum likelihood, RealNVP (Dinh et al., 2017).
public struct AffineLayers: FlowKind {
  public let experiment: Experiment

  public init(_ experiment: Experiment) { self.experiment = experiment }

  public static func learns(_ experiment: Experiment) -> Bool { experiment.model.layers != nil }

  private var layers: Int { experiment.model.layers ?? 0 }

  public var networkCount: Int { layers }
  public var shortTitle: String { "RealNVP" }
  public var words: LossWords { .likelihood }
  public var stepPrice: Int { 10 }
  public var title: String { "RealNVP \(layers) × " + experiment.shape.title }
  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.layers = layers
    traits.followsPath = false
    return traits
  }
  public var rival: Experiment? {
    experiment.likelihood.besideMatching ? experiment.besideLikelihood : nil
  }

  public var complaint: String? {
    if !FlowModel.possibleLayers.contains(layers) {
      return "a RealNVP has 1 to 64 layers"
    }
    if experiment.objective != .likelihood {
      return "a RealNVP follows no path: it is trained by likelihood alone"
    }
    if !experiment.activation.hasContinuousDerivative {
      return "a RealNVP has a smooth density with silu, tanh, elu, gelu or softplus, not with "
        + experiment.activation.title
    }
    return experiment.likelihoodChoicesComplaint
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    AffineLayersObjective(
      experiment, target: dataset.distribution, instructionSet: instructionSet)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    AffineLayersField(RealNVPWeights(weights), instructionSet: instructionSet)
  }

  /// A layer needs five: forward, and on the way back twice more and two products.
  public var workPerStep: Double { 5 * Double(layers) }
  public var evaluationsPerStep: Int { layers }

  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    dataset.entropyFloorEstimation
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? {
    RelativeEntropy(dataset: dataset, seed: experiment.seed)
  }
}

extension RealNVPWeights {
  /// The weights of a flow's networks, one a layer.
  public init(_ weights: FlowWeights) {
    self.init(
      shape: weights.shape, layers: weights.values.count / weights.shape.parameterCount,
      values: weights.values)
  }
}
