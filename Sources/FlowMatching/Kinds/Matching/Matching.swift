/// A velocity field that is learned by conditional flow matching: L = E D(Y, f_θ(X_t, t)).
public struct Matching: FlowKind {
  public let experiment: Experiment

  public init(_ experiment: Experiment) { self.experiment = experiment }

  public static func learns(_ experiment: Experiment) -> Bool {
    experiment.space == nil && experiment.letters == nil && experiment.latent == nil
      && experiment.model == .velocity
      && experiment.objective == .flowMatching
  }

  public var words: LossWords { .matching }
  public var complaint: String? {
    if ConditionalPath.interpolants.contains(where: { $0.name == experiment.path.name }) {
      return "the path \(experiment.path) is of an interpolant: use --objective interpolant"
    }
    if let complaint = experiment.classComplaint ?? experiment.observationComplaint {
      return complaint
    }
    return Loss.ofPoints.contains { $0.name == experiment.loss.name }
      ? nil : "\(experiment.loss) is a loss of letters: choose another, or data of words"
  }
  public var stepPrice: Int { 1 }
  /// Along an affine path the schedule is a matter of time alone, and from a Gaussian with independent
  /// pairs the score follows from the velocity.
  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.classes = experiment.classes
    traits.observed = experiment.observations
    traits.hasSchedules = experiment.path == .affine
    traits.hasScore =
      traits.hasSchedules && experiment.source == Source.gaussian
      && experiment.coupling == .independent
    return traits
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    MatchingObjective(
      experiment, from: source, to: dataset, instructionSet: instructionSet, threads: threads)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    flow(of: weights, .none, instructionSet: instructionSet)
  }

  public func flow(
    of weights: FlowWeights, _ asked: Guidance, instructionSet: InstructionSet
  ) -> any Flow {
    SolvedFlow(
      experiment.velocityField(
        of: MLPWeights(weights), label: asked.label, given: asked.observation,
        instructionSet: instructionSet))
  }

  /// Forward, back to the layers before, and to the weights.
  static let workPerStep = 3.0
  public var workPerStep: Double { Matching.workPerStep }
  public var evaluationsPerStep: Int { 1 }

  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    let source = experiment.independentSource
    // What the field scatters about given an observation is known of no simulator.
    guard source.isKnown, experiment.observations.isEmpty, experiment.loss == .squared,
      experiment.timeDensity == .uniform,
      experiment.timeWeight == .uniform
    else {
      return LossFloorEstimation(known: nil)
    }
    return LossFloorEstimation(
      from: source.mixture, to: dataset, experiment.regression,
      labelDropout: experiment.classes.isEmpty ? nil : experiment.labelDropout)
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? {
    guard experiment.observations.isEmpty else { return nil }
    return experiment.classes.isEmpty
      ? experiment.fieldError(to: dataset) : LabelledFieldError(experiment, to: dataset)
  }
}
