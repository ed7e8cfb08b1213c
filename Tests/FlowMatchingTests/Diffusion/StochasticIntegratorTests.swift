import FlowMatching
import Testing

@Suite struct StochasticIntegratorTests {
  static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
  static let schedules: [NoiseSchedule] = [
    .linear(scale: 2), .squareRoot(scale: 1.5), .sine(scale: 2),
  ]

  private func noise(_ count: Int, _ seed: UInt64 = 41) -> Batch {
    var random = Random(seed: seed)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  private func solve(
    _ field: any ScoreField, _ stepper: any StochasticStepper, _ g: NoiseSchedule, steps: Int,
    from x0: Batch, seed: UInt64 = 1, chunkSize: Int = 2048
  ) -> StochasticIntegrator {
    var integrator = StochasticIntegrator(
      field, stepper, noise: g, steps: steps, from: x0, random: Random(seed: seed),
      chunkSize: chunkSize)
    integrator.finish()
    return integrator
  }

  @Test(
    "Gaussian to Gaussian: mean and variance are the target's within 4 s.e., by every schedule",
    arguments: schedules)
  func gaussian(g: NoiseSchedule) {
    let (m, s) = ([1.0, -0.5], 0.6)
    let target = GaussianMixture(weights: [1], means: [m], standardDeviation: s)
    let exact = MarginalField(target: target)
    for field in [exact as any ScoreField, VelocityScore(exact, scheduler: .conditionalOT)] {
      let end = solve(field, StochasticHeun(), g, steps: 100, from: noise(4000)).x
      for i in 0..<2 {
        let values = (0..<4000).map { end[i, $0] - m[i] }
        expectMean(of: values, 0, errors: 4)
        expectMean(of: values.map { $0 * $0 }, s * s, errors: 4)
      }
    }
  }

  @Test("eight Gaussians: the energy distance from fresh samples is one of fresh samples' own")
  func mixture() {
    var random = Random(seed: 43)
    let fresh = (0..<8).map { _ in
      EnergyDistance.unbiasedSquare(
        Self.eight.sample(count: 800, using: &random), Self.eight.sample(count: 800, using: &random)
      )
    }
    let floor = Estimate(of: fresh)
    let deviation = floor.standardError * 8.0.squareRoot()
    for scheduler in [Scheduler.conditionalOT, .cosine] {
      let field = MarginalField(target: Self.eight, scheduler: scheduler)
      let end = solve(field, StochasticHeun(), .linear(scale: 1.5), steps: 100, from: noise(800)).x
      let distance = EnergyDistance.unbiasedSquare(
        end, Self.eight.sample(count: 800, using: &random))
      #expect(abs(distance - floor.mean) < 4 * deviation, "\(distance), \(floor)")
      // The noise really acts: a particle does not end where the flow carries it.
      let flow = solve(field, StochasticHeun(), .none, steps: 100, from: noise(800)).x
      #expect(zip(flow.values, end.values).count { abs($0 - $1) > 0.1 } > 800)
    }
  }

  @Test("without noise Euler–Maruyama is Euler and stochastic Heun is Heun, to the bit")
  func withoutNoise() {
    var field: any VelocityField = MarginalField(target: Self.eight)
    let scored = MarginalField(target: Self.eight)
    let x0 = noise(300)
    for (stepper, tableau) in [
      (EulerMaruyama() as any StochasticStepper, ButcherTableau.euler), (StochasticHeun(), .heun),
    ] {
      let own = solve(scored, stepper, .none, steps: 12, from: x0)
      var ode = Integrator(tableau, control: .fixed(steps: 12), from: x0)
      ode.finish(&field)
      for (a, b) in zip(own.x.values, ode.knot.x.values) { #expect(abs(a - b) < 1e-13) }
      #expect(own.evaluations == ode.evaluations && own.t == 1 && own.status == .finished)
    }
  }

  @Test("the same seed gives the same bits whatever the budget and the chunks; another does not")
  func bits() {
    let field = MarginalField(target: Self.eight)
    let x0 = noise(500)
    let whole = solve(field, StochasticHeun(), .linear(scale: 1), steps: 5, from: x0)
    for chunkSize in [64, 499, 500] {
      var slices = StochasticIntegrator(
        field, StochasticHeun(), noise: .linear(scale: 1), steps: 5, from: x0,
        random: Random(seed: 1), chunkSize: chunkSize)
      var spent = 0
      while slices.status == .running { spent += slices.advance(budget: 1) }
      #expect(slices.x == whole.x && spent == 500 * slices.evaluations)
    }
    let other = solve(field, StochasticHeun(), .linear(scale: 1), steps: 5, from: x0, seed: 2)
    #expect(other.x != whole.x)
  }

  /// Mean and variance that a method gives for N(0, 1) → N(m, s²), without sampling: its step is
  /// linear there, x⁺ = Ax + BΔW + c, so three probes of each step give them exactly.
  private func moments(
    _ stepper: any StochasticStepper, steps: Int, _ field: any ScoreField,
    noise: NoiseSchedule = .linear(scale: 1.5), start: (mean: Double, variance: Double) = (0, 1)
  ) -> (Double, Double) {
    var (stepper, field) = (stepper, field)
    var (mean, variance) = start
    let h = 1 / Double(steps)
    let x = Batch(points: [[0], [1], [0]])
    let increments = Batch(points: [[0], [0], [1]])
    var next = x
    for k in 0..<steps {
      stepper.step(
        &field, noise: noise, from: x, at: Double(k) * h, by: h,
        increments: increments, into: &next)
      let (c, a, b) = (next[0, 0], next[0, 1] - next[0, 0], next[0, 2] - next[0, 0])
      mean = a * mean + c
      variance = a * a * variance + b * b * h
    }
    return (mean, variance)
  }

  @Test("the weak order is 1 for Euler–Maruyama and 2 for Heun, in the mean and the variance")
  func weakOrder() {
    // Under conditional OT the mean moves at constant speed and every method is exact.
    let field = MarginalField(
      target: GaussianMixture(weights: [1], means: [[1.5]], standardDeviation: 0.6),
      scheduler: .cosine)
    for stepper in StochasticMethods.all {
      let (coarse, fine) = (
        moments(stepper, steps: 400, field), moments(stepper, steps: 800, field)
      )
      let errors = [
        (abs(coarse.0 - 1.5), abs(fine.0 - 1.5)), (abs(coarse.1 - 0.36), abs(fine.1 - 0.36)),
      ]
      for (before, after) in errors {
        let order = logarithm(before / after) / logarithm(2)
        #expect(abs(order - Double(stepper.weakOrder)) < 0.15, "\(stepper.name): \(order)")
      }
    }
  }

  @Test(
    "g is taken where the method says: mean and variance of N steps under g = c(1 − t), to 1e-13"
  )
  func noiseOfAStep() {
    // Σ h g(t_k)² is c²(N + 1)(2N + 1)/6N² for g at the beginnings of the steps, its mean over both
    // ends c²(2N² + 1)/6N², and Σ h ((g(t_k) + g(t_k + h))/2)² = c²(4N² − 1)/12N²; ∫g² = c²/3.
    let (c, steps) = (1.5, 10)
    let n = Double(steps)
    let ends = c * c * (2 * n * n + 1) / (6 * n * n)
    let beginnings = c * c * (n + 1) * (2 * n + 1) / (6 * n * n)
    let middles = c * c * (4 * n * n - 1) / (12 * n * n)
    for (stepper, drift, variance) in [
      (EulerMaruyama() as any StochasticStepper, beginnings, beginnings),
      (StochasticHeun(), ends, middles),
    ] {
      let found = moments(
        stepper, steps: steps, UnitScore(), noise: .linear(scale: c), start: (0, 0))
      #expect(abs(found.0 - 0.5 * drift) < 1e-13, "\(stepper.name): \(found.0)")
      #expect(abs(found.1 - variance) < 1e-13, "\(stepper.name): \(found.1)")
    }
  }

  @Test("a point that leaves the numbers does not stop the others; when all have, the solve fails")
  func lost() {
    let field = MarginalField(target: Self.eight)
    var x0 = noise(5)
    x0[0, 2] = .nan
    let some = solve(field, EulerMaruyama(), .linear(scale: 1), steps: 4, from: x0)
    #expect(some.status == .finished && some.lostCount == 1)
    let bad = VelocityScore(
      FormulaField(dimension: 2) { _, t in [t > 0.5 ? .nan : 0, 0] }, scheduler: .conditionalOT)
    let all = solve(bad, EulerMaruyama(), .linear(scale: 1), steps: 10, from: noise(3))
    #expect(all.status == .failed(.notFinite(0.6)) && all.x.isFinite)
  }
}

/// Velocity 0 and score 1 everywhere, of one dimension.
private struct UnitScore: ScoreField {
  var dimension: Int { 1 }

  func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    for k in velocity.values.indices { velocity.values[k] = 0 }
  }

  func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch) {
    evaluate(x, at: t, into: &velocity)
    for k in score.values.indices { score.values[k] = 1 }
  }
}
