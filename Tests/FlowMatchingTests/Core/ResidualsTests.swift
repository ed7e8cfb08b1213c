import Testing

@testable import FlowMatching

@Suite("Residuals that are no numbers")
struct ResidualsTests {
  @Test("NaN is the worst of all, wherever it stands")
  func worst() {
    #expect(greatest([0.1, 0.3, 0.2]) == 0.3 && greatest([]) == 0)
    for residuals in [[Double.nan, 1], [1, .nan], [.nan, .nan], [1, .nan, .infinity]] {
      #expect(greatest(residuals).isNaN, "\(residuals)")
    }
    #expect(worse(1, .infinity) == .infinity && worse(.infinity, 1) == .infinity)
  }

  @Test("No identity of a flow passes on a network that answers NaN")
  func networks() throws {
    var experiment = Experiment()
    experiment.widths = [8]
    let count = Trainer.initialWeights(experiment).values.count
    let weights = FlowWeights(
      experiment.model, shape: experiment.shape, values: [Float](repeating: .nan, count: count))
    let setting = try #require(
      TheorySetting(
        dataset: DatasetCatalog.eightGaussians, scheduler: .conditionalOT, seed: 1,
        flow: experiment.velocityField(of: weights)))
    var tried = 0
    for check in TheoryCheck.all where check.applies(to: setting) && !check.isControl {
      #expect(!check.verdict(in: setting).passes, "\(check.number) \(check.name)")
      tried += 1
    }
    #expect(tried > 2)
  }
}
