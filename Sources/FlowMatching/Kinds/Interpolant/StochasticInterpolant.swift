/// A stochastic interpolant between two distributions: the drift b = E[İ + γ̇z | X_t] of its ODE and the
/// denoiser η = E[z | X_t], a network each (Albergo, Boffi and Vanden-Eijnden, 2023).
///
/// The score is s = −η/γ, so that every dX = (b + εs)dt + √(2ε)dW has the same p_t.
public struct StochasticInterpolant: FlowKind {
  public let experiment: Experiment

  public init(_ experiment: Experiment) { self.experiment = experiment }

  public static func learns(_ experiment: Experiment) -> Bool {
    experiment.space == nil && experiment.letters == nil && experiment.model.layers == nil
      && (experiment.objective == .interpolant || experiment.model == .interpolant)
  }

  public var networkCount: Int { 2 }
  public var shortTitle: String { "interpolant" }
  public var title: String { "2 × " + experiment.shape.title }
  public var words: LossWords { .interpolant }
  public var stepPrice: Int { 2 }
  public var workPerStep: Double { 6 }
  public var evaluationsPerStep: Int { 2 }

  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.hasScore = true
    traits.hasConstantNoise = true
    return traits
  }

  public var complaint: String? {
    if experiment.model != .interpolant || experiment.objective != .interpolant {
      return
        "an interpolant learns a drift and a denoiser together: use --objective interpolant alone"
    }
    guard let noise = InterpolantNoise(experiment.path), noise.scale > 0 else {
      return
        "the noise of an interpolant is --gamma sqrt:a, sine:a, product:a or mirror:a with "
        + "a > 0, not the path \(experiment.path)"
    }
    if experiment.path.startsFromData,
      experiment.source != Source.gaussian || experiment.coupling != .independent
    {
      return
        "--gamma \(noise) starts from the data itself, so that no source and no coupling count; leave "
        + "them out, or use --gamma \(InterpolantNoise.squareRoot(noise.scale))"
    }
    if experiment.prediction != .velocity || experiment.loss != .squared {
      return
        "an interpolant learns its drift and its noise by squared errors; leave out prediction "
        + "and loss"
    }
    return experiment.timeComplaint
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    InterpolantObjective(
      experiment, from: source, to: dataset, instructionSet: instructionSet, threads: threads)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    InterpolantFlow(
      weights, InterpolantNoise(experiment.path) ?? .squareRoot(1), instructionSet: instructionSet)
  }

  /// What the drift cannot undercut is not known in closed form over the times of training.
  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    LossFloorEstimation(known: nil)
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? {
    experiment.fieldError(to: dataset)
  }
}

extension FlowWeights {
  /// One of its networks.
  public func network(_ index: Int) -> MLPWeights {
    let count = shape.parameterCount
    return MLPWeights(shape: shape, values: Array(values[index * count..<(index + 1) * count]))
  }
}
