import Foundation
import Testing

@testable import FlowMatching

@Suite("Flow matching of particles")
struct ParticleMatchingTests {
  private static func experiment(_ model: FlowModel = .equivariant) -> Experiment {
    var experiment = Experiment(to: DatasetCatalog.dw4)
    experiment.model = model
    experiment.widths = [16, 16, 16]
    experiment.batch = 32
    experiment.steps = 150
    return experiment
  }

  @Test("Data of particles bring their source, network and pairs, and leave with them")
  func choosing() {
    var experiment = Experiment(to: DatasetCatalog.dw4)
    #expect(experiment.model == .equivariant && experiment.coupling == .orbit)
    #expect(experiment.source == Source.meanFree && experiment.dimension == 8)
    #expect(experiment.kind is ParticleMatching)
    experiment.model = .velocity
    experiment.choose(DatasetCatalog.dw4)
    #expect(experiment.model == .velocity)
    experiment.choose(DatasetCatalog.moons)
    #expect(experiment == Experiment(to: DatasetCatalog.moons))
  }

  @Test("What has no meaning for particles is refused with what to do")
  func complaints() {
    #expect(throws: Never.self) { try Self.experiment().validate(to: DatasetCatalog.dw4) }
    let changes: [(inout Experiment) -> Void] = [
      { $0.source = Source.gaussian }, { $0.objective = .likelihood }, { $0.widths = [] },
      { $0.path = .noisy(sigma: 0.1) }, { $0.prediction = .target }, { $0.loss = .absolute },
      { $0.coupling = .rotation(degrees: 90) }, { $0.timeWeight = .target },
      { $0.dimension = 2 }, { $0.dimension = 10 }, { $0.model = .affineLayers(4) },
    ]
    for change in changes {
      var experiment = Self.experiment()
      change(&experiment)
      #expect(throws: IncompatibleChoice.self) {
        try experiment.validate(to: DatasetCatalog.dw4)
      }
    }
  }

  @Test("Orbits, particles and their networks are refused where there are none")
  func elsewhere() {
    var orbit = Experiment(to: DatasetCatalog.gaussians16)
    orbit.coupling = .orbit
    var network = Experiment()
    network.model = .equivariant
    var source = Experiment()
    source.source = Source.meanFree
    for experiment in [orbit, network, source] {
      #expect(throws: IncompatibleChoice.self) { try experiment.validate() }
    }
  }

  @Test(
    "Training lowers the loss, and goes on bit for bit from its state",
    arguments: [FlowModel.equivariant, .pairwise, .velocity])
  func training(model: FlowModel) throws {
    let experiment = Self.experiment(model)
    try experiment.validate(to: DatasetCatalog.dw4)
    var trainer = Trainer(experiment, dataset: DatasetCatalog.dw4, instructionSet: .baseline)
    trainer.step()
    let first = trainer.lastLoss
    for _ in 0..<74 { trainer.step() }
    var other = Trainer(experiment, dataset: DatasetCatalog.dw4, instructionSet: .baseline)
    try other.restore(trainer.state)
    for _ in 0..<75 {
      trainer.step()
      other.step()
    }
    #expect(trainer.state.weights == other.state.weights)
    #expect(trainer.averageLoss < 0.98 * first)
    // The flow of what was learned keeps the mean, and its density is known.
    var random = Random(seed: 1)
    let x = MeanFreeNormal.doubleWells.sample(count: 40, using: &random)
    let flow = trainer.velocityField(of: trainer.averagedWeights)
    let end = try #require(flow.carried(x))
    for axis in 0..<2 {
      for j in 0..<40 { #expect(abs((0..<4).reduce(0) { $0 + end[2 * $1 + axis, j] }) < 1e-9) }
    }
    let sample = ReweightedSample(
      of: flow, from: x, MeanFreeNormal.doubleWells, TransportPlan(.rk4, control: .fixed(steps: 8)))
    let known = flow.logDensity(
      of: end, from: MeanFreeNormal.doubleWells, .solved(.rk4, .fixed(steps: 20)), probes: nil
    ) { _ in }
    let weights = try #require(sample)
    for j in 0..<40 {
      #expect(abs(-weights.logWeights[j] - weights.energies[j] - known.values[j]) < 0.1)
    }
  }
}

@Suite("Weights of samples")
struct ReweightedSampleTests {
  @Test(
    "Samples of the density itself have even weights, their partition function and all their size")
  func even() throws {
    var random = Random(seed: 1)
    let prior = MeanFreeNormal.doubleWells
    let logs = prior.logDensity(prior.sample(count: 500, using: &random))
    let sample = try #require(
      ReweightedSample(energies: logs.map { -$0 - 2 }, logDensities: logs))
    #expect(abs(sample.effectiveShare - 1) < 1e-9)
    #expect(abs(sample.logPartition.mean - 2) < 1e-9 && sample.logPartition.standardError < 1e-6)
    #expect(abs(sample.reweightedEnergy.mean - sample.meanEnergy.mean) < 1e-9)
    #expect(sample.count(holding: 0.5) == 250)
  }

  @Test("A Gaussian that is too wide is repaired, with an honest error")
  func wide() throws {
    var random = Random(seed: 2)
    let (wide, narrow) = (
      MeanFreeNormal(particles: 4, deviation: 1.3), MeanFreeNormal(particles: 4, deviation: 1)
    )
    let x = wide.sample(count: 4000, using: &random)
    let energies = narrow.logDensity(x).map { -$0 }
    let sample = try #require(
      ReweightedSample(energies: energies, logDensities: wide.logDensity(x)))
    let truth = 3 * log(2 * Double.pi) + 3
    #expect(abs(sample.meanEnergy.mean - truth) > 1)
    let mean = sample.reweightedEnergy
    #expect(abs(mean.mean - truth) <= 4 * mean.standardError && mean.standardError < 0.1)
    let partition = sample.logPartition
    #expect(abs(partition.mean) <= 4 * partition.standardError)
    // (2s² − 1)/s⁴ to the third power: E[w²] of two Gaussians of six coordinates.
    let square = 1.3 * 1.3
    let share =
      ((2 * square - 1) / (square * square)) * ((2 * square - 1) / (square * square))
      * ((2 * square - 1) / (square * square))
    #expect(abs(sample.effectiveShare - share) < 0.05)
  }

  @Test("A number that is none leaves nothing known")
  func lost() {
    #expect(ReweightedSample(energies: [1, .nan], logDensities: [0, 0]) == nil)
    #expect(ReweightedSample(energies: [1, 2], logDensities: [0, .infinity]) == nil)
  }
}
