/// Flow matching of the latents of pictures (Dao et al., 2023): an autoencoder is trained first and frozen,
/// and what flows are its standardised latents.
///
/// It wraps the flow matching of points, to which latents are points like others; no gradient reaches the
/// encoder.
public struct LatentMatching: FlowKind {
  public let experiment: Experiment
  /// The same on points.
  private let matching: Matching

  public init(_ experiment: Experiment) {
    self.experiment = experiment
    matching = Matching(experiment)
  }

  public static func learns(_ experiment: Experiment) -> Bool { experiment.latent != nil }

  public var complaint: String? { experiment.latentComplaint ?? matching.complaint }
  public var shortTitle: String { "latents" }
  public var title: String { "latent \(experiment.dimension) · \(matching.title)" }
  public var words: LossWords { matching.words }
  public var stepPrice: Int { matching.stepPrice }
  public var workPerStep: Double { matching.workPerStep }
  public var evaluationsPerStep: Int { matching.evaluationsPerStep }

  public var traits: FlowTraits {
    var traits = matching.traits
    traits.isLatent = true
    return traits
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    matching.objective(
      from: source, to: dataset, instructionSet: instructionSet, threads: threads)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    matching.flow(of: weights, instructionSet: instructionSet)
  }

  public func flow(
    of weights: FlowWeights, _ asked: Guidance, instructionSet: InstructionSet
  ) -> any Flow {
    matching.flow(of: weights, asked, instructionSet: instructionSet)
  }

  /// Not known: the exact field of the learned latents knows them by heart, which is no goal.
  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    LossFloorEstimation(known: nil)
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? { nil }
}
