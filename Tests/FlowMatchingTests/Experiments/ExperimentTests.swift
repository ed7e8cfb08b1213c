import Foundation
import Testing

@testable import FlowMatching

@Suite("Experiments")
struct ExperimentTests {
  private static func trained(_ experiment: Experiment, steps: Int) throws -> Trainer {
    var trainer = Trainer(experiment, dataset: try DatasetCatalog.named(experiment.dataset))
    for _ in 0..<steps { trainer.step() }
    return trainer
  }

  @Test("a file from before a choice existed reads as the default; an unknown source is named")
  func decoding() throws {
    let old = Data(#"{"dataset":"moons","seed":5}"#.utf8)
    var expected = Experiment()
    expected.dataset = "moons"
    expected.seed = 5
    #expect(try JSONDecoder().decode(Experiment.self, from: old) == expected)
    expected.source = "gausian"
    let error = #expect(throws: UnknownName.self) {
      try expected.sourceDistribution(to: DatasetCatalog.moons)
    }
    #expect(error?.nearest == "gaussian")
    #expect(Set(Source.names).count == Source.names.count)
    for name in Source.names { #expect(try Source.named(name, dimension: 2).dimension == 2) }
  }

  @Test("coupled training has the same bits a second time, in a copy, and for more threads")
  func coupledBits() throws {
    var experiment = Experiment()
    experiment.coupling = .optimalTransport
    experiment.source = "8gaussians-torchcfm"
    experiment.dataset = "moons"
    experiment.widths = [128]
    experiment.batch = 2048
    let first = try ExperimentTests.trained(experiment, steps: 4)
    #expect(try ExperimentTests.trained(experiment, steps: 4).weights == first.weights)
    var half = try ExperimentTests.trained(experiment, steps: 2)
    var copy = half
    for _ in 0..<2 { half.step() }
    for _ in 0..<2 { copy.step() }
    #expect(half.weights == first.weights && copy.weights == first.weights)
    var shared = Trainer(experiment, dataset: DatasetCatalog.moons, threads: 2)
    for _ in 0..<4 { shared.step() }
    #expect(shared.threads == 2 && shared.weights == first.weights)
  }

  @Test("coupled pairs have a lower loss floor: below half of the independent one after training")
  func coupledLoss() throws {
    var experiment = Experiment()
    experiment.widths = [64, 64]
    experiment.batch = 128
    experiment.coupling = .optimalTransport
    let trainer = try ExperimentTests.trained(experiment, steps: 1500)
    // The independent floor is 1.929; pairs of 128 points leave about .4.
    #expect(trainer.averageLoss < 0.9, "\(trainer.averageLoss)")
  }

  @Test("a flow starts where the experiment says")
  func source() throws {
    var experiment = Experiment()
    experiment.source = "8gaussians-torchcfm"
    experiment.dataset = "moons"
    var random = Random(seed: 3)
    let points = try experiment.sourceDistribution(to: DatasetCatalog.moons).sample(
      count: 2000, using: &random)
    // E|X₀|² = R² + 2s² = 25 + 2·√0.1.
    expectMean(
      of: (0..<2000).map { points[0, $0] * points[0, $0] + points[1, $0] * points[1, $0] },
      25 + 2 * 0.1.squareRoot())
    #expect(try ExperimentTests.trained(experiment, steps: 1).source is GaussianMixture)
    // The exact field from a mixture is known, that from a curve is not.
    #expect(experiment.lossFloor(to: DatasetCatalog.moons) != nil)
    experiment.source = "moons"
    #expect(TrainingRun(experiment, dataset: DatasetCatalog.moons).lossFloor == nil)
  }
}
