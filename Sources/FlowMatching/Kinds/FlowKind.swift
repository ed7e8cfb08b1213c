/// A kind of flow, of one experiment: what is learned, by which objective, and what is known beforehand.
///
/// A kind has a folder of its own and a line in `FlowKinds`; nothing outside asks which kind it is.
public protocol FlowKind: Sendable {
  /// Whether an experiment is of this kind.
  static func learns(_ experiment: Experiment) -> Bool

  /// The kind of an experiment that is of it.
  init(_ experiment: Experiment)

  /// The experiment.
  var experiment: Experiment { get }

  /// How many networks of the experiment's shape are learned.
  var networkCount: Int { get }

  /// What is learned in words, with its networks' shape: "RealNVP 8 × MLP 2×64 SiLU".
  var title: String { get }

  /// The same in a few letters: "RealNVP".
  var shortTitle: String { get }

  /// What its loss is called.
  var words: LossWords { get }

  /// Why the experiment cannot be trained; nil where it can, as far as this kind knows.
  var complaint: String? { get }

  /// The objective of an experiment without a complaint, from its source to a data set.
  ///
  /// Where more threads do not pay, one works.
  func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective

  /// The flow of weights, whatever the networks predict.
  func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow

  /// The same of a class, where it learns classes, or given what was observed, where it learns that.
  func flow(
    of weights: FlowWeights, _ asked: Guidance, instructionSet: InstructionSet
  ) -> any Flow

  /// The work of a step for each point of its batch: evaluations of a network, and products of their
  /// size.
  var workPerStep: Double { get }

  /// As how many steps of flow matching a step counts where time is counted and not measured.
  var stepPrice: Int { get }

  /// How often a step evaluates a network at each point of its batch on the way forward.
  var evaluationsPerStep: Int { get }

  /// The least loss that any network can have, a piece at a time.
  func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation

  /// What is measured of it above that least loss; nil where nothing can be.
  func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)?

  /// What can be asked of the flow.
  var traits: FlowTraits { get }

  /// The experiment that is trained beside it on the same clock, to compare; nil where none is.
  var rival: Experiment? { get }
}

extension FlowKind {
  public var networkCount: Int { 1 }
  public var shortTitle: String { experiment.objective.title }
  public var title: String { experiment.shape.title }
  public var rival: Experiment? { nil }

  public func flow(
    of weights: FlowWeights, _ asked: Guidance, instructionSet: InstructionSet
  ) -> any Flow {
    flow(of: weights, instructionSet: instructionSet)
  }
}
