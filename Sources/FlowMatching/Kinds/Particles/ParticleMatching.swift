/// Forces between four particles in the plane that are the same under every motion and renumbering, by flow
/// matching of pairs that are near each other up to those (Klein, Krämer and Noé, 2023).
///
/// The same with a network of coordinates shows what symmetry buys: its mean is taken out, it knows no more.
public struct ParticleMatching: FlowKind {
  public let experiment: Experiment

  public init(_ experiment: Experiment) { self.experiment = experiment }

  public static func learns(_ experiment: Experiment) -> Bool {
    experiment.space == nil && experiment.letters == nil && experiment.movesParticles
      && (experiment.model.pairs != nil || experiment.model == .velocity)
      && experiment.objective != .interpolant && experiment.objective != .action
  }

  public var complaint: String? {
    if experiment.source != Source.meanFree {
      return "four particles start from --source \(Source.meanFree), where their mean is"
    }
    if experiment.objective != .flowMatching {
      return
        "four particles learn a velocity by flow matching: use --model equivariant, pairwise or cnf"
    }
    if experiment.widths.isEmpty { return "a network of pairs needs a hidden layer at least" }
    if experiment.path != .affine || experiment.prediction != .velocity
      || experiment.loss != .squared
    {
      return
        "four particles go along straight lines and learn their velocity by the squared error; leave "
        + "out path, prediction and loss"
    }
    if ![.independent, .orbit, .optimalTransport].contains(experiment.coupling) {
      return "four particles are paired by orbit, ot or not at all, not by \(experiment.coupling)"
    }
    if !experiment.classes.isEmpty || !experiment.observations.isEmpty {
      return "four particles have no classes and nothing observed; leave out the labels"
    }
    return experiment.timeWeight == .uniform
      ? nil : "four particles know no weight of t; leave out time-weight"
  }

  public var words: LossWords { .matching }
  public var stepPrice: Int { 6 }
  /// Forward, back to the layers before, and to the weights, for each of six pairs.
  public var workPerStep: Double { experiment.model.pairs == nil ? 3 : 18 }
  public var evaluationsPerStep: Int { 1 }

  /// The exact fields and schedules of flat paths are not this one's.
  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.followsPath = false
    return traits
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    ParticleObjective(
      experiment, from: source, to: dataset, instructionSet: instructionSet, threads: threads)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    let network = MLPWeights(weights)
    return network.shape.pairs == nil
      ? SolvedFlow(MeanFreeField(MLP(network, instructionSet: instructionSet)))
      : SolvedFlow(PairField(network, instructionSet: instructionSet))
  }

  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    LossFloorEstimation(known: nil)
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? { nil }
}
