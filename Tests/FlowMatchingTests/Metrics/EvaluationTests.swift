import Testing

@testable import FlowMatching

@Suite struct EvaluationTests {
  static let eight = DatasetCatalog.eightGaussians

  @Test("the exact field: W₂ at its noise floor, KL 0, energies 6.08 and 2.22, no field error")
  func exact() throws {
    let problem = Evaluation.Problem(target: Self.eight)
    let field = try #require(problem.exact)
    let evaluation = Evaluation(
      of: field, problem, .dormandPrince, control: .adaptive(relative: 1e-5, absolute: 1e-5),
      count: 1000)
    let w2 = try #require(evaluation.w2)
    #expect(abs(w2 - evaluation.w2NoiseFloor) < 5 * evaluation.w2NoiseDeviation)
    #expect(abs(try #require(evaluation.kl).mean) < 1e-3)
    #expect(abs(try #require(evaluation.nll).mean - 1.698) < 0.1)
    #expect(evaluation.entropyFloor == 1.69806 && evaluation.fieldError?.mean == 0)
    #expect(abs(try #require(evaluation.conditionalKineticEnergy).mean - 6.08) < 0.2)
    #expect(abs(try #require(evaluation.marginalKineticEnergy).mean - 2.22) < 0.1)
    #expect(abs(try #require(evaluation.pathEnergy).mean - 2.22) < 0.2)
    // W₂² is about .85, so that NPE is about (2.22 − .85)/.85.
    #expect(abs(try #require(evaluation.npe).mean - 1.6) < 0.3)
    let straightness = try #require(evaluation.straightness).mean
    #expect(straightness > 0.05 && straightness < 2.22)
    #expect(try #require(evaluation.slicedW2) < w2 && evaluation.nfe > 30)
  }

  @Test("a field at rest: its samples are the noise, NLL that of N(0, I), error the energy")
  func rest() throws {
    let problem = Evaluation.Problem(target: Self.eight)
    let field = FormulaField(dimension: 2) { _, _ in [0, 0] }
    let evaluation = Evaluation(of: field, problem, .euler, control: .fixed(steps: 1), count: 500)
    #expect(evaluation.pathEnergy?.mean == 0 && evaluation.straightness?.mean == 0)
    #expect(evaluation.npe?.mean == 1)
    #expect(try #require(evaluation.w2) > 2 * evaluation.w2NoiseFloor)
    #expect(try #require(evaluation.energyDistance).mean > 0.2)
    // E|u*|² is the marginal energy, two dimensions together.
    let error = try #require(evaluation.fieldError).mean
    #expect(abs(2 * error - (try #require(evaluation.marginalKineticEnergy).mean)) < 0.1)
    // A formula has no divergence.
    #expect(evaluation.nll == nil && evaluation.kl == nil && evaluation.nfe == 1)
  }

  @Test("couplings in closed form are measured as their velocity field is, solved tightly")
  func closedForm() throws {
    var experiment = Experiment()
    experiment.model = .affineLayers(4)
    experiment.objective = .likelihood
    experiment.widths = [16]
    let field = experiment.velocityField(of: Trainer.initialWeights(experiment))
    let (points, seed) = (300, UInt64(5))
    let closed = Evaluation(of: field, .init(target: Self.eight), count: points, seed: seed)
    let solved = Evaluation(
      of: SolvedFlow(field), .init(target: Self.eight), .dormandPrince,
      control: .adaptive(relative: 1e-8, absolute: 1e-8), count: points, seed: seed)
    func near(_ a: Double?, _ b: Double?, _ tolerance: Double) throws {
      #expect(abs(try #require(a) - (try #require(b))) < tolerance)
    }
    try near(closed.w2, solved.w2, 1e-5)
    try near(closed.slicedW2, solved.slicedW2, 1e-5)
    try near(closed.energyDistance?.mean, solved.energyDistance?.mean, 1e-5)
    // Fifty steps of RK4 on four couplings with clocks that stand still between them.
    try near(closed.nll?.mean, solved.nll?.mean, 1e-3)
    try near(closed.kl?.mean, solved.kl?.mean, 1e-3)
    #expect(closed.w2NoiseFloor == solved.w2NoiseFloor && closed.nfe == 4)
    #expect(closed.pathEnergy == nil && closed.npe == nil && closed.marginalKineticEnergy == nil)
  }

  @Test("a field that fails leaves no number that is not finite")
  func failing() throws {
    for threshold in [-100.0, 0.5] {
      let field = FormulaField(dimension: 2) { x, _ in [x[0] > threshold ? .nan : 0, 0] }
      let evaluation = Evaluation(of: field, .init(target: Self.eight), count: 50)
      #expect(evaluation.w2 == nil && evaluation.pathEnergy == nil && evaluation.npe == nil)
      #expect(evaluation.energyDistance == nil && evaluation.fieldError == nil)
      #expect(evaluation.slicedW2 == nil && evaluation.slicedW2Error == nil)
    }
  }

