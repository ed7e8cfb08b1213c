import Testing

@testable import FlowMatching

@Suite("How the learning rate sinks")
struct LearningRateDecayTests {
  @Test("rises over the first hundredth, is half in the middle, and stays at a hundredth beyond")
  func factors() {
    for decay in [LearningRateDecay.linear, .cosine] {
      #expect(abs(decay.factor(step: 0, of: 1000) - 0.1) < 1e-12)
      #expect(abs(decay.factor(step: 500, of: 1000) - 0.5) < 1e-12)
      #expect(decay.factor(step: 1000, of: 1000) == 0.01)
      #expect(decay.factor(step: 9999, of: 1000) == 0.01)
      // A run of a few steps has no time to rise.
      #expect(decay.factor(step: 0, of: 10) > 0.9)
    }
    #expect(abs(LearningRateDecay.linear.factor(step: 250, of: 1000) - 0.75) < 1e-12)
    // (1 + cos π/4)/2
    #expect(abs(LearningRateDecay.cosine.factor(step: 250, of: 1000) - 0.853_553_390_6) < 1e-9)
    #expect(LearningRateDecay.none.factor(step: 7, of: 10) == 1)
  }

  @Test("A run that goes on from its middle has the bits of one that never stopped")
  func resumed() throws {
    var experiment = Experiment()
    (experiment.widths, experiment.batch, experiment.steps) = ([8], 16, 60)
    experiment.learningRateDecay = .cosine
    var whole = Trainer(experiment, dataset: DatasetCatalog.moons)
    for _ in 0..<60 { whole.step() }
    var half = Trainer(experiment, dataset: DatasetCatalog.moons)
    for _ in 0..<30 { half.step() }
    let state = half.state
    var rest = Trainer(experiment, dataset: DatasetCatalog.moons)
    try rest.restore(state)
    for _ in 0..<30 { rest.step() }
    #expect(rest.weights == whole.weights)
    experiment.learningRateDecay = .none
    var constant = Trainer(experiment, dataset: DatasetCatalog.moons)
    for _ in 0..<60 { constant.step() }
    #expect(constant.weights != whole.weights)
  }

  @Test(
    "On curved spaces the error of a field is not known for one of three reasons, which are told")
  func complaints() {
    var land = Experiment(to: DatasetCatalog.sphereLand)
    #expect(
      land.geodesicErrorComplaint(to: DatasetCatalog.sphereLand)?.contains("quadrature") == true)
    land.coupling = .optimalTransport
    #expect(
      land.geodesicErrorComplaint(to: DatasetCatalog.sphereLand)?.contains("independent") == true)
    let torus = Experiment(to: DatasetCatalog.torusMixture)
    #expect(torus.geodesicErrorComplaint(to: DatasetCatalog.torusMixture) == nil)
    #expect(Experiment().geodesicErrorComplaint(to: DatasetCatalog.moons) == nil)
  }
}
