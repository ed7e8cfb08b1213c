import Testing

@testable import FlowMatching

@Suite("What was learned, as a field")
struct LearnedFieldTests {
  private func experiment(_ layers: Int = 6) -> Experiment {
    var experiment = Experiment()
    experiment.dataset = "moons"
    experiment.model = .affineLayers(layers)
    experiment.objective = .likelihood
    experiment.widths = [24, 24]
    experiment.batch = 64
    experiment.steps = 60
    experiment.learningRate = 3e-3
    return experiment
  }

  private func trained(_ layers: Int = 6) -> Trainer {
    var trainer = Trainer(experiment(layers), dataset: DatasetCatalog.moons)
    while !trainer.isFinished { trainer.step() }
    return trainer
  }

  private func points(_ count: Int) -> Batch {
    var random = Random(seed: 8)
    return DatasetCatalog.moons.distribution.sample(count: count, using: &random)
  }

  @Test("The layers in closed form are the flow itself, there and back")
  func closedForm() throws {
    let trainer = trained()
    var flow = RealNVP(RealNVPWeights(trainer.averagedWeights))
    var layers = AffineLayersField(RealNVPWeights(trainer.averagedWeights))
    let x = points(50)
    let density = flow.logDensity(x)
    let same = layers.logDensity(x, at: 1)
    for (a, b) in zip(density, same) { #expect(abs(a - b) < 1e-9) }
    var there = x
    var logDeterminant = [Double](repeating: 0, count: x.count)
    layers.carry(&there, from: 0, to: 0.61, logDeterminant: &logDeterminant)
    layers.carry(&there, from: 0.61, to: 1, logDeterminant: &logDeterminant)
    var (whole, sum) = (x, [Double](repeating: 0, count: x.count))
    flow.push(&whole, logDeterminant: &sum)
    for (a, b) in zip(there.values, whole.values) { #expect(abs(a - b) < 1e-5) }
    layers.carry(&there, from: 1, to: 0, logDeterminant: &logDeterminant)
    for (a, b) in zip(there.values, x.values) { #expect(abs(a - b) < 1e-5) }
    for value in logDeterminant { #expect(abs(value) < 1e-5) }
  }

  @Test("Between layers and inside one, the closed form is what a solver makes of the field")
  func solved() throws {
    let trainer = trained()
    let field = trainer.velocityField(of: trainer.averagedWeights)
    var layers = AffineLayersField(RealNVPWeights(trainer.averagedWeights))
    let x = points(30)
    for t in [0.25, 0.5, 0.71, 1] {
      let state = DensityFlow.state(x, logDensity: [Double](repeating: 0, count: x.count))
      var solver: any VelocityField = DensityFlow(field)
      // Steps that end where layers do: 48 a unit of time, 8 a layer.
      let end = Integrator.solve(
        &solver, .rk4, control: .fixed(steps: Int((96 * t).rounded(.up))), from: state, end: t)
      var (carried, logDeterminant) = (x, [Double](repeating: 0, count: x.count))
      layers.carry(&carried, from: 0, to: t, logDeterminant: &logDeterminant)
      for j in 0..<x.count {
        #expect(abs(end.x[0, j] - carried[0, j]) < 1e-3)
        #expect(abs(end.x[1, j] - carried[1, j]) < 1e-3)
        #expect(abs(end.x[2, j] + logDeterminant[j]) < 1e-3)
      }
    }
  }

  @Test("A trainer of layers goes on from its state to the bit")
  func resumed() throws {
    var whole = Trainer(experiment(3), dataset: DatasetCatalog.moons)
    for _ in 0..<20 { whole.step() }
    var half = Trainer(experiment(3), dataset: DatasetCatalog.moons)
    for _ in 0..<9 { half.step() }
    var other = Trainer(experiment(3), dataset: DatasetCatalog.moons)
    try other.restore(half.state)
    for _ in 9..<20 { other.step() }
    #expect(other.weights == whole.weights && other.averageLoss == whole.averageLoss)
    var fewer = Trainer(experiment(2), dataset: DatasetCatalog.moons)
    #expect(throws: UnsuitableState.self) { try fewer.restore(half.state) }
  }

  @Test("Models are written as the command line writes them, and nonsense is refused")
  func names() throws {
    #expect(try FlowModel.named("realnvp").layers == 8)
    #expect(try FlowModel.named("realnvp:12").description == "realnvp:12")
    #expect(try FlowModel.named("cnf") == .velocity)
    #expect(throws: UnknownName.self) { try FlowModel.named("cnf:3") }
    for text in ["realnvp:0", "realnvp:65", "realnvp:2.5", "realnvp:1e300", "realnvp:-4"] {
      var experiment = experiment()
      experiment.model = try FlowModel.named(text)
      #expect(experiment.likelihoodComplaint?.contains("1 to 64") == true, "\(text)")
    }
    var experiment = experiment()
    experiment.objective = .flowMatching
    #expect(throws: IncompatibleChoice.self) { try experiment.validate() }
  }

  @Test("Seconds are what the timer says, those of both trainings apart")
  func seconds() throws {
    var experiment = Experiment()
    experiment.dataset = "moons"
    experiment.objective = .likelihood
    experiment.likelihood.besideMatching = true
    experiment.likelihood.steps = 3
    experiment.widths = [8]
    experiment.batch = 16
    experiment.steps = 30
    var run = TrainingRun(
      experiment, dataset: DatasetCatalog.moons, measuresDistance: false,
      timer: { work, body in
        body()
        return work
      })
    while !run.trainer.isFinished { run.step() }
    let last = try #require(run.measurements.last)
    // Three midpoint steps are 48 of work, a step of flow matching 3.
    #expect(last.seconds == 30 * 48 && last.rival?.seconds == 30 * 48)
    #expect(last.rival?.step == 30 * 16 && run.rival?.stepsDone == 30 * 16)
    #expect(experiment.evaluationsPerStep == 6)
  }

  @Test("The identities that hold for every flow hold for layers that learned little or more")
  func identities() throws {
    for layers in [1, 5] {
      let trainer = trained(layers)
      let setting = try #require(
        TheorySetting(
          dataset: DatasetCatalog.moons, scheduler: .conditionalOT, seed: 3,
          flow: trainer.velocityField(of: trainer.averagedWeights)))
      let checks = TheoryCheck.all.filter { $0.applies(to: setting) }
      #expect(Set(checks.map(\.number)).isSuperset(of: [10, 11, 12]))
      for check in checks {
        let verdict = check.verdict(in: setting)
        #expect(verdict.passes, "\(layers) \(verdict.name) \(verdict.residual)")
      }
    }
  }
}
