import Testing

@testable import FlowMatching

@Suite("Given pairs: a rotation, and reflow")
struct GivenPairsTests {
  private static func experiment(_ coupling: CouplingChoice) -> Experiment {
    var experiment = Experiment()
    experiment.widths = [32, 32]
    experiment.learningRate = 3e-3
    experiment.steps = 1500
    experiment.coupling = coupling
    return experiment
  }

  @Test(
    "x₁ = R x₀ is learned as u = (R − I)((1−t)I + tR)⁻¹x, and carries each point to its own end")
  func rotation() throws {
    let experiment = GivenPairsTests.experiment(.rotation(degrees: 90))
    let data = DatasetCatalog.moons
    var run = TrainingRun(experiment, dataset: data, measuresDistance: false)
    for _ in 0..<1500 { run.step() }
    var random = Random(seed: 5)
    let start = run.trainer.source.sample(count: 500, using: &random)
    var field = run.trainer.velocityField(of: run.trainer.averagedWeights)
    var velocity = start
    for t in [0.0, 0.3, 0.8] {
      // On the way x_t = ((1−t)I + tR)x₀, where the formula is (R − I)x₀.
      var x = start
      for j in 0..<500 {
        x[0, j] = (1 - t) * start[0, j] - t * start[1, j]
        x[1, j] = (1 - t) * start[1, j] + t * start[0, j]
      }
      field.evaluate(x, at: .shared(t), into: &velocity)
      var error = 0.0
      for j in 0..<500 {
        let (u, v) = (-start[1, j] - start[0, j], start[0, j] - start[1, j])
        error +=
          ((velocity[0, j] - u) * (velocity[0, j] - u)
            + (velocity[1, j] - v) * (velocity[1, j] - v)) / 500
      }
      // E|u|² is 2E|x₀|², about 4.
      #expect(error < 0.08, "t \(t): \(error)")
    }
    var flow: any VelocityField = field
    let end = Integrator.solve(&flow, .rk4, control: .fixed(steps: 20), from: start).x
    let missed = (0..<500).map { j in
      distance(end.point(j), [-start[1, j], start[0, j]])
    }
    #expect(missed.reduce(0, +) / 500 < 0.1)
    // No two paths cross: nothing is left that cannot be learned.
    #expect(run.trainer.averageLoss < 0.03)
    #expect(run.lossFloor == nil)
  }

  @Test("a source of turned data has the data's density turned")
  func turnedDensity() throws {
    let data = DatasetCatalog.eightGaussians
    let source = try Experiment.turned(data, degrees: 30)
    var random = Random(seed: 1)
    let points = data.distribution.sample(count: 50, using: &random)
    var turned = points
    Rotation(degrees: -30).apply(to: &turned)
    let density = try #require(source as? any DensityDistribution)
    let expected = try #require(data.logDensity(points))
    for (found, wanted) in zip(density.logDensity(turned), expected) {
      #expect(abs(found - wanted) < 1e-9)
    }
    let pinwheel = DatasetCatalog.pinwheel
    #expect(!(try Experiment.turned(pinwheel, degrees: 30) is any DensityDistribution))
  }

  @Test("batches of a table hold its pairs and nothing else")
  func table() {
    let table = PairTable(
      x0: Batch(points: [[0, 1], [2, 3], [4, 5]]), x1: Batch(points: [[6, 7], [8, 9], [10, 11]]))
    let coupling = TableCoupling(table: table)
    var (x0, x1) = (Batch(dimension: 2, count: 300), Batch(dimension: 2, count: 300))
    var random = Random(seed: 1)
    coupling.pair(&x0, &x1, using: &random)
    var counts: [Double: Int] = [:]
    for j in 0..<300 {
      #expect(x0[1, j] == x0[0, j] + 1 && x1[0, j] == x0[0, j] + 6 && x1[1, j] == x0[0, j] + 7)
      counts[x0[0, j], default: 0] += 1
    }
    #expect(counts.count == 3 && counts.values.allSatisfy { $0 > 60 })
  }

