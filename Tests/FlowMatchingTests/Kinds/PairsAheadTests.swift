import Testing

@testable import FlowMatching

@Suite("Pairs made ahead on other threads")
struct PairsAheadTests {
  private static func trainer(
    threads: Int, _ dataset: Dataset, by coupling: CouplingChoice = .optimalTransport
  ) -> Trainer {
    var experiment = Experiment()
    experiment.widths = [8]
    experiment.batch = 32
    experiment.seed = 7
    experiment.coupling = coupling
    return Trainer(experiment, dataset: dataset, threads: threads)
  }

  /// A square lattice, of which many matchings with noise on a lattice are equally cheap.
  private static let lattice: Dataset = {
    let points = (0..<16).map { [Double($0 / 4), Double($0 % 4)] }
    return Dataset(
      name: "lattice", title: "a lattice", summary: "of 16 points",
      distribution: PointCloud(Batch(points: points)), entropyFloor: nil)
  }()

  @Test("A step keeps as many threads busy as were asked for, where the coupling draws nothing")
  func threads() throws {
    let dataset = try DatasetCatalog.named("moons")
    #expect(PairsAheadTests.trainer(threads: 3, dataset).threads == 3)
    #expect(PairsAheadTests.trainer(threads: 1, dataset).threads == 1)
    var experiment = Experiment()
    experiment.coupling = .sinkhorn(regularisation: 2)
    #expect(Trainer(experiment, dataset: dataset, threads: 3).threads == 1)
  }

  @Test("The bits are those of one thread, after every number of steps", arguments: [2, 3])
  func bits(threads: Int) throws {
    for dataset in [try DatasetCatalog.named("moons"), PairsAheadTests.lattice] {
      var alone = PairsAheadTests.trainer(threads: 1, dataset)
      var shared = PairsAheadTests.trainer(threads: threads, dataset)
      for _ in 0..<70 {
        alone.step()
        shared.step()
        #expect(shared.state == alone.state)
      }
    }
  }

  @Test("So they are by the cells of a semidiscrete transport")
  func cells() throws {
    let dataset = PairsAheadTests.lattice
    var alone = PairsAheadTests.trainer(threads: 1, dataset, by: .semidiscrete(points: 16))
    var shared = PairsAheadTests.trainer(threads: 2, dataset, by: .semidiscrete(points: 16))
    #expect(shared.threads == 2)
    for _ in 0..<40 {
      alone.step()
      shared.step()
    }
    #expect(shared.state == alone.state)
  }

  @Test("A copy goes on by itself, and so does what it was copied from")
  func copies() throws {
    let dataset = try DatasetCatalog.named("moons")
    var alone = PairsAheadTests.trainer(threads: 1, dataset)
    var first = PairsAheadTests.trainer(threads: 2, dataset)
    for _ in 0..<20 {
      alone.step()
      first.step()
    }
    var second = first
    for _ in 0..<40 { second.step() }
    for _ in 0..<40 {
      alone.step()
      first.step()
    }
    #expect(first.state == alone.state)
    #expect(second.state == alone.state)
  }

  @Test("A run goes on from its saved state, whatever its threads were and are")
  func resume() throws {
    for dataset in [try DatasetCatalog.named("moons"), PairsAheadTests.lattice] {
      var straight = PairsAheadTests.trainer(threads: 1, dataset)
      var first = PairsAheadTests.trainer(threads: 2, dataset)
      for _ in 0..<21 { first.step() }
      for _ in 0..<50 { straight.step() }
      for threads in 1...2 {
        var second = PairsAheadTests.trainer(threads: threads, dataset)
        second.step()
        try second.restore(first.state)
        for _ in 0..<29 { second.step() }
        #expect(second.state == straight.state)
      }
    }
  }
}
