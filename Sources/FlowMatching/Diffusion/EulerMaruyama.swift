/// The Euler–Maruyama method: x⁺ = x + h b(x, t) + g(t)ΔW, b = u + ½g²s; weak order 1.
public struct EulerMaruyama: StochasticStepper {
  private var drift = Drift()

  /// The method; its scratch memory is allocated at the first step.
  public init() {}

  public var name: String { "euler-maruyama" }
  public var title: String { "Euler–Maruyama" }
  public var weakOrder: Int { 1 }
  public var evaluationsPerStep: Int { 1 }
  public var reference: String { "G. Maruyama, Rend. Circ. Mat. Palermo 4 (1955), 48–90" }

  public mutating func step(
    _ field: inout any ScoreField, noise: NoiseSchedule, from x: Batch, at t: Double, by h: Double,
    increments: Batch, into next: inout Batch
  ) {
    drift.evaluate(&field, x, at: t, noise: noise, isForward: h > 0)
    let g = noise(t)
    for k in 0..<next.values.count {
      next.values[k] = x.values[k] + h * drift.value.values[k] + g * increments.values[k]
    }
  }
}
