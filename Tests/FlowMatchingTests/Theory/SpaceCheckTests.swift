import Testing

@testable import FlowMatching

@Suite struct SpaceCheckTests {
  private static func setting(_ dataset: Dataset, seed: UInt64 = 0) throws -> SpaceTheorySetting {
    try #require(SpaceTheorySetting(dataset: dataset, seed: seed))
  }

  @Test("every check passes on every curved data set", arguments: DatasetCatalog.curved.map(\.name))
  func exact(name: String) throws {
    let dataset = try #require(DatasetCatalog.curved.first { $0.name == name })
    for seed in 0..<3 as Range<UInt64> {
      for check in SpaceCheck.all {
        let verdict = check.verdict(in: try Self.setting(dataset, seed: seed))
        #expect(verdict.passes, "\(name): \(verdict)")
        #expect(verdict == check.verdict(in: try Self.setting(dataset, seed: seed)))
      }
    }
  }

  @Test("the numbers go on from those of flat spaces, each with a control")
  func catalogue() {
    #expect(SpaceCheck.all.map(\.number) == [16, 16, 17, 17, 18, 18, 19, 19])
    #expect((TheoryCheck.all.map(\.number).max() ?? 0) < 16)
    #expect(SpaceCheck.all.filter(\.isControl).map(\.number) == [16, 17, 18, 19])
    #expect(Set(SpaceCheck.all.map(\.name)).count == SpaceCheck.all.count)
    #expect(SpaceTheorySetting(dataset: DatasetCatalog.moons, seed: 0) == nil)
  }

  @Test("a learned flow's mass is 1 whatever was learned, and told where it is not")
  func mass() throws {
    for dataset in [DatasetCatalog.sphereMixture, DatasetCatalog.torusMixture] {
      var experiment = Experiment(to: dataset)
      experiment.widths = [8]
      let flow = experiment.velocityField(of: Trainer.initialWeights(experiment))
      let space = try #require(dataset.space)
      let setting = try #require(
        SpaceTheorySetting(dataset: dataset, seed: 0, learned: (flow, UniformBase(on: space))))
      let check = try #require(SpaceCheck.learned.first)
      #expect(check.number == 10 && check.verdict(in: setting).passes)
      #expect(!check.verdict(in: setting, coefficients: [1.01]).passes)
      // Without a flow there is nothing to say.
      #expect(!check.verdict(in: try Self.setting(dataset)).passes)
    }
  }

  @Test("another coefficient, any one turned or a hundredth off, and the identity fails")
  func mutations() throws {
    for dataset in [DatasetCatalog.sphereLand, DatasetCatalog.torusMixture] {
      for check in SpaceCheck.all where !check.isControl {
        for k in check.coefficients.indices {
          for factor in [-1, 1.01] {
            var coefficients = check.coefficients
            coefficients[k] *= factor
            let verdict = check.verdict(in: try Self.setting(dataset), coefficients: coefficients)
            #expect(!verdict.passes, "\(check.name), coefficient \(k): \(verdict.residual)")
          }
        }
      }
    }
  }
}
