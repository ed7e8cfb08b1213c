import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The figures of lanes")
struct LaneFigureTests {
  private func answer(_ state: inout AppState, _ requests: [DistanceRequest], _ value: Double) {
    var report = state.report
    for request in requests { report.distances[request.id] = value }
    _ = state.update(.training(report))
  }

  @Test("A W₂ is asked for once, and is gone with the solve that it belongs to")
  func distances() {
    var state = slowState(budget: 1 << 24)
    state.press("|")
    let asked = state.tick(3).distanceRequests
    #expect(asked.map(\.who) == [.lane(0), .lane(1), .reference])
    answer(&state, asked, 0.5)
    #expect(state.lanes.map(\.distance?.w2) == [0.5, 0.5])
    #expect(state.exactDistance?.w2 == 0.5)
    #expect(state.tick(3).distanceRequests.count == 0)
    state.press("s")
    #expect(state.lanes.map(\.distance?.w2) == [nil, 0.5])
    #expect(state.tick(3).distanceRequests.count == 1)
    state.press("d", "y")
    #expect(state.lanes.map(\.distance) == [nil, nil] && state.exactDistance == nil)
  }

  @Test("An answer for a solve that was replaced is not taken for the new one's")
  func lateAnswer() {
    var state = slowState(budget: 1 << 24)
    state.press("|")
    let asked = state.tick(3).distanceRequests
    state.press("s")
    state.tick(3)
    answer(&state, asked, 0.5)
    #expect(state.lanes.map(\.distance?.w2) == [nil, 0.5])
  }

  @Test("However often the noise changes every lane gets its W₂ and then all is still")
  func manyDistances() throws {
    var replay = try smallReplay(columns: 160, rows: 48, particles: 1024, steps: 50)
    try replay.run("train 60\n|\n|\nwait 1\n" + String(repeating: "r\nwait 0.2\n", count: 7))
    try replay.run(String(repeating: "s\nwait 0.2\n", count: 20) + "wait 8")
    #expect(replay.state.lanes.allSatisfy { $0.distance != nil })
    #expect(replay.state.nextDeadline == nil)
  }

  @Test(
    "A lane's W₂ is the same however many particles a screen shows, and the exact solve has one")
  func samplesOfDistances() throws {
    func distances(_ columns: Int, _ rows: Int, _ particles: Int) throws -> [Double] {
      var replay = try smallReplay(columns: columns, rows: rows, particles: particles, steps: 60)
      try replay.run("train 60\n|\n|\nEnd\nwait 1")
      #expect(replay.state.particleCount == particles)
      return try (replay.state.lanes.map(\.distance) + [replay.state.exactDistance]).map {
        try #require($0).w2
      }
    }
    let few = try distances(80, 24, 300)
    let many = try distances(160, 48, 2048)
    #expect(few == many && few.count == 5)
    #expect(Set(few).count == 5)
  }

  @Test("A lane that solves as the chart's samples are solved has the chart's W₂")
  func laneAndChart() throws {
    var replay = try smallReplay(columns: 160, rows: 48, steps: 60)
    try replay.run("train 60\n|\nEnd\nTab\nwait 1")
    let measured = try #require(replay.state.report.measurements.last?.w2)
    #expect(replay.state.lanes[1].settings.short == "midpoint 4")
    #expect(replay.state.lanes[1].distance?.w2 != measured)
    var state = replay.state
    _ = state.changeLane { $0.steps = 20 }
    let asked = state.tick(30).distanceRequests
    let points = try #require(asked.first { $0.who == .lane(1) }).points
    let run = TrainingRun(
      state.experiment, dataset: state.dataset, instructionSet: .baseline)
    // Trajectories keep their knots as Float32.
    #expect(abs(run.distance(of: points) - measured) < 1e-7)
  }

  @Test("Matched by evaluations a lane goes on beyond t where its steps are cheap")
  func matchedBeyond() {
    var state = slowState(budget: 1 << 24)
    state.press("|", "|", "Home")
    state.settle()
    state.tick(2)
    state.press("M", "S-Tab", "r", "1")
    state.tick(3)
    let limit = state.ensemble.lanes[3].evaluations(at: state.clock.t)
    #expect(state.clock.t == 0.1 && limit >= 8)
    // Euler's eight steps cost eight evaluations: it is at the end.
    #expect(state.lanes[0].t == 1 && state.lanes[0].error?.place.t == 1)
  }

  @Test("An error is shown for the time that is shown, or not at all")
  func errorBelongsToItsTime() {
    var state = slowState(budget: 3000)
    state.press("|")
    state.settle()
    state.tick()
    #expect(state.focusedLane.error != nil)
    state.press("r", "Home")
    for _ in 0..<2000 where !(state.clock.t == 0 && state.ensemble.knows(0)) { state.tick() }
    state.press("End")
    for _ in 0..<2000 where state.clock.t < 1 { state.tick(seconds: 0) }
    #expect(state.ensemble.reference?.knows(1) == false)
    #expect(state.focusedLane.error == nil)
  }

  @Test("Lanes with particles that left the numbers are drawn, and the state stays still")
  func notFinite() throws {
    var state = slowState(budget: 1 << 24)
    var report = state.report
    report.step = 5
    report.status = .finished
    // So large that Float32 overflows inside the network.
    for i in report.weights.values.indices { report.weights.values[i] = i % 2 == 0 ? 3e38 : -3e38 }
    _ = state.update(.training(report))
    state.tick(60)
    state.press("|", "|")
    state.tick(60)
    #expect(state.shownWeightsStep == 5)
    #expect(state.drawn().text().contains("failed at t 0"))
    #expect(state.lanes.allSatisfy { $0.distance == nil })
    state.tick(200)
    let revision = state.revision
    state.tick(5)
    #expect(state.revision == revision && state.nextDeadline == nil)
    #expect(state.summary.lanes.allSatisfy { $0.endpointError?.isFinite ?? true })
  }

  @Test("The trainer's W₂ judges the solver that the viewer was started with")
  func measuredSolver() throws {
    func distance(_ settings: LaneSettings) throws -> Double? {
      var experiment = Experiment()
      experiment.widths = [16, 16]
      experiment.batch = 64
      experiment.steps = 40
      var options = AppState.Options()
      options.solver = settings
      options.particles = 256
      var replay = Replay(
        experiment: experiment, dataset: DatasetCatalog.eightGaussians,
        size: Size(columns: 80, rows: 24), options: options, theme: Theme())
      try replay.run("train 40\nwait 0.5")
      return replay.state.report.measurements.last?.w2
    }
    let coarse = try distance(LaneSettings(.euler, steps: 1))
    let fine = try distance(LaneSettings(.midpoint, steps: 20))
    #expect(coarse != nil && coarse != fine)
  }
}
