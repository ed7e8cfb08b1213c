import Testing

@testable import FlowMatching

@Suite("A continuous flow by maximum likelihood")
struct MaximumLikelihoodTests {
  /// A small network that learns in a second.
  private static func experiment(steps: Int) -> Experiment {
    var experiment = Experiment()
    experiment.dataset = "moons"
    experiment.widths = [32, 32]
    experiment.batch = 128
    experiment.learningRate = 4e-3
    experiment.objective = .likelihood
    experiment.likelihood.steps = 6
    experiment.steps = steps
    return experiment
  }

  private static func run(_ experiment: Experiment) -> Trainer {
    var trainer = Trainer(experiment, dataset: DatasetCatalog.moons)
    while !trainer.isFinished && trainer.failure == nil { trainer.step() }
    return trainer
  }

  private static let trained = run(experiment(steps: 400))

  @Test("400 steps on moons come within 0.3 nats of their entropy, and not below it")
  func learns() throws {
    let relative = try #require(RelativeEntropy(dataset: DatasetCatalog.moons))
    let estimate = try #require(
      relative.estimate(of: Self.trained.velocityField(of: Self.trained.averagedWeights)))
    #expect(estimate.mean < 0.3 && estimate.mean > 4 * estimate.standardError)
    #expect(abs(Self.trained.averageLoss - 2.39388 - estimate.mean) < 0.15)
  }

  @Test(
    "mass, volumes and traces of the trained flow are as the identities say", arguments: 10...12)
  func identities(number: Int) throws {
    let setting = try #require(
      TheorySetting(
        dataset: DatasetCatalog.moons, scheduler: .conditionalOT, seed: 1,
        flow: Self.trained.velocityField(of: Self.trained.averagedWeights)))
    let checks = TheoryCheck.all.filter { $0.number == number && $0.applies(to: setting) }
    #expect(!checks.isEmpty)
    for check in checks {
      let verdict = check.verdict(in: setting)
      #expect(verdict.passes, "\(verdict)")
    }
  }

  @Test(
    "a run that was interrupted goes on to the same bits",
    arguments: [DivergenceMethod.exact, .rademacher])
  func resumes(divergence: DivergenceMethod) throws {
    var experiment = Self.experiment(steps: 20)
    experiment.likelihood.divergence = divergence
    var first = Trainer(experiment, dataset: DatasetCatalog.moons)
    for _ in 0..<9 { first.step() }
    var second = Trainer(experiment, dataset: DatasetCatalog.moons)
    try second.restore(first.state)
    while !second.isFinished { second.step() }
    let whole = Self.run(experiment)
    #expect(second.weights == whole.weights && second.averageLoss == whole.averageLoss)
  }

  @Test("Hutchinson's estimate and the adjoint learn as well", arguments: [true, false])
  func others(estimates: Bool) {
    var experiment = Self.experiment(steps: 150)
    let exact = Self.run(experiment).averageLoss
    if estimates {
      experiment.likelihood.divergence = .rademacher
    } else {
      experiment.likelihood.gradient = .adjoint
    }
    #expect(abs(Self.run(experiment).averageLoss - exact) < 0.2)
  }

  @Test("a gradient is shortened to the norm and no other")
  func clipping() {
    var gradient: [Float] = [3, -4]
    clip(&gradient, to: 5)
    #expect(gradient == [3, -4])
    clip(&gradient, to: 2.5)
    #expect(gradient == [1.5, -2])
  }

  @Test("what cannot be trained says why")
  func complaints() {
    var experiment = Self.experiment(steps: 1)
    #expect(experiment.likelihoodComplaint == nil)
    for activation in Activation.allCases {
      experiment.activation = activation
      let isRefused = experiment.likelihoodComplaint != nil
      #expect(isRefused == [.selu, .relu].contains(activation))
    }
    experiment.activation = .selu
    #expect(experiment.likelihoodComplaint?.contains("SELU") == true)
    experiment.objective = .flowMatching
    #expect(experiment.likelihoodComplaint == nil)
    experiment = Self.experiment(steps: 1)
    experiment.source = "moons"
    #expect(experiment.likelihoodComplaint?.contains("Gaussian") == true)
    experiment = Self.experiment(steps: 1)
    experiment.likelihood.solver = "eulr"
    #expect(experiment.likelihoodComplaint?.contains("euler") == true)
  }

  @Test("work is counted by stages, tangents and the way back")
  func work() {
    var experiment = Self.experiment(steps: 1)
    experiment.likelihood.steps = 20
    #expect(experiment.workPerStep == 320)
    experiment.likelihood.divergence = .rademacher
    #expect(experiment.workPerStep == 240)
    experiment.likelihood.solver = "euler"
    experiment.likelihood.divergence = .exact
    #expect(experiment.workPerStep == 240)
  }

  @Test("flow matching beside it is the run that it would be alone, after as much work")
  func rival() throws {
    var experiment = Self.experiment(steps: 30)
    experiment.likelihood.besideMatching = true
    var run = TrainingRun(experiment, dataset: DatasetCatalog.moons, measuresDistance: false)
    while !run.trainer.isFinished { run.step() }
    // Six midpoint steps are 96 of work, and three a step of flow matching: 32 for one.
    var alone = experiment
    alone.objective = .flowMatching
    var trainer = Trainer(alone, dataset: DatasetCatalog.moons)
    for _ in 0..<30 * 32 { trainer.step() }
    let relative = try #require(RelativeEntropy(dataset: DatasetCatalog.moons))
    let flow = trainer.velocityField(of: trainer.averagedWeights)
    #expect(run.measurements.last?.rival?.excess == relative.excess(of: flow))
    experiment.likelihood.besideMatching = false
    let without = Self.run(experiment)
    #expect(run.trainer.weights == without.weights)
  }

  @Test("a likelihood run's floor is the entropy, and its excess the relative entropy")
  func floor() throws {
    var run = TrainingRun(
      Self.experiment(steps: 30), dataset: DatasetCatalog.moons, measuresDistance: false)
    #expect(run.lossFloor == DatasetCatalog.moons.entropyFloor)
    while !run.trainer.isFinished { run.step() }
    let excess = try #require(run.measurements.last?.excess)
    let relative = try #require(RelativeEntropy(dataset: DatasetCatalog.moons))
    let flow = run.trainer.velocityField(of: run.trainer.averagedWeights)
    #expect(excess == relative.excess(of: flow))
  }
}