  @Test(
    "rows of two files are pairs; the flow starts from the one and carries each point to the other")
  func rows() throws {
    let starts = GaussianMixture(
      weights: [0.5, 0.5], means: [[-2, 0], [2, 0]],
      covariances: [[0.09, 0, 0, 0.09], [0.09, 0, 0, 0.09]])
    var random = Random(seed: 6)
    let x0 = starts.sample(count: 400, using: &random)
    var x1 = x0
    // Left goes right and up, right goes left and down: independent pairs would not tell.
    for j in 0..<400 {
      let side = x0[0, j] < 0 ? 1.0 : -1.0
      x1[0, j] = x0[0, j] + 4 * side
      x1[1, j] = x0[1, j] + 2 * side
    }
    let target = Dataset(name: "rows", points: x1)
    var experiment = GivenPairsTests.experiment(.pairs)
    experiment.dataset = "rows"
    experiment.source = Source.points
    #expect(throws: IncompatibleChoice.self) { try experiment.validate(to: target) }
    #expect(throws: IncompatibleChoice.self) {
      try experiment.validate(to: target.with(source: x0.points(0..<399)))
    }
    let given = target.with(source: x0)
    try experiment.validate(to: given)
    #expect(given.rowPairs == PairTable(x0: x0, x1: x1))
    #expect(experiment.lossFloor(to: given) == nil)
    var trainer = Trainer(experiment, dataset: given)
    for _ in 0..<1500 { trainer.step() }
    var flow: any VelocityField = trainer.velocityField(of: trainer.averagedWeights)
    let end = Integrator.solve(&flow, .rk4, control: .fixed(steps: 20), from: x0).x
    let missed = (0..<400).map { j in distance(end.point(j), x1.point(j)) }
    #expect(missed.reduce(0, +) / 400 < 0.15)
  }

  @Test(
    "reflow pairs noise with where the flow carries it, and makes the next flow's paths straighter")
  func reflow() throws {
    let data = DatasetCatalog.eightGaussians
    let exact = try #require(Experiment().exactField(to: data))
    func straightness(_ field: some VelocityField) throws -> Double {
      var random = Random(seed: 2)
      var energy = PathEnergy(
        field, from: StandardNormal(dimension: 2).sample(count: 500, using: &random), .rk4,
        control: .fixed(steps: 30))
      energy.finish()
      return try #require(energy.straightness).mean
    }
    let pairs = try #require(
      Reflow.pairs(
        of: MarginalField(target: data.mixture!), from: StandardNormal(dimension: 2), count: 4096,
        random: Random(seed: 3)))
    #expect(pairs.count == 4096)
    var run = TrainingRun(
      GivenPairsTests.experiment(.reflow), dataset: data.with(pairs), sampleCount: 500,
      measuresDistance: false)
    for _ in 0..<1500 { run.step() }
    let before = try straightness(AnyField(exact))
    let after = try straightness(run.trainer.velocityField(of: run.trainer.averagedWeights))
    #expect(after < 0.35 * before, "\(before) \(after)")
    let w2 = try #require(run.measurements.last?.w2)
    #expect(w2 < 0.75, "\(w2) \(run.noiseFloor!)")
  }

  @Test("a flow that breaks off, or loses every point, has no pairs; what is lost is left out")
  func lost() throws {
    func pairs(_ bound: Double) -> PairTable? {
      Reflow.pairs(
        of: FormulaField(dimension: 2) { x, _ in [x[0] > bound ? .nan : 1, 0] },
        from: StandardNormal(dimension: 2), count: 400, solver: .euler,
        control: .fixed(steps: 1), random: Random(seed: 1))
    }
    #expect(pairs(-100) == nil)
    let half = try #require(pairs(0))
    #expect(half.count > 150 && half.count < 250)
    for j in 0..<half.count { #expect(half.x1[0, j] == half.x0[0, j] + 1 && half.x0[0, j] <= 0) }
  }
}

extension Experiment {
  /// Where a flow of turned data starts.
  fileprivate static func turned(
    _ data: Dataset, degrees: Double
  ) throws -> any Distribution {
    var experiment = Experiment()
    experiment.coupling = .rotation(degrees: degrees)
    return try experiment.sourceDistribution(to: data)
  }
}

/// A field whose kind is not known.
private struct AnyField: VelocityField {
  var base: any VelocityField
  init(_ base: any VelocityField) { self.base = base }
  var dimension: Int { base.dimension }
  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    base.evaluate(x, at: t, into: &velocity)
  }
}
