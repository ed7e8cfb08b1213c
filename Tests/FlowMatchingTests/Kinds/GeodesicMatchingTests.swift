import Kernels
import Testing

@testable import FlowMatching

@Suite struct GeodesicMatchingTests {
  private static func experiment(_ dataset: Dataset, steps: Int = 400) throws -> Experiment {
    var experiment = Experiment(on: try #require(dataset.space))
    experiment.dataset = dataset.name
    experiment.widths = [32, 32]
    experiment.batch = 64
    experiment.steps = steps
    return experiment
  }

  private static func trained(
    _ dataset: Dataset, steps: Int, _ change: (inout Experiment) -> Void = { _ in }
  ) throws -> Trainer {
    var experiment = try experiment(dataset, steps: steps)
    change(&experiment)
    try experiment.validate(to: dataset)
    var trainer = Trainer(experiment, dataset: dataset)
    for _ in 0..<steps { trainer.step() }
    return trainer
  }

  @Test(
    "the gradient of the loss is that of |Pf − u|² by differences",
    arguments: [DatasetCatalog.sphereMixture.name, DatasetCatalog.torusMixture.name])
  func gradients(name: String) throws {
    let dataset = try #require(DatasetCatalog.curved.first { $0.name == name })
    var experiment = try Self.experiment(dataset)
    (experiment.widths, experiment.batch) = ([6], 5)
    let space = try #require(dataset.space)
    let source = try experiment.sourceDistribution(to: dataset)
    var objective = experiment.kind.objective(
      from: source, to: dataset, instructionSet: .baseline, threads: 1)
    let weights = Trainer.initialWeights(experiment).values
    var gradient = [Float](repeating: 0, count: weights.count)
    let loss = objective.loss(of: weights, gradient: &gradient)
    // The same draws again, in Double.
    var pairs = TrainingPairs(
      from: source, to: dataset.distribution, along: GeodesicPath(space), count: 5,
      random: Random(seed: experiment.seed))
    pairs.draw()
    func exact(_ weights: [Float]) -> Double {
      let network = PreciseMLP(MLPWeights(shape: experiment.shape, values: weights))
      var field = EmbeddedField(network, on: space)
      var velocity = pairs.sample.x
      field.evaluate(pairs.sample.x, at: .each(pairs.times), into: &velocity)
      return zip(velocity.values, pairs.sample.velocity.values).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      } / 10
    }
    #expect(abs(loss - exact(weights)) < 1e-5 * loss)
    for k in stride(from: 0, to: weights.count, by: 7) {
      var (up, down) = (weights, weights)
      up[k] += 1e-3
      down[k] -= 1e-3
      let slope = (exact(up) - exact(down)) / Double(up[k] - down[k])
      #expect(abs(slope - Double(gradient[k])) < 1e-4 * (1 + abs(slope)))
    }
  }

  @Test("training lowers the excess over the exact field, and the loss stays above its floor")
  func learning() throws {
    let dataset = DatasetCatalog.torusMixture
    let trainer = try Self.trained(dataset, steps: 1500) { $0.learningRate = 1e-2 }
    let experiment = trainer.experiment
    var measure = try #require(experiment.kind.excessMeasure(to: dataset))
    let before = measure.measure(
      experiment.velocityField(of: Trainer.initialWeights(experiment))
    ).value
    let after = measure.measure(trainer.velocityField(of: trainer.averagedWeights)).value
    #expect(after < 0.2 * before, "\(before), \(after)")
    let floor = try #require(experiment.lossFloorEstimate(to: dataset))
    #expect(floor.standardError < 0.02 * floor.mean)
    // loss = floor + excess, by the noise of the last batches.
    #expect(abs(trainer.averageLoss - floor.mean - after) < 0.15 * floor.mean)
    // The sphere's continents have no closed form of theirs.
    let land = try Self.experiment(DatasetCatalog.sphereLand)
    #expect(land.kind.excessMeasure(to: DatasetCatalog.sphereLand) == nil)
    #expect(land.lossFloor(to: DatasetCatalog.sphereLand) == nil)
  }

  @Test("a trained flow of the sphere has less negative log-likelihood than none, and mass 1")
  func likelihood() throws {
    let dataset = DatasetCatalog.sphereCheckerboard
    let trainer = try Self.trained(dataset, steps: 1500)
    let field = trainer.velocityField(of: trainer.averagedWeights)
    var random = Random(seed: 9)
    let draws = dataset.distribution.sample(count: 500, using: &random)
    let base = try #require(trainer.source as? UniformBase)
    var solve = LogLikelihood(field, of: draws, source: base, .rk4, control: .fixed(steps: 20))
    solve.finish()
    let negative = try #require(solve.negative).mean
    let floor = try #require(dataset.entropyFloor)
    #expect(negative > floor - 0.1 && negative < 1.8, "\(negative)")
    var density = SpaceDensity(field, source: base, on: Sphere(), resolution: 40)
    density.finish()
    #expect(abs(try #require(density.integral) - 1) < 2e-3)
  }

