import Testing

@testable import FlowMatching

@Suite("Snapshots of a population")
struct SnapshotTests {
  /// Points that move to the right at speed 2 until day 1, and at speed ½ until day 3.
  private func moving(count: Int = 300) -> Dataset {
    var random = Random(seed: 1)
    let start = GaussianMixture(weights: [1], means: [[0, 0]], standardDeviation: 0.3)
      .sample(count: count, using: &random)
    func shifted(_ by: Double) -> Batch {
      var points = start
      for j in 0..<count { points[0, j] += by }
      return points
    }
    return Dataset(
      name: "moving.csv", title: "moving", summary: "",
      snapshots: Snapshots(times: [10, 11, 13], points: [start, shifted(2), shifted(3)]))
  }

  private func experiment(_ objective: Objective, to dataset: Dataset) -> Experiment {
    var experiment = Experiment(to: dataset)
    experiment.choose(objective)
    (experiment.widths, experiment.batch, experiment.learningRate) = ([32, 32], 256, 5e-3)
    experiment.learningRateDecay = .cosine
    return experiment
  }

  private func trained(_ experiment: Experiment, to dataset: Dataset, steps: Int) -> LearnedField {
    var experiment = experiment
    experiment.steps = steps
    var trainer = Trainer(experiment, dataset: dataset)
    while !trainer.isFinished { trainer.step() }
    return trainer.velocityField(of: trainer.averagedWeights)
  }

  @Test("times are those of the flow from 0 to 1, however large, and must rise")
  func times() {
    #expect(Snapshots.flowTimes([10, 11, 13]) == [0, 1 / 3.0, 1])
    #expect(Snapshots.flowTimes([-1e308, 0, 1e308]) == [0, 0.5, 1])
    #expect(Snapshots.complaint(about: [1]) != nil)
    #expect(Snapshots.complaint(about: [1, 1]) != nil)
    #expect(Snapshots.complaint(about: [1, .infinity]) != nil)
    #expect(Snapshots.complaint(about: [0, 1]) == nil)
  }

  @Test("a batch goes from each snapshot to the next, as often as the while is long")
  func pairs() throws {
    let dataset = moving()
    var setting = experiment(.flowMatching, to: dataset)
    setting.coupling = .pairs
    try setting.validate(to: dataset)
    var pairs = TrainingPairs(
      from: PointCloud(dataset.sourcePoints!), to: dataset.distribution,
      through: setting.snapshots(of: dataset), along: AffinePath(scheduler: .conditionalOT),
      count: 3000, random: Random(seed: 2))
    pairs.draw()
    let early = pairs.times.filter { $0 < 1 / 3.0 }.count
    #expect(abs(early - 1000) < 100)
    for j in 0..<3000 {
      let isEarly = pairs.times[j] < 1 / 3.0
      // Velocities are those of the flow's time, in which the whole way takes 1.
      #expect(abs(pairs.sample.velocity[0, j] - (isEarly ? 6 : 1.5)) < 1e-9)
      #expect(abs(pairs.sample.velocity[1, j]) < 1e-9)
    }
  }

  @Test("flow matching by transport and action matching find the way of least energy")
  func least() {
    let dataset = moving()
    for objective in [Objective.flowMatching, .action] {
      var setting = experiment(objective, to: dataset)
      setting.coupling = .optimalTransport
      var field = trained(setting, to: dataset, steps: 1500)
      var velocity = Batch(points: [[1, 0], [2.5, 0]])
      let points = velocity
      field.evaluate(points, at: .each([1 / 6.0, 2 / 3.0]), into: &velocity)
      #expect(abs(velocity[0, 0] - 6) < 0.6, "\(objective)")
      #expect(abs(velocity[0, 1] - 1.5) < 0.3, "\(objective)")
    }
  }

  @Test("a ring that turns unseen stands still for the action, and turns for who knows its members")
  func ring() {
    let dataset = DatasetCatalog.turningRing
    // Pairs make the draws of p_t between two snapshots; the action never sees them.
    var unseen = experiment(.action, to: dataset)
    unseen.coupling = .pairs
    var still = trained(unseen, to: dataset, steps: 800)
    var named = experiment(.flowMatching, to: dataset)
    named.coupling = .pairs
    var turning = trained(named, to: dataset, steps: 800)
    let points = Batch(points: [[2, 0], [0, 2], [-2, 0], [0, -2]])
    var (slow, fast) = (points, points)
    still.evaluate(points, at: .shared(0.4), into: &slow)
    turning.evaluate(points, at: .shared(0.4), into: &fast)
    for j in 0..<4 {
      // The member's speed is 2π·2.
      let radius = points.point(j)
      let along = { (v: Batch) in (radius[0] * v[1, j] - radius[1] * v[0, j]) / 2 }
      #expect(abs(along(slow)) < 0.6)
      #expect(abs(along(fast) - 4 * .pi) < 0.6)
    }
  }

  @Test(
    "a process with noise has the distributions of the snapshots, where the flow of its drift has not"
  )
  func noise() {
    let dataset = moving(count: 1500)
    var setting = experiment(.action, to: dataset)
    (setting.coupling, setting.actionNoise) = (.optimalTransport, 1)
    let flow = trained(setting, to: dataset, steps: 2500)
    #expect(flow.traits.ownNoise == 1)
    let start = dataset.sourcePoints!
    var transport = flow.transport(
      start, as: .points, from: 0, to: 1, TransportPlan(.euler, control: .fixed(steps: 200)))
    transport.finish()
    let last = dataset.snapshots!.points[2]
    func deviation(_ points: Batch, _ i: Int) -> Double {
      let mean = (0..<points.count).reduce(0) { $0 + points[i, $1] } / Double(points.count)
      let square = (0..<points.count).reduce(0) { $0 + points[i, $1] * points[i, $1] }
      return (square / Double(points.count) - mean * mean).squareRoot()
    }
    for i in 0..<2 {
      // Without the drift that holds it together noise alone would make it 1.
      #expect(abs(deviation(transport.state, i) - deviation(last, i)) < 0.06)
    }
  }

  @Test("what does not go with snapshots is refused, and another data set leaves them behind")
  func complaints() throws {
    let dataset = moving()
    var setting = experiment(.action, to: dataset)
    try setting.validate(to: dataset)
    #expect(setting.source == Source.points)
    #expect(throws: IncompatibleChoice.self) { try setting.validate(to: DatasetCatalog.moons) }
    setting.choose(DatasetCatalog.moons)
    #expect(!setting.learnsSnapshots && setting.source == Source.gaussian)
    var map = experiment(.meanFlow, to: dataset)
    #expect(throws: IncompatibleChoice.self) { try map.validate(to: dataset) }
    map = experiment(.flowMatching, to: dataset)
    map.coupling = .sinkhorn(regularisation: 0.1)
    #expect(throws: IncompatibleChoice.self) { try map.validate(to: dataset) }
  }
}
