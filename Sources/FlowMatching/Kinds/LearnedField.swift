/// The flow of whatever was learned, by the kind of its experiment.
public struct LearnedField: Flow, ForwardingField {
  /// What was learned.
  public let weights: FlowWeights
  public let traits: FlowTraits
  public var field: any DivergenceField
  private let flow: any Flow

  /// The flow that a kind makes of its weights.
  init(_ weights: FlowWeights, _ flow: any Flow, _ traits: FlowTraits) {
    self.weights = weights
    self.flow = flow
    self.traits = traits
    field = flow
  }

  /// The flow as a map; nil for one that is none.
  public var map: (any MapFlow)? { flow as? any MapFlow }

  public var posterior: (any TokenPosterior)? { flow.posterior }

  public func scoreField(under scheduler: Scheduler) -> any ScoreField {
    flow.scoreField(under: scheduler)
  }

  public func transport(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport {
    flow.transport(state, as: cargo, from: start, to: end, plan)
  }

  public func logDensity(
    of points: Batch, from source: any DensityDistribution, _ method: LikelihoodMethod,
    probes: Batch?, progress: (Double) -> Void
  ) -> LikelihoodValues {
    flow.logDensity(of: points, from: source, method, probes: probes, progress: progress)
  }
}
