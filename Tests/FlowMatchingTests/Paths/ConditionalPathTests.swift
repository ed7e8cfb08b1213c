import Testing

@testable import FlowMatching

@Suite struct ConditionalPathTests {
  /// Every path, also with numbers that are not their own squares.
  static let paths =
    ConditionalPath.all + [
      .lipman(sigmaMin: 0.3), .noisy(sigma: 1.7), .schroedingerBridge(sigma: 0.4),
      .schroedingerBridge(sigma: 3),
    ]

  static let cases: [(ConditionalPath, Scheduler)] =
    paths.filter(\.takesScheduler).flatMap { path in
      Scheduler.all.map { (path, $0) }
    } + paths.filter { !$0.takesScheduler }.map { ($0, .conditionalOT) }

  private func ends(_ n: Int) -> (Batch, Batch) {
    var random = Random(seed: 9)
    return (
      StandardNormal(dimension: 2).sample(count: n, using: &random),
      GaussianMixtureTests.tilted.sample(count: n, using: &random)
    )
  }

  @Test(
    "the velocity is the general Gaussian path's, (σ̇/σ)(x − μ) + μ̇, given x₁ alone or both ends",
    arguments: cases)
  func general(path: ConditionalPath, scheduler: Scheduler) {
    let (x0, x1) = ends(200)
    var random = Random(seed: 10)
    let times = (0..<200).map { 0.01 + 0.0049 * Double($0) }
    var sample = PathSample(dimension: 2, count: 200)
    path.path(under: scheduler).sample(
      from: x0, to: x1, at: times, using: &random, into: &sample)
    let h = 1e-6
    for j in 0..<200 {
      let t = times[j]
      // μ and its standard deviation by themselves, their rates by central differences.
      func mean(_ t: Double, _ i: Int) -> Double {
        let c = path.coefficients(scheduler, at: t)
        return c.alpha * x1[i, j] + (path.hasNoise ? c.sigma * x0[i, j] : 0)
      }
      func deviation(_ t: Double) -> Double {
        let c = path.coefficients(scheduler, at: t)
        return path.hasNoise ? c.noise : c.sigma
      }
      for i in 0..<2 {
        let meanRate = (mean(t + h, i) - mean(t - h, i)) / (2 * h)
        let deviationRate = (deviation(t + h) - deviation(t - h)) / (2 * h)
        let expected =
          deviationRate / deviation(t) * (sample.x[i, j] - mean(t, i)) + meanRate
        #expect(abs(sample.velocity[i, j] - expected) < 1e-6 * max(1, abs(expected)))
      }
    }
  }

  @Test("each path has its paper's formula at t = 0.3")
  func formulas() throws {
    let (x0, x1) = ends(50)
    func sample(_ path: ConditionalPath) -> PathSample {
      var random = Random(seed: 11)
      var sample = PathSample(dimension: 2, count: 50)
      path.path().sample(
        from: x0, to: x1, at: [Double](repeating: 0.3, count: 50), using: &random, into: &sample)
      return sample
    }
    let lipman = sample(.lipman(sigmaMin: 0.1))
    let trigonometric = sample(.trigonometric)
    let noisy = sample(.noisy(sigma: 0.5))
    let bridge = sample(.schroedingerBridge(sigma: 0.5))
    for k in x0.values.indices {
      let (a, b) = (x0.values[k], x1.values[k])
      let x = lipman.x.values[k]
      #expect(abs(x - (0.3 * b + (1 - 0.9 * 0.3) * a)) < 1e-14)
      #expect(abs(lipman.velocity.values[k] - (b - 0.9 * x) / (1 - 0.9 * 0.3)) < 1e-13)
      let angle = 0.15 * Double.pi
      #expect(abs(trigonometric.x.values[k] - cosine(angle) * a - sine(angle) * b) < 1e-14)
      #expect(noisy.velocity.values[k] == b - a)
      let expected = 0.4 / (2 * 0.3 * 0.7) * (bridge.x.values[k] - 0.3 * b - 0.7 * a) + b - a
      #expect(abs(bridge.velocity.values[k] - expected) < 1e-12)
    }
  }

  @Test("the noise of I-CFM has variance σ², that of the bridge σ²t(1 − t)")
  func noise() {
    let n = 20_000
    let zero = Batch(dimension: 1, count: n)
    for (path, variance) in [
      (ConditionalPath.noisy(sigma: 0.5), 0.25), (.schroedingerBridge(sigma: 2), 4 * 0.21),
    ] {
      var random = Random(seed: 12)
      var sample = PathSample(dimension: 1, count: n)
      path.path().sample(
        from: zero, to: zero, at: [Double](repeating: 0.3, count: n), using: &random,
        into: &sample)
      expectMean(of: sample.x.values, 0)
      expectMean(of: sample.x.values.map { $0 * $0 }, variance)
    }
  }

  @Test("all coefficients are finite at both ends, and γγ̇ is half the rate of γ²", arguments: cases)
  func coefficients(path: ConditionalPath, scheduler: Scheduler) {
    for t in [0, 1e-9, 0.5, 1 - 1e-9, 1] {
      let c = path.coefficients(scheduler, at: t)
      let all = [c.alpha, c.sigma, c.alphaRate, c.sigmaRate, c.noise, c.noiseRate, c.noiseProduct]
      #expect(all.allSatisfy { $0.isFinite })
    }
    let h = 1e-5
    for t in [0.1, 0.4, 0.9] {
      let (a, b) = (
        path.coefficients(scheduler, at: t - h), path.coefficients(scheduler, at: t + h)
      )
      let c = path.coefficients(scheduler, at: t)
      let rate = (b.noise * b.noise - a.noise * a.noise) / (4 * h)
      #expect(abs(c.noiseProduct - rate) < 1e-8)
      #expect(abs(c.noiseProduct - c.noise * c.noiseRate) < 1e-12)
    }
  }

  @Test("meaningless choices are refused, with the reason and a way out")
  func refused() {
    func sentence(
      _ path: ConditionalPath, _ source: String = "gaussian", _ coupling: String = "independent",
      _ prediction: Prediction = .velocity, _ scheduler: Scheduler = .conditionalOT
    ) -> String? {
      do throws(IncompatibleChoice) {
        try path.validate(
          source: source, coupling: coupling, prediction: prediction, scheduler: scheduler)
        return nil
      } catch { return error.description }
    }
    let lipman = ConditionalPath.lipman(sigmaMin: 1e-4)
    #expect(sentence(lipman, "8gaussians")?.contains("i-cfm") == true)
    #expect(sentence(.affine, "moons", "ot", .score)?.contains("“moons”") == true)
    #expect(sentence(.affine, "gaussian", "ot", .score)?.contains("“ot”") == true)
    #expect(sentence(.noisy(sigma: 0.1), "gaussian", "independent", .target) != nil)
    #expect(sentence(.trigonometric, "gaussian", "independent", .velocity, .cosine) != nil)
    for path in ConditionalPath.all { #expect(sentence(path) == nil) }
    for prediction in Prediction.allCases {
      #expect(sentence(.affine, "gaussian", "independent", prediction) == nil)
      #expect(sentence(lipman, "gaussian", "independent", prediction) == nil)
    }
    for prediction in [Prediction.velocity, .target, .source] {
      #expect(sentence(.affine, "moons", "ot", prediction) == nil)
    }
    #expect(sentence(.noisy(sigma: 0.1), "moons", "ot") == nil)
    #expect(sentence(.noisy(sigma: 0), "moons", "ot", .target) == nil)
  }
}
