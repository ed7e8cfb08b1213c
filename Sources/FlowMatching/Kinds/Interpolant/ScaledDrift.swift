/// A drift that is wrong by a factor, with the score that is right: what ε mends, and an ODE does not.
///
/// The error of dX = (cb + εs)dt + √(2ε)dW at the end is at most (1 − c)²E∫|b|²dt/4ε in nats (Albergo et al.,
/// 2023, theorem 23).
public struct ScaledDrift: Flow, ScoreField {
  private var field: any DivergenceField
  private var exact: any ScoreField
  /// The factor c.
  public let factor: Double

  /// A field whose velocity is multiplied.
  public init(_ field: some DivergenceField & ScoreField, factor: Double) {
    (self.field, exact, self.factor) = (field, field, factor)
  }

  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.hasScore = true
    traits.hasConstantNoise = true
    return traits
  }

  public var dimension: Int { field.dimension }
  public var regularity: Regularity { field.regularity }
  public var inDouble: any DivergenceField { self }
  public func scoreField(under scheduler: Scheduler) -> any ScoreField { self }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    field.evaluate(x, at: t, into: &velocity)
    scale(&velocity)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch
  ) {
    exact.evaluate(x, at: t, into: &velocity, score: &score)
    scale(&velocity)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    field.evaluate(x, at: t, into: &velocity, divergence: &divergence)
    scale(&velocity)
    for j in divergence.indices { divergence[j] *= factor }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    field.evaluate(x, at: t, probes: probes, into: &velocity, divergence: &divergence)
    scale(&velocity)
    for j in divergence.indices { divergence[j] *= factor }
  }

  private func scale(_ velocity: inout Batch) {
    for k in velocity.values.indices { velocity.values[k] *= factor }
  }
}
