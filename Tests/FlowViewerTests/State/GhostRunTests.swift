import FlowMatching
import Testing

@testable import FlowViewer

@Suite("Runs behind the one on show")
struct GhostRunTests {
  private func restarted() throws -> Replay {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 4000)
    try replay.run("train 300\nwait 0.5\nR\ny\nwait 0.2")
    return replay
  }

  @Test("After a restart the curves of the run before are there, and its floor is not this one's")
  func restart() throws {
    let replay = try restarted()
    let former = try #require(replay.state.training.former)
    let losses = former.losses(beside: replay.state.experiment)
    #expect(losses.first?.points.last?.x ?? 0 >= 290)
    #expect(former.excesses(beside: replay.state.experiment).first?.points.isEmpty == false)
    #expect(former.distances(beside: replay.state.experiment, .w2).first?.points.isEmpty == false)
    #expect(replay.state.training.report.step < 300)
    #expect(replay.text.contains("run before"))
  }

  @Test("Only what is of the same thing is compared: losses of another coupling are not, W₂ is")
  func comparable() throws {
    let former = try #require(try restarted().state.training.former)
    var other = Experiment()
    other.widths = [99]
    other.learningRate = 0.1
    #expect(!former.losses(beside: other).isEmpty)
    other.coupling = .optimalTransport
    #expect(former.losses(beside: other).isEmpty && former.excesses(beside: other).isEmpty)
    #expect(!former.distances(beside: other, .w2).isEmpty)
    other.dataset = "moons"
    #expect(former.distances(beside: other, .w2).isEmpty)
  }

  @Test("A run that had hardly begun leaves the one before it")
  func brief() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 4000)
    try replay.run("train 300\nwait 0.5\nR\ny\nR\ny\nwait 0.1")
    let former = try #require(replay.state.training.former)
    #expect(former.losses(beside: replay.state.experiment).first?.points.last?.x ?? 0 >= 290)
  }

  @Test("An opened run shows the course that its file keeps, then its own")
  func course() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 4000)
    try replay.run("train 300\nwait 0.5")
    let report = replay.state.training.report
    let course = TrainingCourse(report.history, report.measurements, upTo: 200)
    #expect(course.history.points.last?.step ?? 0 <= 200)
    var session = TrainingSession(
      replay.state.experiment, dataset: replay.state.dataset, solver: LaneSettings(.midpoint),
      instructionSet: .baseline)
    session.open(
      ReceivedRun(
        experiment: replay.state.experiment, dataset: replay.state.dataset,
        weights: report.weights, step: 200, course: course))
    let opened = session.report(stepsPerSecond: 0)
    #expect(opened.history.points == course.history.points)
    #expect(opened.averageLoss == course.history.points.last?.average)
    #expect(opened.measurements.dropLast().map(\.step) == course.measurements.map(\.step))
    #expect(opened.measurements.last?.step == 200)
    session.handle(.trainTo(300))
    for _ in 0..<50 { session.step() }
    // The history is thinned: its last point lies a little before the last step.
    #expect(session.report(stepsPerSecond: 0).history.points.last?.step ?? 0 > 245)
  }

  @Test("Another run's curves stay behind through a restart; a file of losses alone is believed")
  func overlay() throws {
    var course = TrainingCourse(LossHistory(), [])
    #expect(GhostRun(course, of: nil, named: "empty") == nil)
    for step in [100, 200, 300] {
      course.history.record(step: step, raw: 2, average: 2)
      course.measurements.append(.init(step: step, excess: 0.5, excessError: nil, w2: 0.7))
    }
    let ghost = try #require(GhostRun(course, of: nil, named: "theirs"))
    var options = AppState.Options()
    options.overlay = ghost
    var told = try smallReplay(columns: 120, rows: 36, steps: 4000, options: options)
    try told.run("train 300\nwait 0.5\nR\ny\nwait 0.2")
    #expect(told.state.training.ghosts.map(\.name) == ["theirs", "run before"])
    #expect(told.text.contains("theirs") && told.text.contains("run before"))
    #expect(ghost.complaint(beside: Experiment()) == nil)
    var other = Experiment()
    other.dataset = "moons"
    let moons = try #require(GhostRun(course, of: other, named: "moons"))
    #expect(moons.complaint(beside: Experiment())?.contains("moons, not 8gaussians") == true)
    other.dataset = "8gaussians"
    other.coupling = .optimalTransport
    // Samples of another coupling have a distance to the data all the same.
    let coupled = try #require(GhostRun(course, of: other, named: "ot"))
    #expect(coupled.complaint(beside: Experiment()) == nil)
    #expect(coupled.losses(beside: Experiment()).isEmpty)
  }
}
