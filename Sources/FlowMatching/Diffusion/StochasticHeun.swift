/// The stochastic Heun method: x̃ = x + h b(x, t) + g(t)ΔW, then
/// x⁺ = x + ½h[b(x, t) + b(x̃, t + h)] + ½[g(t) + g(t + h)]ΔW; weak order 2 for additive noise.
public struct StochasticHeun: StochasticStepper {
  private var first = Drift()
  private var second = Drift()
  private var predicted = Batch(dimension: 1, count: 0)

  /// The method; its scratch memory is allocated at the first step.
  public init() {}

  public var name: String { "stochastic-heun" }
  public var title: String { "stochastic Heun" }
  public var weakOrder: Int { 2 }
  public var evaluationsPerStep: Int { 2 }
  public var reference: String {
    "P. E. Kloeden and E. Platen, Numerical Solution of SDEs (1992), §15.1"
  }

  public mutating func step(
    _ field: inout any ScoreField, noise: NoiseSchedule, from x: Batch, at t: Double, by h: Double,
    increments: Batch, into next: inout Batch
  ) {
    if !predicted.hasShape(of: x) { predicted = Batch(dimension: x.dimension, count: x.count) }
    first.evaluate(&field, x, at: t, noise: noise, isForward: h > 0)
    let (g, gNext) = (noise(t), noise(t + h))
    for k in 0..<predicted.values.count {
      predicted.values[k] = x.values[k] + h * first.value.values[k] + g * increments.values[k]
    }
    second.evaluate(&field, predicted, at: t + h, noise: noise, isForward: h > 0)
    for k in 0..<next.values.count {
      next.values[k] =
        x.values[k] + 0.5 * h * (first.value.values[k] + second.value.values[k])
        + 0.5 * (g + gNext) * increments.values[k]
    }
  }
}
