/// A field that has its numbers from another one, and something of its own beside them.
public protocol ForwardingField: DivergenceField {
  /// Where all numbers come from.
  var field: any DivergenceField { get set }
}

extension ForwardingField {
  public var dimension: Int { field.dimension }
  public var regularity: Regularity { field.regularity }
  public var inDouble: any DivergenceField { field.inDouble }

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
