/// A tangent velocity field on a curved space, learned by flow matching along geodesics (Chen and
/// Lipman, 2024).
///
/// A network is told the space's inputs and the time, and `EmbeddedField` makes a tangent of what it
/// answers.
public struct GeodesicMatching: FlowKind {
  public let experiment: Experiment

  public init(_ experiment: Experiment) { self.experiment = experiment }

  public static func learns(_ experiment: Experiment) -> Bool { experiment.space != nil }

  /// What there is beside the defaults: the source, and pairs by optimal transport.
  public var complaint: String? {
    let name = experiment.space ?? ""
    guard let space = experiment.curvedSpace else {
      return UnknownName(kind: "space", name: name, among: Spaces.all.map(\.name)).description
    }
    if experiment.dimension != space.coordinates {
      return "points of the \(name) have \(space.coordinates) coordinates, "
        + "not \(experiment.dimension)"
    }
    if experiment.model != .velocity || experiment.objective != .flowMatching {
      return "on the \(name) a velocity is learned by flow matching alone; leave out the model "
        + "and the objective"
    }
    if experiment.path != .affine || experiment.scheduler != .conditionalOT {
      return "paths on the \(name) are geodesics at constant speed; leave out the path and the "
        + "scheduler"
    }
    if experiment.prediction != .velocity || experiment.loss != .squared {
      return "on the \(name) the network predicts the velocity, by the squared error in the "
        + "metric; leave out the prediction and the loss"
    }
    if ![.independent, .optimalTransport].contains(experiment.coupling) {
      return "pairs on the \(name) are independent or ot, by geodesic cost, not "
        + "\(experiment.coupling)"
    }
    return experiment.timeComplaint
  }

  public var words: LossWords { .matching }
  public var stepPrice: Int { 1 }

  /// The exact fields, pairs and schedules of flat paths are not this one's: see
  /// `Dataset.geodesicField`.
  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.followsPath = false
    return traits
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    GeodesicObjective(
      experiment, on: space, from: source, to: dataset, instructionSet: instructionSet,
      threads: threads)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    SolvedFlow(
      EmbeddedField(MLP(MLPWeights(weights), instructionSet: instructionSet), on: space))
  }

  /// Forward, back to the layers before, and to the weights.
  public var workPerStep: Double { 3 }
  public var evaluationsPerStep: Int { 1 }

  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    guard isExact, experiment.timeDensity == .uniform, let variance = GeodesicVariance(to: dataset)
    else {
      return LossFloorEstimation(known: nil)
    }
    return LossFloorEstimation(of: variance, experiment.regression)
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? {
    guard isExact else { return nil }
    return GeodesicFieldError(to: dataset, seed: experiment.seed)
  }

  /// Whether the field is that of independent pairs from the uniform distribution.
  private var isExact: Bool {
    experiment.coupling == .independent && experiment.source == Source.uniform
  }

  private var space: any Space {
    guard let space = experiment.curvedSpace else {
      preconditionFailure("the experiment's space is not known")
    }
    return space
  }
}
