/// The flow of whatever was learned, by the kind of its experiment.
public struct LearnedField: Flow {
  /// What was learned.
  public let weights: FlowWeights
  public let traits: FlowTraits
  private var flow: any Flow

  /// The flow that a kind makes of its weights.
  init(_ weights: FlowWeights, _ flow: any Flow, _ traits: FlowTraits) {
    self.weights = weights
    self.flow = flow
    self.traits = traits
  }

  public var dimension: Int { flow.dimension }
  public var posterior: (any TokenPosterior)? { flow.posterior }
  public var regularity: Regularity { flow.regularity }
  public var inDouble: any DivergenceField { flow.inDouble }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    flow.evaluate(x, at: t, into: &velocity)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    flow.evaluate(x, at: t, into: &velocity, divergence: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    flow.evaluate(x, at: t, probes: probes, into: &velocity, divergence: &divergence)
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
