/// The flow along the gradient of a potential, with noise of its own where it was learned with noise.
public struct PotentialFlow: Flow, ForwardingField {
  public var field: any DivergenceField
  public let traits: FlowTraits

  /// The flow along a potential's field.
  init(_ field: PotentialField, traits: FlowTraits) {
    self.field = field
    self.traits = traits
  }

  /// With noise of its own ∇s is the whole drift.
  public func scoreField(under scheduler: Scheduler) -> any ScoreField {
    traits.ownNoise > 0 ? DriftAlone(field) : VelocityScore(self, scheduler: scheduler)
  }
}

/// A drift to which noise adds nothing of its own: its score is said to be 0.
struct DriftAlone: ScoreField {
  private var drift: any DivergenceField

  init(_ drift: any DivergenceField) { self.drift = drift }

  var dimension: Int { drift.dimension }
  var regularity: Regularity { drift.regularity }

  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    drift.evaluate(x, at: t, into: &velocity)
  }

  mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch
  ) {
    drift.evaluate(x, at: t, into: &velocity)
    for k in score.values.indices { score.values[k] = 0 }
  }
}
