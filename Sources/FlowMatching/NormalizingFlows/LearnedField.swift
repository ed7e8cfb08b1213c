/// The velocity field of whatever was learned: a network's, or that of a flow of couplings.
public struct LearnedField: DivergenceField {
  /// What was learned.
  public let weights: FlowWeights
  private var field: any DivergenceField

  /// The field that an experiment makes of its weights.
  init(_ weights: FlowWeights, _ field: any DivergenceField) {
    self.weights = weights
    self.field = field
  }

  public var dimension: Int { field.dimension }
  public var regularity: Regularity { field.regularity }
  public var inDouble: any DivergenceField { LearnedField(weights, field.inDouble) }

  /// The field of one network; nil for couplings.
  public var network: NetworkField? { field as? NetworkField }

  /// The flow in closed form, where it has one; nil for one that has to be solved.
  public var closedForm: (any ClosedFormFlow)? { field as? any ClosedFormFlow }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    field.evaluate(x, at: t, into: &velocity)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    field.evaluate(x, at: t, into: &velocity, divergence: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    field.evaluate(x, at: t, probes: probes, into: &velocity, divergence: &divergence)
  }
}

/// A field whose flow is known without a solver.
public protocol ClosedFormFlow: DivergenceField {
  /// Evaluations of a network that carrying a point through all of the flow takes.
  var evaluations: Int { get }

  /// Carries `d×n` points from a time in [0, 1] to a later or an earlier one, adding log|det| of
  /// that map to `logDeterminant`.
  mutating func carry(
    _ x: inout Batch, from start: Double, to end: Double, logDeterminant: inout [Double])
}

extension ClosedFormFlow {
  /// log p_t(x) = log p₀(z) + log|det ∂z/∂x| in nats of `d×n` points, where p₀ is N(0, I).
  public mutating func logDensity(_ points: Batch, at t: Double) -> [Double] {
    var (z, logDeterminant) = (points, [Double](repeating: 0, count: points.count))
    carry(&z, from: t, to: 0, logDeterminant: &logDeterminant)
    return zip(StandardNormal(dimension: dimension).logDensity(z), logDeterminant).map { $0 + $1 }
  }
}

extension Experiment {
  /// The velocity field of what was learned, with its divergence.
  ///
  /// Everything that samples, measures or draws a trained flow goes through it.
  public func velocityField(
    of weights: FlowWeights, instructionSet: InstructionSet = .best
  ) -> LearnedField {
    switch weights {
    case .velocity(let network):
      LearnedField(weights, velocityField(of: network, instructionSet: instructionSet))
    case .couplings(let couplings):
      LearnedField(weights, CouplingFlow(couplings, instructionSet: instructionSet))
    }
  }
}
