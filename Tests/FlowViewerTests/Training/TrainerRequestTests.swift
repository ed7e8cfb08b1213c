import FlowMatching
import Testing

@testable import FlowViewer

@Suite("Requests to the trainer")
struct TrainerRequestTests {
  private func distance(_ id: Int, lane: Int) -> TrainerRequest {
    .distance(DistanceRequest(id: id, of: .lane(lane), points: Batch(dimension: 2, count: 1)))
  }

  @Test("A waiting request gives way to a newer one of its kind and lane, and to a restart")
  func superseded() {
    let restart = TrainerRequest.restart(Experiment(), generation: 1)
    let measure = TrainerRequest.measureWith(LaneSettings(.euler))
    #expect(distance(1, lane: 0).isSuperseded(by: distance(2, lane: 0)))
    #expect(!distance(1, lane: 0).isSuperseded(by: distance(2, lane: 1)))
    #expect(distance(1, lane: 0).isSuperseded(by: restart))
    #expect(restart.isSuperseded(by: .restart(Experiment(), generation: 2)))
    #expect(!restart.isSuperseded(by: .setPaused(true)))
    #expect(measure.isSuperseded(by: .measureWith(LaneSettings(.rk4))))
    // The solver on show outlives a restart.
    #expect(!measure.isSuperseded(by: restart))
  }

  @Test("The newest answers are kept, the lanes' of one round together")
  func answers() {
    var experiment = Experiment()
    experiment.widths = [4]
    experiment.batch = 4
    var session = TrainingSession(
      experiment, dataset: DatasetCatalog.eightGaussians, solver: LaneSettings(.midpoint),
      instructionSet: .baseline)
    for id in 1...40 {
      session.handle(
        .distance(
          DistanceRequest(id: id, of: .lane(id % 4), points: Batch(dimension: 2, count: 4))))
      let answered = session.report(stepsPerSecond: 0).distances
      #expect((max(1, id - 3)...id).allSatisfy { answered[$0] != nil })
      #expect(answered.count <= 16)
    }
  }

  @Test("A run that left the numbers shows its last good weights, and goes on with another rate")
  func salvage() {
    var experiment = Experiment()
    experiment.widths = [8]
    experiment.batch = 16
    var session = TrainingSession(
      experiment, dataset: DatasetCatalog.eightGaussians, solver: LaneSettings(.midpoint),
      instructionSet: .baseline)
    for _ in 0..<100 { session.step() }
    let good = session.report(stepsPerSecond: 0).weights
    experiment.learningRate = 1e39
    session.handle(.adjust(experiment, mark: ""))
    while session.isRunning { session.step() }
    let failed = session.report(stepsPerSecond: 0)
    guard case .failed = failed.status else {
      Issue.record("it did not fail")
      return
    }
    #expect(failed.step == 100)
    #expect(failed.weights == good)
    experiment.learningRate = 1e-3
    session.handle(.adjust(experiment, mark: "rate"))
    #expect(session.isRunning)
    for _ in 0..<50 { session.step() }
    let report = session.report(stepsPerSecond: 0)
    #expect(report.step == 150)
    #expect(report.status == .training)
    #expect(report.snapshots.map(\.step) == report.snapshots.map(\.step).sorted())
    #expect(report.measurements.map(\.step) == Set(report.measurements.map(\.step)).sorted())
  }
}
