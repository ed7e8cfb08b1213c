/// The affine path X_t = α_t x₁ + σ_t x₀ with velocity α̇_t x₁ + σ̇_t x₀ (Lipman et al., 2024, §4.8).
public struct AffinePath: ProbabilityPath, Hashable {
  /// The schedule (α, σ).
  public let scheduler: Scheduler

  /// The affine path under a scheduler.
  public init(scheduler: Scheduler) { self.scheduler = scheduler }

  public func sample(
    from x0: Batch, to x1: Batch, at t: [Double], using random: inout Random,
    into sample: inout PathSample
  ) {
    let n = x0.count
    let d = x0.dimension
    sample.requireShape(of: x0, x1, t)
    for j in 0..<n {
      let c = scheduler.coefficients(at: t[j])
      for i in 0..<d {
        let k = i * n + j
        let noise = x0.values[k]
        let data = x1.values[k]
        sample.x.values[k] = c.alpha * data + c.sigma * noise
        sample.velocity.values[k] = c.alphaRate * data + c.sigmaRate * noise
      }
    }
  }
}
