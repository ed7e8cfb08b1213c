import Kernels
import Testing

@testable import FlowMatching

@Suite("Flows that are told classes")
struct LabelledMatchingTests {
  private static func experiment(_ name: String = "two-classes") -> Experiment {
    var experiment = Experiment()
    experiment.dataset = name
    experiment.labels = Experiment.ownLabels
    experiment.widths = [32, 32]
    return experiment
  }

  private static func dataset(_ experiment: Experiment) throws -> Dataset {
    try DatasetCatalog.named(experiment.dataset)
  }

  @Test(
    "the network of a class is the one that reads its number, of no class the one that reads zeros")
  func binding() {
    var random = Random(seed: 3)
    let shape = MLPShape(dimension: 2, labels: 3, widths: [16, 16], activation: .silu)
    #expect(shape.features == 6 && shape.outputs == 2)
    let weights = MLPWeights(shape: shape, using: &random)
    let x = StandardNormal(dimension: 2).sample(count: 40, using: &random)
    let times = (0..<40).map { Double($0) / 40 }
    let told: [Int?] = (0..<40).map { $0 % 4 == 3 ? nil : $0 % 4 }
    var block = ConditionBlock(shape, count: 40)!
    block.load(x.values, times, told)
    var network = DenseNetwork(shape, instructionSet: .best)
    var expected = x
    network.evaluate(
      weights: weights.values, points: block.rows, times: block.last, into: &expected.values)
    for label in [nil, 0, 1, 2] {
      let bound = weights.bound(to: label)
      #expect(bound.shape.labels == 0 && bound.values.count == bound.shape.parameterCount)
      var (field, velocity) = (MLP(bound), x)
      field.evaluate(x, at: .each(times), into: &velocity)
      for j in 0..<40 where told[j] == label {
        for i in 0..<2 { #expect(abs(velocity[i, j] - expected[i, j]) < 2e-6) }
      }
    }
  }

  @Test("of a network that is told two times a class is bound behind both of them")
  func boundBehindTwoTimes() {
    var random = Random(seed: 3)
    let shape = MLPShape(dimension: 2, times: 2, labels: 3, widths: [8], activation: .silu)
    let weights = MLPWeights(shape: shape, using: &random)
    let x = StandardNormal(dimension: 2).sample(count: 5, using: &random)
    let (t, r) = ([Double](repeating: 0.2, count: 5), [Double](repeating: 0.7, count: 5))
    for label in [nil, 0, 2] {
      let told = (0..<3).flatMap { c in [Double](repeating: c == label ? 1 : 0, count: 5) }
      let rows = x.values + t + r + told
      var (network, expected) = (DenseNetwork(shape, instructionSet: .best), x)
      network.evaluate(
        weights: weights.values, points: Array(rows.dropLast(5)), times: Array(rows.suffix(5)),
        into: &expected.values)
      let map = LearnedMap(weights.bound(to: label), traits: FlowTraits())
      let found = map.meanVelocity(x, from: 0.2, to: 0.7)
      #expect(found.rootMeanSquareDistance(to: expected) < 1e-6)
      // Where both times are one, one is told.
      var (velocity, own) = (MLP(weights.bound(to: label).atOneTime), x)
      velocity.evaluate(x, at: .shared(0.2), into: &own)
      #expect(own.rootMeanSquareDistance(to: map.meanVelocity(x, from: 0.2, to: 0.2)) < 1e-6)
    }
  }

  @Test("the gradient is that of the loss, by differences in single weights")
  func gradient() throws {
    let experiment = Self.experiment()
    let dataset = try Self.dataset(experiment)
    let objective = MatchingObjective(
      experiment, from: StandardNormal(dimension: 2), to: dataset, instructionSet: .best, threads: 1
    )
    var weights = Trainer.initialWeights(experiment).values
    var (own, gradient) = (objective, [Float](repeating: 0, count: weights.count))
    _ = own.loss(of: weights, gradient: &gradient)
    // Rows of the first layer are x, y, t, right, left: every kind of input.
    for k in [0, 2, 3, 4, 8, 9, 5 * 32 + 1, weights.count - 1] {
      var unused = gradient
      let before = weights[k]
      let losses = [Float(1e-2), -1e-2].map { shift -> Double in
        var copy = objective
        weights[k] = before + shift
        return copy.loss(of: weights, gradient: &unused)
      }
      weights[k] = before
      #expect(abs((losses[0] - losses[1]) / 2e-2 - Double(gradient[k])) < 2e-4)
    }
  }

  @Test(
    "labels are dropped as often as they should be, and labelled data leave unlabelled runs alone")
  func dropout() throws {
    var experiment = Self.experiment()
    experiment.labelDropout = 0.25
    let classes = try #require(try Self.dataset(experiment).classes)
    var pairs = TrainingPairs(
      from: StandardNormal(dimension: 2), to: DatasetCatalog.twoClasses.distribution,
      of: TrainingPairs.Labelling(classes: classes, dropout: 0.25),
      along: AffinePath(scheduler: .conditionalOT),
      count: 8000, random: Random(seed: 1))
    pairs.draw()
    #expect(abs(Double(pairs.told.count { $0 == nil }) / 8000 - 0.25) < 0.02)
    #expect(zip(pairs.told, pairs.labels).allSatisfy { $0 == nil || $0 == $1 })
    #expect(pairs.generators.keys.contains("dropout"))
    experiment.labels = Experiment.noLabels
    let plain = experiment.kind.objective(
      from: StandardNormal(dimension: 2), to: DatasetCatalog.twoClasses, instructionSet: .best,
      threads: 1)
    #expect(!plain.generators.keys.contains("dropout"))
  }

  @Test("the floor of the loss is the mean of those of the classes and of all")
  func floor() throws {
    var experiment = Self.experiment()
    let dataset = try Self.dataset(experiment)
    experiment.labelDropout = 0.2
    let floor = try #require(experiment.lossFloor(to: dataset))
    var plain = experiment
    plain.classes = []
    let (whole, part) = (
      try #require(plain.lossFloor(to: dataset)), try #require(plain.lossFloor(to: dataset.part(0)))
    )
    #expect(abs(floor - (0.2 * whole + 0.8 * part)) < 1e-6)
    #expect(part < whole - 0.05)
  }

  @Test("a resumed run has the bits of one that never stopped, with its classes")
  func resume() throws {
    var experiment = Self.experiment("moons")
    experiment.coupling = .optimalTransport
    let dataset = try Self.dataset(experiment)
    var whole = Trainer(experiment, dataset: dataset)
    for _ in 0..<12 { whole.step() }
    let state = whole.state
    for _ in 0..<9 { whole.step() }
    var resumed = Trainer(experiment, dataset: dataset)
    try resumed.restore(state)
    for _ in 0..<9 { resumed.step() }
    #expect(resumed.weights == whole.weights && resumed.averagedWeights == whole.averagedWeights)
    #expect(resumed.experiment.classes == ["upper", "lower"])
  }

  @Test("what classes do not go with is refused, and says what to use")
  func refusals() throws {
    func complaint(_ change: (inout Experiment) -> Void) -> String {
      var experiment = Self.experiment()
      change(&experiment)
      do { try experiment.validate(to: DatasetCatalog.named(experiment.dataset)) } catch {
        return "\(error)"
      }
      return ""
    }
    #expect(complaint { _ in }.isEmpty)
    #expect(complaint { $0.coupling = .rotation(degrees: 90) }.contains("without classes"))
    #expect(complaint { $0.objective = .likelihood }.contains("--labels none"))
    #expect(complaint { $0.dataset = "checkerboard" }.contains("has no classes"))
    #expect(complaint { $0.classes = ["a", "b"] }.contains("not those of"))
    var one = Self.experiment()
    one.classes = ["right"]
    #expect(throws: IncompatibleChoice.self) { try one.validate() }
  }

  @Test("a class is asked for by its name, or by its number where no name is one")
  func names() {
    #expect(Experiment.label(named: "left", among: ["right", "left"]) == 1)
    #expect(Experiment.label(named: "1", among: ["right", "left"]) == 1)
    #expect(Experiment.label(named: "2", among: ["right", "left"]) == nil)
    #expect(Experiment.label(named: "3", among: ["1", "3"]) == 1)
    #expect(Experiment.label(named: "0", among: ["1", "3"]) == nil)
  }

  @Test("what was learned of the two classes is the exact field of each, of all, and guided")
  func learned() throws {
    var experiment = Self.experiment()
    experiment.widths = [64, 64]
    experiment.learningRate = 3e-3
    experiment.steps = 2500
    let dataset = try Self.dataset(experiment)
    var trainer = Trainer(experiment, dataset: dataset)
    while !trainer.isFinished { trainer.step() }
    var random = Random(seed: 4)
    let x0 = StandardNormal(dimension: 2).sample(count: 800, using: &random)
    for guidance in [
      Guidance.none, Guidance(label: 0), Guidance(label: 1), Guidance(label: 0, weight: 2),
      Guidance(label: 0, weight: 4, from: 0.2, to: 0.7),
    ] {
      let learned = experiment.velocityField(of: trainer.averagedWeights, guidance)
      let exact = try #require(experiment.exactFlow(to: dataset, guidance))
      let (a, b) = (try #require(learned.carried(x0)), try #require(exact.carried(x0)))
      for i in 0..<2 {
        let means = [a, b].map { batch in (0..<800).reduce(0) { $0 + batch[i, $1] } / 800 }
        #expect(abs(means[0] - means[1]) < 0.08, "\(guidance): \(means)")
      }
    }
  }
}
