import FlowMatching
import Testing

@Suite("Log-likelihoods")
struct LogLikelihoodTests {
  static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
  static let noise = StandardNormal(dimension: 2)

  private static func mlp(_ seed: UInt64 = 61) -> MLP {
    var random = Random(seed: seed)
    let shape = MLPShape(dimension: 2, widths: [32, 32], activation: .silu)
    var weights = MLPWeights(shape: shape, using: &random)
    // Twice PyTorch's: a flow that bends.
    for k in weights.values.indices { weights.values[k] *= 2 }
    return MLP(weights)
  }

  private static func points(_ count: Int) -> Batch {
    var random = Random(seed: 62)
    return eight.sample(count: count, using: &random)
  }

  private static func values(
    _ field: any DivergenceField, _ x: Batch, _ control: StepControl,
    _ method: DivergenceMethod = .exact, _ tableau: ButcherTableau = .rk4
  ) -> [Double] {
    var job = LogLikelihood(
      field, of: x, source: noise, tableau, control: control, divergence: method)
    job.finish()
    return job.values!
  }

  @Test("N(0, I) → N(m, s²I) under the exact field with RK4: the closed form, to 1e-6")
  func gaussian() {
    let target = GaussianMixture(weights: [1], means: [[1.5, -0.7]], standardDeviation: 0.4)
    var random = Random(seed: 60)
    let x = target.sample(count: 500, using: &random)
    let values = Self.values(MarginalField(target: target), x, .fixed(steps: 60))
    for (value, exact) in zip(values, target.logDensity(x)) { #expect(abs(value - exact) < 1e-6) }
  }

  @Test("the exact field of a mixture gives the mixture's density, by fixed and adaptive steps")
  func mixture() {
    let field = MarginalField(target: Self.eight)
    let x = Self.points(300)
    let exact = Self.eight.logDensity(x)
    let fixed = Self.values(field, x, .fixed(steps: 300))
    let adaptive = Self.values(
      field, x, .adaptive(relative: 1e-8, absolute: 1e-8), .exact, .dormandPrince)
    for j in 0..<300 {
      #expect(abs(fixed[j] - exact[j]) < 1e-5)
      #expect(abs(adaptive[j] - exact[j]) < 1e-5)
    }
  }

  @Test("∫p₁ = 1 over a grid of 200², for the exact field and for a network, to 1e-3")
  func integral() {
    let h = 0.05
    let axis = (0..<200).map { h * (Double($0) - 99.5) }
    let grid = Batch(
      dimension: 2, values: axis.flatMap { x in axis.map { _ in x } } + axis.flatMap { _ in axis })
    for field in [MarginalField(target: Self.eight) as any DivergenceField, Self.mlp()] {
      let values = Self.values(field, grid, .fixed(steps: 20))
      let mass = values.reduce(0) { $0 + exponential($1) } * h * h
      #expect(abs(mass - 1) < 1e-3, "\(mass)")
    }
  }

  @Test("log |det ∂ψ⁻¹| by differences is what the divergence sums to, to 1e-4 in Float")
  func determinant() {
    let field = Self.mlp()
    let h = 0.02
    for x in [[0.3, -0.8], [1.4, 0.2], [-1, 1.1]] {
      func end(_ dx: Double, _ dy: Double) -> [Double] {
        var job = LogLikelihood(
          field, of: Batch(points: [[x[0] + dx, x[1] + dy]]), source: Self.noise)
        job.finish()
        return job.noise!.point(0)
      }
      func slope(_ i: Int, _ dx: Double, _ dy: Double) -> Double {
        let near = end(dx, dy)[i] - end(-dx, -dy)[i]
        let far = end(2 * dx, 2 * dy)[i] - end(-2 * dx, -2 * dy)[i]
        return (8 * near - far) / (12 * h)
      }
      let determinant =
        slope(0, h, 0) * slope(1, 0, h) - slope(0, 0, h) * slope(1, h, 0)
      let point = Batch(points: [x])
      let value = Self.values(field, point, .fixed(steps: 20))[0]
      let atNoise = Self.noise.logDensity(Batch(points: [end(0, 0)]))[0]
      #expect(abs(value - atNoise - logarithm(determinant)) < 1e-4)
    }
  }

  @Test("the same bits whatever the budget, and a budget is kept to a step of a chunk")
  func budgets() {
    let x = Self.points(4500)
    var whole: [Double]?
    for budget in [1, 5000, 30_000, Int.max] {
      var job = LogLikelihood(
        Self.mlp(), of: x, source: Self.noise, .heun, control: .fixed(steps: 3),
        divergence: .gaussian)
      var (calls, spent) = (0, 0)
      while job.status == .running {
        #expect(job.values == nil)
        let cost = job.advance(budget: budget)
        #expect(budget == .max || cost < budget + 2 * 2048)
        spent += cost
        calls += 1
      }
      #expect(job.status == .finished && job.progress == 1 && job.evaluations == 6)
      #expect(spent == 4500 * 7 && (budget == .max) == (calls == 1))
      if let whole { #expect(job.values == whole) } else { whole = job.values }
    }
  }

  @Test("in 2-D the mean of the estimates for ε = (1, 1) and (1, −1) is the exact one, to 1e-12")
  func hutchinson() {
    let field = MarginalField(target: Self.eight)
    let x = Self.points(40)
    func estimate(_ second: Double) -> [Double] {
      var job = LogLikelihood(
        field, of: x, source: Self.noise, .rk4, control: .fixed(steps: 30),
        probes: Batch(points: [[Double]](repeating: [1, second], count: 40)))
      job.finish()
      return job.values!
    }
    let exact = Self.values(field, x, .fixed(steps: 30))
    for ((a, b), c) in zip(zip(estimate(1), estimate(-1)), exact) {
      #expect(abs(0.5 * (a + b) - c) < 1e-12 * max(1, abs(a)))
    }
  }

  @Test("Hutchinson's log-likelihood is unbiased, its seed its own", arguments: [false, true])
  func unbiased(isGaussian: Bool) {
    let field = MarginalField(target: Self.eight)
    let method = isGaussian ? DivergenceMethod.gaussian : .rademacher
    let x = Batch(points: [[Double]](repeating: [1.2, 0.9], count: 3000))
    let exact = Self.values(field, x.prefix(1), .fixed(steps: 20))[0]
    let estimates = Self.values(field, x, .fixed(steps: 20), method)
    expectMean(of: estimates, exact)
    var other = LogLikelihood(
      field, of: x, source: Self.noise, control: .fixed(steps: 20), divergence: method,
      random: Random(seed: 1))
    other.finish()
    #expect(other.values! != estimates)
  }

  @Test("resting probes do not loosen the tolerance of adaptive steps")
  func tolerance() {
    // In one dimension ε = ±1 gives the exact divergence: the steps are the same but for the first.
    let target = GaussianMixture(weights: [1, 2], means: [[-1], [1.5]], standardDeviation: 0.3)
    let field = MarginalField(target: target)
    var random = Random(seed: 63)
    let x = target.sample(count: 200, using: &random)
    func job(_ method: DivergenceMethod) -> LogLikelihood {
      var job = LogLikelihood(
        field, of: x, source: StandardNormal(dimension: 1), .dormandPrince,
        control: .adaptive(relative: 1e-6, absolute: 1e-6), divergence: method)
      job.finish()
      return job
    }
    let (exact, signs) = (job(.exact), job(.rademacher))
    #expect(abs(exact.evaluations - signs.evaluations) <= 12)
    for j in 0..<200 { #expect(abs(exact.values![j] - signs.values![j]) < 1e-5) }
  }

  @Test("forwards from the noise and back again log p is the same, to 1e-6")
  func forwards() {
    let field = MarginalField(target: Self.eight)
    var random = Random(seed: 64)
    let x0 = Self.noise.sample(count: 100, using: &random)
    let flow = DensityFlow(field)
    var solver: any VelocityField = flow
    let state = DensityFlow.state(x0, logDensity: Self.noise.logDensity(x0))
    let end = Integrator.solve(&solver, .rk4, control: .fixed(steps: 300), from: state).x
    let values = Self.values(field, flow.points(end), .fixed(steps: 300))
    for (there, back) in zip(flow.logDensity(end), values) { #expect(abs(there - back) < 1e-5) }
  }

  @Test("a point that is not finite is lost by itself")
  func lost() {
    var x = Self.points(3)
    let alone = Self.values(Self.mlp(), x, .fixed(steps: 5))
    x[0, 1] = .infinity
    var job = LogLikelihood(Self.mlp(), of: x, source: Self.noise, control: .fixed(steps: 5))
    job.finish()
    let values = job.values!
    #expect(job.lostCount == 1 && values[1].isNaN)
    #expect(values[0] == alone[0] && values[2] == alone[2])
  }

  @Test("what was lost stays lost, also where the field answers NaN with a number")
  func forgiving() {
    let x = Batch(points: [[0.2, 0], [1.5, 0]])
    var job = LogLikelihood(
      ForgivingField(), of: x, source: Self.noise, .midpoint, control: .fixed(steps: 4))
    job.finish()
    #expect(job.lostCount == 1 && job.values![1].isNaN && job.values![0].isFinite)
  }
}

/// NaN beyond x = 1, and 0 at NaN.
private struct ForgivingField: DivergenceField {
  var dimension: Int { 2 }

  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    for k in x.values.indices { velocity.values[k] = x.values[k] > 1 ? .nan : 0 }
  }

  mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    for j in divergence.indices { divergence[j] = 0 }
  }

  mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity, divergence: &divergence)
  }
}
