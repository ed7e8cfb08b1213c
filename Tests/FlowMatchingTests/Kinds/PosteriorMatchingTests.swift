import Foundation
import Kernels
import Testing

@testable import FlowMatching

@Suite("Posteriors, learned from simulations")
struct PosteriorMatchingTests {
  private static func experiment() -> Experiment {
    var experiment = Experiment(to: DatasetCatalog.twoMoonsPosterior)
    experiment.widths = [32, 32]
    return experiment
  }

  @Test("the network given an observation is the one that reads it beside the point and its time")
  func binding() {
    var random = Random(seed: 3)
    let shape = MLPShape(dimension: 2, observations: 3, widths: [16, 16], activation: .silu)
    #expect(shape.features == 6 && shape.outputs == 2)
    let weights = MLPWeights(shape: shape, using: &random)
    let x = StandardNormal(dimension: 2).sample(count: 20, using: &random)
    let observed = StandardNormal(dimension: 3).sample(count: 20, using: &random)
    let times = (0..<20).map { Double($0) / 20 }
    var block = ConditionBlock(shape, count: 20)!
    block.load(x.values, times, observed: observed)
    var (network, expected) = (DenseNetwork(shape, instructionSet: .best), x)
    network.evaluate(
      weights: weights.values, points: block.rows, times: block.last, into: &expected.values)
    for j in 0..<20 {
      let bound = weights.bound(toObserved: observed.point(j))
      #expect(bound.shape == shape.withoutCondition)
      var (field, velocity) = (MLP(bound), x)
      field.evaluate(x, at: .each(times), into: &velocity)
      for i in 0..<2 { #expect(abs(velocity[i, j] - expected[i, j]) < 2e-6) }
    }
  }

  @Test("an observation is told in units of its columns, and without one the usual is meant")
  func units() {
    let experiment = Self.experiment()
    let weights = Trainer.initialWeights(experiment)
    let network = MLPWeights(weights)
    let columns = experiment.observations
    let x = Batch(points: [[0.3, -0.2], [-1, 0.4]])
    func velocity(_ observation: [Double]?) -> Batch {
      var (field, v) = (experiment.velocityField(of: network, given: observation), x)
      field.evaluate(x, at: .shared(0.4), into: &v)
      return v
    }
    var (direct, expected) = (MLP(network.bound(toObserved: [1.5, -0.5])), x)
    direct.evaluate(x, at: .shared(0.4), into: &expected)
    let raw = zip(columns, [1.5, -0.5]).map { $0.mean + $1 * $0.deviation }
    #expect(velocity(raw).rootMeanSquareDistance(to: expected) < 1e-6)
    #expect(velocity(nil) == velocity([0, 0]) && velocity(nil) != velocity(raw))
    var (asked, v) = (experiment.velocityField(of: weights, Guidance(given: raw)), x)
    asked.evaluate(x, at: .shared(0.4), into: &v)
    #expect(v == velocity(raw))
  }

  @Test("the gradient is that of the loss, by differences in weights of every kind of input")
  func gradient() {
    var experiment = Self.experiment()
    experiment.timeDensity = .power(4)
    experiment.path = .lipman(sigmaMin: 1e-4)
    let objective = MatchingObjective(
      experiment, from: StandardNormal(dimension: 2), to: DatasetCatalog.twoMoonsPosterior,
      instructionSet: .best, threads: 1)
    var weights = Trainer.initialWeights(experiment).values
    var (own, gradient) = (objective, [Float](repeating: 0, count: weights.count))
    _ = own.loss(of: weights, gradient: &gradient)
    for k in [0, 2, 3, 4, 9, 5 * 32 + 1, weights.count - 1] {
      var unused = gradient
      let before = weights[k]
      let losses = [1e-2, -1e-2].map { step in
        weights[k] = before + Float(step)
        var again = objective
        return again.loss(of: weights, gradient: &unused)
      }
      weights[k] = before
      let slope = (losses[0] - losses[1]) / 2e-2
      #expect(abs(slope - Double(gradient[k])) < 2e-3 * max(0.05, abs(slope)), "weight \(k)")
    }
  }

  @Test("parameters stay with what was observed of them, and a budget of simulations is used over")
  func budget() throws {
    var experiment = Self.experiment()
    experiment.simulations = 40
    let table = try #require(
      experiment.simulated(DatasetCatalog.twoMoonsPosterior) as? SimulationTable)
    #expect(table.parameters.count == 40)
    let again = experiment.simulated(DatasetCatalog.twoMoonsPosterior) as? SimulationTable
    #expect(again == table)
    experiment.seed = 1
    #expect(experiment.simulated(DatasetCatalog.twoMoonsPosterior) as? SimulationTable != table)
    var pairs = TrainingPairs(
      from: StandardNormal(dimension: 2), to: DatasetCatalog.twoMoonsPosterior.distribution,
      simulated: table, as: experiment.observations, along: AffinePath(scheduler: .conditionalOT),
      count: 200, random: Random(seed: 2))
    pairs.draw()
    let observed = try #require(pairs.observed)
    for j in 0..<200 {
      let k = try #require((0..<40).first { table.parameters.point($0) == pairs.x1.point(j) })
      #expect(
        observed.point(j) == experiment.observations.standardised(table.observations.point(k)))
    }
  }

  @Test("what does not go with a posterior is refused, and what to do is said")
  func refused() {
    func complaint(_ change: (inout Experiment) -> Void, _ dataset: Dataset? = nil) -> String {
      var experiment = Self.experiment()
      change(&experiment)
      do {
        try experiment.validate(to: dataset ?? DatasetCatalog.twoMoonsPosterior)
        return ""
      } catch { return error.description }
    }
    #expect(complaint { _ in } == "")
    #expect(complaint { $0.coupling = .optimalTransport }.contains("parts parameters"))
    #expect(complaint { $0.choose(Objective.meanFlow) }.contains("flow matching"))
    #expect(complaint { $0.observations = [] }.contains("is a posterior"))
    #expect(complaint({ _ in }, DatasetCatalog.moons).contains("nothing is observed"))
    #expect(
      complaint(
        {
          $0.observe(DatasetCatalog.moons)
          $0.simulations = 9
        }, DatasetCatalog.moons
      )
      .contains("simulations are of a posterior"))
    var other = Self.experiment()
    other.choose(DatasetCatalog.moons)
    #expect(!other.learnsPosterior)
  }

  @Test("no field and no floor of all parameters is taken for that of a posterior")
  func nothingKnown() throws {
    var random = Random(seed: 4)
    let drawn = TwoMoonsSimulator().sample(count: 60, using: &random)
    let table = try #require(
      SimulationTable(
        parameters: drawn.parameters, observations: drawn.observations, named: ["a", "b"]))
    let dataset = Dataset(name: "file", points: drawn.parameters).observing(table)
    let experiment = Experiment(to: dataset)
    #expect(experiment.observations == table.columns && !dataset.isKnownTarget)
    #expect(experiment.exactField(to: dataset) == nil)
    #expect(experiment.lossFloor(to: dataset) == nil)
    #expect(experiment.kind.excessMeasure(to: dataset) == nil)
    var run = TrainingRun(experiment, dataset: dataset, sampleCount: 50)
    for _ in 0..<31 { run.step() }
    #expect(run.measurements.count == 1 && run.measurements.allSatisfy { $0.w2 == nil })
    #expect(run.noiseFloor == nil)
  }

  @Test("training draws the posterior of each observation to where it lies")
  func learning() throws {
    var experiment = Self.experiment()
    experiment.widths = [64, 64]
    experiment.timeDensity = .power(4)
    experiment.steps = 3000
    experiment.learningRate = 3e-3
    experiment.learningRateDecay = .cosine
    let dataset = DatasetCatalog.twoMoonsPosterior
    var trainer = Trainer(experiment, dataset: dataset)
    for _ in 0..<experiment.steps { trainer.step() }
    var random = Random(seed: 5)
    let noise = StandardNormal(dimension: 2).sample(count: 600, using: &random)
    for observation in [[0.0, 0.0], [-0.5, 0.6]] {
      let field = experiment.velocityField(
        of: trainer.averagedWeights, Guidance(given: observation))
      let found = try #require(field.carried(noise))
      let exact = try #require(dataset.given(observation)).distribution
        .sample(count: 600, using: &random)
      let other = try #require(dataset.given([-0.3, -0.6])).distribution
        .sample(count: 600, using: &random)
      let distance = Wasserstein.w2(found, exact)
      #expect(distance < 0.5 * Wasserstein.w2(found, other), "\(distance)")
    }
  }
}
