/// A path with coefficients of any kind: X_t = α x₁ + σ x₀ + γ ε with velocity α̇ x₁ + σ̇ x₀ + γ̇ ε.
///
/// As N(μ_t, γ_t²I) around μ_t = α x₁ + σ x₀ this is u = (γ̇/γ)(x − μ) + μ̇, without its division.
public struct NoisyPath: ProbabilityPath, Hashable {
  /// Which path.
  public let path: ConditionalPath
  /// The schedule, where the path takes one.
  public let scheduler: Scheduler

  /// The path under a scheduler.
  public init(path: ConditionalPath, scheduler: Scheduler = .conditionalOT) {
    self.path = path
    self.scheduler = scheduler
  }

  /// All coefficients at `t` in [0, 1].
  public func coefficients(at t: Double) -> PathCoefficients {
    path.coefficients(scheduler, at: t)
  }

  public func sample(
    from x0: Batch, to x1: Batch, at t: [Double], using random: inout Random,
    into sample: inout PathSample
  ) {
    let n = x0.count
    let d = x0.dimension
    sample.requireShape(of: x0, x1, t)
    let hasNoise = path.hasNoise
    // The noise is drawn into the place of the points, which need it only once.
    if hasNoise { random.fillNormals(&sample.x.values) }
    for j in 0..<n {
      let c = coefficients(at: t[j])
      for i in 0..<d {
        let k = i * n + j
        let noise = hasNoise ? sample.x.values[k] : 0
        let (start, end) = (x0.values[k], x1.values[k])
        sample.x.values[k] = c.alpha * end + c.sigma * start + c.noise * noise
        sample.velocity.values[k] =
          c.alphaRate * end + c.sigmaRate * start + c.noiseRate * noise
      }
    }
  }
}
