/// A velocity field that also knows the score of its marginals, which stochastic samplers need.
public protocol ScoreField: VelocityField {
  /// The times at which the score is known: beyond them no noise is added, which leaves every p_t as it is.
  var scoreTimes: ClosedRange<Double> { get }

  /// Writes u_t(x) and s = ∇ log p_t(x) for every point; all batches are `d×n`.
  mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch)
}

extension ScoreField {
  public var scoreTimes: ClosedRange<Double> { 0...1 }
}

extension ScoreField where Self: ExactField {
  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch
  ) {
    evaluate(x, at: t, into: &velocity)
    self.score(x, at: t, into: &score)
  }
}

extension MarginalField: ScoreField {}
extension BoxField: ScoreField {}

/// The score that a velocity implies: s = (αu − α̇x)/(σD), D = α̇σ − σ̇α (Lipman et al., 2024,
/// table 1).
///
/// Holds for affine paths from N(0, I) with independent pairs, and no others. The coefficients are
/// those of the nearest time in [0.001, 0.999]: at the ends they are 0/0 or grow as 1/σ.
public struct VelocityScore: ScoreField {
  /// The velocity.
  public private(set) var base: any VelocityField
  /// The schedule of the path to which it belongs.
  public let scheduler: Scheduler

  /// The field with the score that belongs to it under the scheduler.
  public init(_ base: any VelocityField, scheduler: Scheduler) {
    self.base = base
    self.scheduler = scheduler
  }

  public var dimension: Int { base.dimension }
  public var regularity: Regularity { base.regularity }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    base.evaluate(x, at: t, into: &velocity)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch
  ) {
    precondition(score.hasShape(of: x), "the score needs the shape of x")
    base.evaluate(x, at: t, into: &velocity)
    VelocityScore.score(of: velocity, at: x, t, scheduler: scheduler, into: &score)
  }

  /// Writes the score that belongs to a velocity at x; all batches are `d×n`.
  public static func score(
    of velocity: Batch, at x: Batch, _ t: Times, scheduler: Scheduler, into score: inout Batch
  ) {
    let n = x.count
    var c = coefficients(at: n > 0 ? t[0] : 0, scheduler)
    for j in 0..<n {
      if case .each(let times) = t { c = coefficients(at: times[j], scheduler) }
      for i in 0..<x.dimension {
        let k = i * n + j
        score.values[k] = c.x * x.values[k] + c.other * velocity.values[k]
      }
    }
  }

  private static func coefficients(
    at t: Double, _ scheduler: Scheduler
  ) -> Prediction.Combination {
    Prediction.score.predictionCoefficients(
      scheduler.coefficients(at: min(max(t, 0.001), 0.999)))
  }
}