  @Test("times are drawn by a density here too, which has no floor; weights of t are refused")
  func times() throws {
    var experiment = try Self.experiment(DatasetCatalog.torusMixture)
    #expect(experiment.lossFloor(to: DatasetCatalog.torusMixture) != nil)
    experiment.timeDensity = .power(3)
    try experiment.validate(to: DatasetCatalog.torusMixture)
    #expect(experiment.lossFloor(to: DatasetCatalog.torusMixture) == nil)
    let uniform = try Self.trained(DatasetCatalog.torusMixture, steps: 3)
    let late = try Self.trained(DatasetCatalog.torusMixture, steps: 3) {
      $0.timeDensity = .power(3)
    }
    #expect(uniform.weights != late.weights)
    experiment.timeWeight = .velocity
    #expect(throws: (any Error).self) { try experiment.validate(to: DatasetCatalog.torusMixture) }
  }

  @Test("the same experiment gives the same bits, and goes on from its state")
  func determinism() throws {
    let dataset = DatasetCatalog.sphereLand
    let whole = try Self.trained(dataset, steps: 60)
    var half = try Self.trained(dataset, steps: 30)
    let state = half.state
    half = Trainer(half.experiment, dataset: dataset)
    try half.restore(state)
    for _ in 0..<30 { half.step() }
    #expect(half.weights.values == whole.weights.values)
  }

  @Test("pairs by geodesic cost are the cheapest, and shorten the paths of a batch")
  func transport() throws {
    for space in Spaces.all {
      var (x0, x1) = (space.points(6, seed: 1), space.points(6, seed: 2))
      let before = x1
      let independent = space.squaredDistances(x0, x1).reduce(0, +)
      var random = Random(seed: 3)
      var coupling = GeodesicTransport(on: space)
      coupling.pair(&x0, &x1, using: &random)
      #expect(random == Random(seed: 3))
      let cost = space.squaredDistances(x0, x1).reduce(0, +)
      var best = Double.infinity
      func permute(_ chosen: [Int]) {
        if chosen.count == 6 {
          best = min(best, space.squaredDistances(x0, before.choosing(chosen)).reduce(0, +))
        }
        for j in 0..<6 where !chosen.contains(j) { permute(chosen + [j]) }
      }
      permute([])
      #expect(abs(cost - best) < 1e-12 && cost <= independent)
    }
    let trainer = try Self.trained(DatasetCatalog.torusCheckerboard, steps: 20) {
      $0.coupling = .optimalTransport
    }
    #expect(trainer.failure == nil && trainer.lastLoss < 2)
  }

  @Test("an assignment by a table has duals that prove it, and the flat one's cost")
  func assignment() {
    var random = Random(seed: 4)
    let n = 60
    var (a, b) = (Batch(dimension: 2, count: n), Batch(dimension: 2, count: n))
    random.fillNormals(&a.values)
    random.fillNormals(&b.values)
    let costs = (0..<n * n).map { k in
      (0..<2).reduce(0) { sum, i in
        let difference = a[i, k / n] - b[i, k % n]
        return sum + difference * difference
      }
    }
    var table = CostAssignment()
    table.solve(costs, count: n)
    #expect(Set(table.columnOfRow) == Set(0..<n))
    let cost = (0..<n).reduce(0) { $0 + costs[$1 * n + table.columnOfRow[$1]] }
    #expect(abs(cost - OptimalTransport.assignment(from: a, to: b).cost) < 1e-10)
    let duals = table.rowDuals.reduce(0, +) + table.columnDuals.reduce(0, +)
    #expect(abs(duals - cost) < 1e-10)
    for k in 0..<n * n {
      #expect(table.rowDuals[k / n] + table.columnDuals[k % n] <= costs[k] + 1e-12)
    }
  }

  @Test("what does not go with a curved space is refused in one line")
  func complaints() throws {
    let usual = try Self.experiment(DatasetCatalog.sphereLand)
    #expect(usual.kind.complaint == nil)
    try usual.validate(to: DatasetCatalog.sphereLand)
    let changes: [(inout Experiment) -> Void] = [
      { $0.space = "spher" }, { $0.dimension = 2 }, { $0.model = .affineLayers(4) },
      { $0.objective = .likelihood }, { $0.scheduler = .cosine }, { $0.prediction = .target },
      { $0.loss = .pseudoHuber }, { $0.coupling = .rotation(degrees: 90) },
    ]
    for change in changes {
      var experiment = usual
      change(&experiment)
      #expect(experiment.kind.complaint?.contains("\n") == false)
      #expect(throws: IncompatibleChoice.self) { try experiment.validate() }
    }
    // A flat experiment is written as before.
    #expect(Experiment().space == nil && Experiment().kind is Matching)
  }

  @Test("sources on a space go by name: uniform, and wrapped Gaussians of a deviation")
  func sources() throws {
    var experiment = try Self.experiment(DatasetCatalog.torusMixture)
    #expect(try experiment.sourceDistribution(to: DatasetCatalog.torusMixture) is UniformBase)
    experiment.source = "wrapped-gaussian:0.4"
    let wrapped = try experiment.sourceDistribution(to: DatasetCatalog.torusMixture)
    #expect((wrapped as? WrappedNormal)?.deviation == 0.4)
    for name in ["gaussian", "wrapped-gaussian:0", "wrapped-gaussian:x", "8gaussians"] {
      experiment.source = name
      #expect(throws: UnknownName.self) {
        try experiment.sourceDistribution(to: DatasetCatalog.torusMixture)
      }
    }
  }
}