  @Test(
    "NLL and KL are means over the points that are not lost, and unknown where too many are",
    arguments: [(0, true), (2, true), (3, false), (200, false)])
  func lost(count: Int, isKnown: Bool) throws {
    // Nothing moves, and log p₁ is that of N(0, I); beyond the bound all is lost.
    let draws = (0..<200).map { j in [0.01 * Double(j), j < count ? 100 : 0.5] }
    let field = StandstillField(lostBeyond: 10)
    let evaluation = Evaluation(
      of: field, .init(target: Self.eight), .euler, control: .fixed(steps: 1),
      points: Batch(points: draws), likelihood: .solved(.euler, .fixed(steps: 2)))
    #expect(evaluation.lost == count && evaluation.lostSamples == 0)
    #expect((evaluation.nll != nil) == isKnown && (evaluation.kl != nil) == isKnown)
    guard isKnown else { return }
    let kept = draws.dropFirst(count).map { 1.8378770664093453 + ($0[0] * $0[0] + 0.25) / 2 }
    let expected = Estimate(of: Array(kept))
    let nll = try #require(evaluation.nll)
    #expect(abs(nll.mean - expected.mean) < 1e-12)
    #expect(abs(nll.standardError - expected.standardError) < 1e-12)
  }

  @Test("the same seed gives the same numbers; without an exact field KL is by the entropy")
  func entropy() throws {
    var random = Random(seed: 91)
    let shape = MLPShape(dimension: 2, widths: [16], activation: .silu)
    let field = MLP(MLPWeights(shape: shape, using: &random))
    func evaluate(_ dataset: Dataset) -> Evaluation {
      Evaluation(
        of: field, .init(target: dataset), count: 200, likelihood: .solved(.rk4, .fixed(steps: 8)),
        seed: 3)
    }
    #expect(evaluate(Self.eight) == evaluate(Self.eight))
    #expect(evaluate(Self.eight).fieldError != nil)
    // No exact field of the pinwheel: no field error, but KL by its entropy.
    let pinwheel = evaluate(DatasetCatalog.pinwheel)
    #expect(pinwheel.fieldError == nil && pinwheel.marginalKineticEnergy != nil)
    let (kl, nll) = (try #require(pinwheel.kl), try #require(pinwheel.nll))
    #expect(try kl.mean == nll.mean - #require(pinwheel.entropyFloor))
    #expect(kl.standardError == nll.standardError)
  }

  @Test("a standard error is how much its number differs from seed to seed")
  func standardErrors() throws {
    // A pull to the middle: neither straight nor optimal, and quick.
    let field = MarginalField(
      target: GaussianMixture(weights: [1], means: [[1.0, 0]], standardDeviation: 0.5),
      scheduler: .cosine)
    let evaluations = (0..<60 as Range<UInt64>).map {
      Evaluation(
        of: field, .init(target: Self.eight), .midpoint, control: .fixed(steps: 6), count: 150,
        likelihood: .solved(.rk4, .fixed(steps: 6)), seed: $0)
    }
    for (name, number) in [
      ("path energy", \Evaluation.pathEnergy), ("NPE", \.npe), ("straightness", \.straightness),
      ("conditional", \.conditionalKineticEnergy), ("marginal", \.marginalKineticEnergy),
      ("field error", \.fieldError), ("NLL", \.nll), ("KL", \.kl),
      ("energy distance", \.energyDistance),
    ] {
      let estimates = try evaluations.map { try #require($0[keyPath: number]) }
      let means = Estimate(of: estimates.map(\.mean))
      let spread = means.standardError * Double(estimates.count).squareRoot()
      let errors = estimates.map { $0.standardError * $0.standardError }
      let stated = (errors.reduce(0, +) / Double(errors.count)).squareRoot()
      // The spread of 60 numbers is itself known to 9 %.
      #expect(abs(spread / stated - 1) < 0.35, "\(name): \(spread), stated \(stated)")
    }
  }

  @Test("the exact I-CFM field, σ = .1, by 100 Euler steps: NPE .186 from N(0, I) to 8 Gaussians")
  func publishedEnergy() throws {
    // Computed independently on the eight Gaussians of torchcfm's runner (R = 5, s = 1); the error is that of
    // both W₂² from 2 000 points.
    let dataset = DatasetCatalog.eightGaussiansWide
    let field = try #require(dataset.exactField(path: .noisy(sigma: 0.1)))
    var random = Random(seed: 92)
    let x0 = StandardNormal(dimension: 2).sample(count: 2000, using: &random)
    var energy = PathEnergy(field, from: x0, .euler, control: .fixed(steps: 100))
    energy.finish()
    let distance = Wasserstein.w2(x0, dataset.distribution.sample(count: 2000, using: &random))
    let npe = try #require(energy.normalised(squaredW2: distance * distance)).mean
    #expect(abs(npe - 0.186) < 0.02, "\(npe)")
  }
}

/// u = 0 where |x₂| is below a bound, and no number beyond it.
private struct StandstillField: DivergenceField {
  let lostBeyond: Double
  var dimension: Int { 2 }

  func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    for j in 0..<x.count {
      for i in 0..<2 { velocity[i, j] = abs(x[1, j]) < lostBeyond ? 0 : .nan }
    }
  }

  func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    for j in 0..<x.count { divergence[j] = velocity[0, j] }
  }

  func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity, divergence: &divergence)
  }
}
