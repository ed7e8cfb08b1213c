import Testing

@testable import FlowMatching

@Suite("What is left of a run that failed")
struct SalvageTests {
  private static func experiment(rate: Double, seed: UInt64 = 3) -> Experiment {
    var experiment = Experiment()
    experiment.widths = [16, 16]
    experiment.batch = 32
    experiment.learningRate = rate
    experiment.seed = seed
    experiment.steps = 4000
    return experiment
  }

  private static func trained(_ trainer: Trainer) -> Trainer {
    var trainer = trainer
    while trainer.failure == nil, !trainer.isFinished { trainer.step() }
    return trainer
  }

  /// Where 1 000 points of noise end up under the weights.
  private static func ends(_ weights: FlowWeights, of trainer: Trainer) -> Batch {
    var random = Random(seed: trainer.experiment.seed).stream("samples")
    var field: any VelocityField = trainer.velocityField(of: weights)
    return Integrator.solve(
      &field, .midpoint, control: .fixed(steps: 20),
      from: trainer.source.sample(count: 1000, using: &random)
    ).x
  }

  @Test("The good weights are of a step before the bad ones, and their samples are finite")
  func fresh() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    var failures = 0
    for (seed, rate) in [(1, 1e6), (2, 1e12), (3, 1e39), (4, 1e20)] as [(UInt64, Double)] {
      let experiment = SalvageTests.experiment(rate: rate, seed: seed)
      let trainer = SalvageTests.trained(Trainer(experiment, dataset: dataset))
      guard let failure = trainer.failure else { continue }
      failures += 1
      let salvage = try #require(trainer.salvage(), "\(rate)")
      switch failure {
      case .lossNotFinite(let step): #expect(salvage.step <= step - 2)
      case .weightsNotFinite(let step): #expect(salvage.step <= step - 1)
      }
      let ends = SalvageTests.ends(salvage.weights, of: trainer)
      #expect(ends.values.allSatisfy { $0.isFinite }, "\(rate)")
      // The state is one of this very run.
      var again = Trainer(experiment, dataset: dataset)
      for _ in 0..<salvage.state.stepsDone { again.step() }
      #expect(again.weights.values == salvage.state.weights)
      #expect(again.state.generators == salvage.state.generators)
      for _ in salvage.state.stepsDone..<salvage.step { again.step() }
      let isSame = again.averagedWeights == salvage.weights
      #expect(isSame)
    }
    #expect(failures >= 3)
  }

  @Test("A run that went well for long and fails at once keeps the step before, to the bit")
  func late() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    var trainer = Trainer(SalvageTests.experiment(rate: 1e-3), dataset: dataset)
    for _ in 0..<300 { trainer.step() }
    #expect(trainer.salvage() == nil)
    let (before, weights) = (trainer.state, trainer.averagedWeights)
    trainer.adjust(to: SalvageTests.experiment(rate: 1e39))
    trainer = SalvageTests.trained(trainer)
    let salvage = try #require(trainer.salvage())
    #expect(salvage.step == 300)
    #expect(salvage.weights == weights)
    #expect(salvage.state == before)
  }

  @Test("Of a state whose very first loss is not finite nothing is good")
  func hopeless() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    let experiment = SalvageTests.experiment(rate: 1e-3)
    var first = Trainer(experiment, dataset: dataset)
    first.step()
    var state = first.state
    state.weights = state.weights.map { _ in 3e38 }
    var second = Trainer(experiment, dataset: dataset)
    try second.restore(state)
    second.step()
    #expect(second.failure == .lossNotFinite(step: 2))
    #expect(second.salvage() == nil)
  }

  @Test("Keeping states does not change a step")
  func unchanged() throws {
    let dataset = try DatasetCatalog.named("moons")
    var straight = Trainer(SalvageTests.experiment(rate: 1e-3), dataset: dataset)
    var restarted = straight
    for step in 0..<200 {
      straight.step()
      if step == 70 { try restarted.restore(restarted.state) }
      restarted.step()
    }
    #expect(straight.state == restarted.state)
    #expect(straight.marks.map(\.stepsDone) == [128, 192])
  }
}
