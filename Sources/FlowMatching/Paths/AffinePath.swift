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
    precondition(x1.count == n && x1.dimension == d, "both ends need the same shape")
    precondition(t.count == n, "every pair needs a time")
    precondition(
      sample.x.count == n && sample.x.dimension == d && sample.velocity.count == n
        && sample.velocity.dimension == d, "the sample needs the shape of the ends")
    for j in 0..<n {
      let alpha = scheduler.alpha(t[j])
      let sigma = scheduler.sigma(t[j])
      let alphaRate = scheduler.alphaRate(t[j])
      let sigmaRate = scheduler.sigmaRate(t[j])
      for i in 0..<d {
        let k = i * n + j
        let noise = x0.values[k]
        let data = x1.values[k]
        sample.x.values[k] = alpha * data + sigma * noise
        sample.velocity.values[k] = alphaRate * data + sigmaRate * noise
      }
    }
  }
}
