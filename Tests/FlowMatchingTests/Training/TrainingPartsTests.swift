import Foundation
import Testing

@testable import FlowMatching

@Suite("The parts of training")
struct TrainingPartsTests {
  @Test("the default experiment is the one that is documented, and survives coding")
  func experiment() throws {
    let experiment = Experiment()
    #expect(experiment.dataset == "8gaussians")
    #expect(experiment.shape.title == "MLP 3×64 SiLU")
    #expect(experiment.batch == 256)
    #expect(experiment.learningRate == 1e-3)
    #expect(experiment.weightDecay == 0)
    #expect(experiment.scheduler == .conditionalOT)
    #expect(experiment.steps == 60_000)
    #expect(experiment.seed == 0)
    var other = experiment
    other.seed = .max
    other.widths = [5]
    let coded = try JSONDecoder().decode(Experiment.self, from: JSONEncoder().encode(other))
    #expect(coded == other)
    #expect(coded != experiment)
  }

  @Test("Adam's first step is the learning rate, against the gradient's sign")
  func adam() {
    var adam = Adam(count: 3, learningRate: 0.25)
    var weights: [Float] = [1, 1, 1]
    #expect(adam.update(&weights, gradient: [1e-3, -40, 0]))
    #expect(abs(weights[0] - 0.75) < 1e-4)
    #expect(abs(weights[1] - 1.25) < 1e-4)
    #expect(weights[2] == 1)
    #expect(adam.steps == 1)
  }

  @Test("the moving average's decay grows as (1 + k)/(10 + k), up to 0.999")
  func decay() {
    #expect(MovingAverage.decay(update: 1) == 2.0 / 11)
    #expect(MovingAverage.decay(update: 8) == 0.5)
    #expect(MovingAverage.decay(update: 8000) == 8001.0 / 8010)
    #expect(MovingAverage.decay(update: 8990) == 0.999)
    #expect(MovingAverage.decay(update: 1_000_000) == 0.999)
    var average = MovingAverage([0, 1])
    average.update(with: [1, 1])
    average.update(with: [2, 1])
    // 9/11, then 3/12 of it and 9/12 of 2.
    #expect(abs(Double(average.values[0]) - (9.0 / 11 * 0.25 + 1.5)) < 1e-6)
    #expect(average.values[1] == 1)
  }

  @Test("another target leaves the times, the noise and so the path at t = 0 as they were")
  func streams() throws {
    func draws(_ target: any Distribution) -> TrainingPairs {
      var pairs = TrainingPairs(
        from: StandardNormal(dimension: 2), to: target,
        along: AffinePath(scheduler: .conditionalOT), count: 50, random: Random(seed: 3))
      pairs.draw()
      pairs.draw()
      return pairs
    }
    let moons = draws(try DatasetCatalog.named("moons").distribution)
    let gaussians = draws(try DatasetCatalog.named("8gaussians").distribution)
    #expect(moons.times == gaussians.times)
    #expect(moons.sample.x != gaussians.sample.x)
    for (k, time) in moons.times.enumerated() {
      for i in 0..<2 {
        // On the straight path x − t·v is the noise.
        func noise(_ pairs: TrainingPairs) -> Double {
          pairs.sample.x[i, k] - time * pairs.sample.velocity[i, k]
        }
        #expect(abs(noise(moons) - noise(gaussians)) < 1e-12)
      }
    }
  }

  @Test("the loss history keeps every early step, then ever fewer, and never more than it may")
  func history() {
    var history = LossHistory()
    for step in 1...60_000 { history.record(step: step, raw: Double(step), average: 1) }
    #expect(history.points.prefix(150).map(\.step) == Array(1...150))
    #expect(history.points.count > 1000 && history.points.count < 1300)
    let steps = history.points.map(\.step)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
    #expect(Double(60_000 - steps.last!) < 0.006 * 60_000 + 1)
    #expect(history.points.allSatisfy { $0.raw == Double($0.step) })
    var step = 60_000
    while step < 1_000_000_000_000 {
      step += max(1, step / 500)
      history.record(step: step, raw: 0, average: 0)
      #expect(history.points.count <= LossHistory.capacity)
    }
    #expect(history.points[0].step == 1)
  }
}
