import Testing

@testable import FlowMatching

@Suite("Stochastic interpolants")
struct InterpolantTests {
  private static let ends = (
    source: GaussianMixture(
      weights: [0.3, 0.7], means: [[-1.5, 0.5], [1, -1]], standardDeviation: 0.45),
    target: GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.3)
  )

  private static func field(_ noise: InterpolantNoise) -> MarginalField {
    MarginalField(source: ends.source, target: ends.target, path: noise.path)
  }

  @Test("γ is nothing at both ends, and its rates are those of differences")
  func rates() {
    for noise in InterpolantNoise.all.map({ $0.with(number: 1.7) }) {
      let path = noise.path
      #expect(InterpolantNoise(path) == noise)
      // As a checkpoint has it.
      #expect((try? ConditionalPath.named("\(path)")) == path)
      for t in [0, 1.0] {
        #expect(abs(path.coefficients(.conditionalOT, at: t).noise) < 1e-15, "\(noise)")
      }
      for t in [0.1, 0.4, 0.85] {
        let c = path.coefficients(.conditionalOT, at: t)
        let h = 1e-5
        let (low, high) = (
          path.coefficients(.conditionalOT, at: t - h), path.coefficients(.conditionalOT, at: t + h)
        )
        #expect(abs((high.noise - low.noise) / (2 * h) - c.noiseRate) < 1e-7)
        #expect(abs(c.noise * c.noiseRate - c.noiseProduct) < 1e-12)
        let isMirror = path.startsFromData
        #expect(c.alpha == (isMirror ? 1 : t) && c.sigma == (isMirror ? 0 : 1 - t))
      }
    }
  }

  @Test("The drift is v − γγ̇s, and every ε solves its equation; without either term not")
  func identities() throws {
    let setting = try #require(
      TheorySetting(
        dataset: DatasetCatalog.eightGaussians, scheduler: .conditionalOT, seed: 3))
    for check in TheoryCheck.interpolants {
      let verdict = check.verdict(in: setting)
      #expect(verdict.passes, "\(verdict)")
      guard !check.isControl else { continue }
      for k in check.coefficients.indices {
        var changed = check.coefficients
        changed[k] *= 1.01
        #expect(!check.verdict(in: setting, coefficients: changed).passes, "\(check.name) \(k)")
      }
    }
  }

  /// Total variation of the ends to the target, and of fresh draws.
  private static func distance(_ x: Batch, _ end: GaussianMixture) -> (found: Double, floor: Double)
  {
    let grid = PlanarGrid(covering: [ends.source, ends.target], side: 24)
    var random = Random(seed: 99)
    let fresh = end.sample(count: x.count, using: &random)
    let exact = grid.masses(of: end)
    return (
      PlanarGrid.totalVariation(grid.shares(of: x), exact),
      PlanarGrid.totalVariation(grid.shares(of: fresh), exact)
    )
  }

  @Test("With exact fields every ε has the same ends, forwards and back; a wrong drift has not")
  func ends() {
    let noise = InterpolantNoise.squareRoot(1)
    let count = 4000
    var random = Random(seed: 5)
    let x0 = InterpolantTests.ends.source.sample(count: count, using: &random)
    let x1 = InterpolantTests.ends.target.sample(count: count, using: &random)
    for epsilon in [0.1, 1, 4] {
      var forwards = StochasticIntegrator(
        InterpolantTests.field(noise), StochasticHeun(), noise: .epsilon(epsilon), steps: 200,
        from: x0, random: Random(seed: 6))
      forwards.finish()
      let there = InterpolantTests.distance(forwards.x, InterpolantTests.ends.target)
      #expect(there.found < 1.3 * there.floor, "ε \(epsilon): \(there)")
      var backwards = StochasticIntegrator(
        InterpolantTests.field(noise), StochasticHeun(), noise: .epsilon(epsilon), steps: 200,
        from: x1, start: 1, end: 0, random: Random(seed: 7))
      backwards.finish()
      #expect(backwards.t == 0)
      let back = InterpolantTests.distance(backwards.x, InterpolantTests.ends.source)
      #expect(back.found < 1.3 * back.floor, "ε \(epsilon) back: \(back)")
    }
    // A drift that is too slow does not arrive; noise with the true score mends it, the more the better.
    var found: [Double] = []
    for epsilon in [0, 1, 8.0] {
      let slow = ScaledDrift(InterpolantTests.field(noise), factor: 0.7)
      var solve = StochasticIntegrator(
        slow, EulerMaruyama(), noise: epsilon == 0 ? .none : .epsilon(epsilon), steps: 400,
        from: x0, random: Random(seed: 8))
      solve.finish()
      found.append(InterpolantTests.distance(solve.x, InterpolantTests.ends.target).found)
    }
    #expect(found[0] > 2 * found[1] && found[1] > 1.3 * found[2], "\(found)")
  }

  @Test("Two networks learn the drift and the denoiser, and resume to the same bytes")
  func learning() throws {
    var experiment = Experiment()
    experiment.choose(Objective.interpolant)
    experiment.gamma = .sine(0.5)
    experiment.widths = [32, 32]
    experiment.batch = 128
    experiment.learningRate = 5e-3
    experiment.steps = 600
    try experiment.validate()
    let dataset = DatasetCatalog.eightGaussians
    let source = try experiment.sourceDistribution(to: dataset)
    var trainer = Trainer(experiment, dataset: dataset)
    #expect(trainer.weights.values.count == 2 * experiment.shape.parameterCount)
    for _ in 0..<300 { trainer.step() }
    let state = trainer.state
    for _ in 0..<300 { trainer.step() }
    var resumed = Trainer(experiment, dataset: dataset)
    try resumed.restore(state)
    for _ in 0..<300 { resumed.step() }
    #expect(resumed.weights == trainer.weights)
    // Both heads are near what is known exactly, and far nearer than nothing.
    let flow = trainer.velocityField(of: trainer.averagedWeights)
    let exact = try #require(experiment.exactField(to: dataset))
    var learned = flow.scoreField(under: .conditionalOT)
    var random = Random(seed: 4)
    let x0 = source.sample(count: 500, using: &random)
    let x1 = dataset.distribution.sample(count: 500, using: &random)
    var sample = PathSample(dimension: 2, count: 500)
    let t = 0.5
    experiment.path.path().sample(
      from: x0, to: x1, at: [Double](repeating: t, count: 500), using: &random, into: &sample)
    var (velocity, score, other) = (sample.x, sample.x, sample.x)
    learned.evaluate(sample.x, at: .shared(t), into: &velocity, score: &score)
    var known = exact
    known.evaluate(sample.x, at: .shared(t), into: &other)
    #expect(InterpolantTests.share(velocity, other) < 0.3)
    known.score(sample.x, at: .shared(t), into: &other)
    #expect(InterpolantTests.share(score, other) < 0.3)
  }

  @Test(
    "Where a denoiser says nothing of the score no noise is added, and the ends stay those of the data"
  )
  func wrongDenoiser() {
    for noise in [InterpolantNoise.sine(1), .product(1), .squareRoot(1)] {
      let least = noise.scoreTimes.lowerBound
      let gamma = noise.path.coefficients(.conditionalOT, at: max(least, 1e-3)).noise
      #expect(gamma >= 0.029, "\(noise.name): 1/γ is at most \(1 / gamma)")
    }
    // A denoiser that is .02 off everywhere.
    struct Off: ScoreField {
      var exact: MarginalField
      let noise: InterpolantNoise
      var dimension: Int { 2 }
      var scoreTimes: ClosedRange<Double> { noise.scoreTimes }
      mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
        exact.evaluate(x, at: t, into: &velocity)
      }
      mutating func evaluate(
        _ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch
      ) {
        let held = InterpolantNoise.held(t[0])
        exact.evaluate(x, at: .shared(held), into: &velocity, score: &score)
        let error = 0.02 / noise.path.coefficients(.conditionalOT, at: held).noise
        for k in score.values.indices { score.values[k] += error }
        exact.evaluate(x, at: t, into: &velocity)
      }
    }
    let noise = InterpolantNoise.sine(1)
    var random = Random(seed: 8)
    let field = InterpolantTests.field(noise)
    let start = InterpolantTests.ends.source.sample(count: 800, using: &random)
    var way = StochasticIntegrator(
      Off(exact: field, noise: noise), StochasticHeun(), noise: .epsilon(1), steps: 200,
      from: start, random: Random(seed: 2))
    way.finish()
    let (found, floor) = InterpolantTests.distance(way.x, InterpolantTests.ends.target)
    #expect(found < 2.5 * floor, "\(found), floor \(floor)")
  }

  /// E|x − y|²/E|y|².
  private static func share(_ x: Batch, _ y: Batch) -> Double {
    let error = zip(x.values, y.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return error / y.values.reduce(0) { $0 + $1 * $1 }
  }

  @Test("The mirror interpolant, x₁ + γz, comes back to the data, wherever its x₀ is")
  func mirror() throws {
    var experiment = Experiment()
    experiment.choose(Objective.interpolant)
    experiment.gamma = .mirror(1.5)
    let dataset = DatasetCatalog.eightGaussians
    var (first, second) = (Random(seed: 1), Random(seed: 1))
    #expect(
      try experiment.sourceDistribution(to: dataset).sample(count: 9, using: &first)
        == dataset.distribution.sample(count: 9, using: &second))
    let field = InterpolantTests.field(.mirror(1.5))
    var random = Random(seed: 11)
    let x = InterpolantTests.ends.target.sample(count: 3000, using: &random)
    for epsilon in [0, 1.0] {
      var solve = StochasticIntegrator(
        field, StochasticHeun(), noise: epsilon == 0 ? .none : .epsilon(epsilon), steps: 200,
        from: x, random: Random(seed: 12))
      solve.finish()
      let end = InterpolantTests.distance(solve.x, InterpolantTests.ends.target)
      #expect(end.found < 1.3 * end.floor, "ε \(epsilon): \(end)")
    }
  }

  @Test("Choices without a meaning together are refused with the reason")
  func refused() {
    func complaint(_ change: (inout Experiment) -> Void) -> String? {
      var experiment = Experiment()
      experiment.choose(Objective.interpolant)
      change(&experiment)
      do { try experiment.validate() } catch { return error.description }
      return nil
    }
    #expect(complaint { _ in } == nil)
    #expect(complaint { $0.path = .affine }?.contains("--gamma") == true)
    #expect(complaint { $0.gamma = .mirror(1) } == nil)
    for change in [
      { (experiment: inout Experiment) in experiment.source = "8gaussians" },
      { $0.coupling = .optimalTransport },
    ] {
      let told = complaint {
        $0.gamma = .mirror(2)
        change(&$0)
      }
      #expect(told?.contains("from the data itself") == true && told?.contains("sqrt:2") == true)
    }
    #expect(complaint { $0.gamma = .sine(0) }?.contains("--gamma") == true)
    #expect(complaint { $0.prediction = .target } != nil)
    #expect(complaint { $0.loss = .absolute } != nil)
    var matching = Experiment()
    matching.path = InterpolantNoise.sine(1).path
    #expect((try? matching.validate()) == nil)
  }
}

extension PlanarGrid {
  /// The probability of every cell by quadrature.
  fileprivate func masses(of mixture: GaussianMixture) -> [Double] {
    struct Still: PlanarDensity {
      let mixture: GaussianMixture
      func logDensity(_ points: Batch, at t: Double) -> [Double] { mixture.logDensity(points) }
    }
    var still = Still(mixture: mixture)
    return probabilities(of: &still, at: 0)
  }
}
