import FlowMatching
import Testing

@testable import FlowViewer

@Suite("Runs from elsewhere")
struct ReceivedRunTests {
  private func experiment(widths: [Int] = [8]) -> Experiment {
    var experiment = Experiment()
    experiment.widths = widths
    experiment.batch = 16
    experiment.steps = 100
    return experiment
  }

  private func session() -> TrainingSession {
    TrainingSession(
      experiment(), dataset: DatasetCatalog.eightGaussians, solver: LaneSettings(.euler, steps: 4),
      instructionSet: .baseline)
  }

  private func received(step: Int, widths: [Int] = [8]) -> ReceivedRun {
    let experiment = experiment(widths: widths)
    var random = Random(seed: UInt64(step))
    return ReceivedRun(
      experiment: experiment, dataset: DatasetCatalog.eightGaussians,
      weights: .velocity(MLPWeights(shape: experiment.shape, using: &random)), step: step)
  }

  @Test("A run that is followed is shown and measured at its step, and never trained")
  func follow() {
    var session = session()
    let run = received(step: 40)
    session.follow(FollowedNews(run: run))
    let report = session.report(stepsPerSecond: 0)
    #expect(report.weights.values == run.state.average)
    #expect(report.step == 40)
    #expect(report.status == .training)
    #expect(report.measurements.map(\.step) == [40])
    #expect(!session.isRunning)
    session.handle(.setPaused(false))
    #expect(!session.isRunning)
  }

  @Test("Another shape, an earlier step and another data set are followed too")
  func changes() {
    var session = session()
    session.follow(FollowedNews(run: received(step: 40)))
    session.follow(FollowedNews(run: received(step: 20, widths: [4, 4])))
    #expect(session.report(stepsPerSecond: 0).weights.shape.widths == [4, 4])
    #expect(session.report(stepsPerSecond: 0).measurements.map(\.step) == [20])
    var moons = experiment()
    moons.dataset = "moons"
    session.handle(.restart(moons, generation: 3))
    let report = session.report(stepsPerSecond: 0)
    #expect((report.generation, report.step) == (3, 20))
    #expect(session.run.dataset.name == "moons")
  }

  @Test("A checkpoint that is opened rests until it is let go on, and then trains as it would have")
  func open() {
    var trainer = Trainer(
      experiment(), dataset: DatasetCatalog.eightGaussians, instructionSet: .baseline)
    for _ in 0..<50 { trainer.step() }
    var session = session()
    session.open(
      ReceivedRun(
        experiment: experiment(), dataset: DatasetCatalog.eightGaussians, state: trainer.state))
    #expect(!session.isRunning)
    #expect(session.report(stepsPerSecond: 0).status == .paused)
    session.handle(.setPaused(false))
    trainer.step()
    session.step()
    #expect(session.run.trainer.state == trainer.state)
  }

  @Test("A state that does not fit its experiment is not shown")
  func unsuitable() {
    var session = session()
    var run = received(step: 40)
    run.state.weights.removeLast()
    let before = session.report(stepsPerSecond: 0)
    session.follow(FollowedNews(run: run))
    #expect(session.report(stepsPerSecond: 0).weights == before.weights)
  }
}
