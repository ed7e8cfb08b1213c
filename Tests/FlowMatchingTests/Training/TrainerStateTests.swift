import FlowMatching
import Testing

@Suite("The state of a trainer")
struct TrainerStateTests {
  private static func experiment() -> Experiment {
    var experiment = Experiment()
    experiment.widths = [16, 16]
    experiment.batch = 32
    experiment.steps = 1000
    experiment.seed = 5
    return experiment
  }

  @Test(
    "1 000 steps are 500 and 500 from the saved state, bit for bit",
    arguments: ["8gaussians", "checkerboard"])
  func resume(dataset name: String) throws {
    let dataset = try DatasetCatalog.named(name)
    var straight = Trainer(TrainerStateTests.experiment(), dataset: dataset)
    var first = straight
    for _ in 0..<500 { first.step() }
    let saved = first.state
    // The one that saved must not be disturbed by it, and the saved one not by the other.
    for _ in 0..<3 { first.step() }
    var second = Trainer(TrainerStateTests.experiment(), dataset: dataset)
    try second.restore(saved)
    for _ in 0..<1000 { straight.step() }
    for _ in 0..<500 { second.step() }
    #expect(second.state == straight.state)
    #expect(second.averageLoss.bitPattern == straight.averageLoss.bitPattern)
    #expect(first.state != straight.state)
  }

  @Test("A resumed run measures at the same steps and gets the same numbers")
  func measurements() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    var straight = TrainingRun(
      TrainerStateTests.experiment(), dataset: dataset, measuresDistance: false)
    var resumed = straight
    for _ in 0..<500 { straight.step() }
    try resumed.restore(straight.trainer.state)
    let before = straight.measurements.count
    for _ in 0..<400 {
      straight.step()
      resumed.step()
    }
    #expect(straight.measurements.count > before)
    // The seconds are those of this process.
    let after = straight.measurements[before...]
    #expect(after.map(\.step) == resumed.measurements.map(\.step))
    #expect(after.map(\.excess) == resumed.measurements.map(\.excess))
  }

  @Test("A state of another network, or with numbers that are none, is refused and changes nothing")
  func unsuitable() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    var trainer = Trainer(TrainerStateTests.experiment(), dataset: dataset)
    trainer.step()
    let before = trainer.state
    var other = TrainerStateTests.experiment()
    other.widths = [16]
    var states = [Trainer(other, dataset: dataset).state, before, before, before, before]
    states[1].secondMoment[3] = -1
    states[2].weights[0] = .nan
    states[3].generators["time"] = nil
    states[4].stepsDone = -1
    for state in states {
      #expect(throws: UnsuitableState.self) { try trainer.restore(state) }
      #expect(trainer.state == before)
    }
  }

  @Test("A generator goes on from its words, in the middle of a pair of normal variates too")
  func words() throws {
    var random = Random(seed: 3).stream("x")
    for draws in 0..<3 {
      for _ in 0..<draws { _ = random.normal() }
      var copy = try #require(Random(words: random.words))
      #expect(copy == random)
      #expect(copy.normal() == random.normal())
      #expect(copy.stream("y") == random.stream("y"))
    }
    #expect(Random(words: [1, 0, 0, 0, 0, 0, 0]) == nil)
    #expect(Random(words: [1, 2, 3, 4, 5, 2, 0]) == nil)
    #expect(Random(words: []) == nil)
  }

  @Test("Points of a file are drawn as often as one another, within four standard errors")
  func pointCloud() {
    let cloud = PointCloud(Batch(points: [[0, 1], [2, 3], [4, 5], [2, 3]]))
    var random = Random(seed: 1)
    let sample = cloud.sample(count: 40_000, using: &random)
    for (x, share) in [(0.0, 0.25), (2.0, 0.5), (4.0, 0.25)] {
      let count = (0..<sample.count).count { sample[0, $0] == x && sample[1, $0] == x + 1 }
      let error = (share * (1 - share) * 40_000).squareRoot()
      #expect(abs(Double(count) - share * 40_000) < 4 * error)
    }
  }
}
