import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("What the screen says of training that left the numbers")
struct FailureWordsTests {
  @Test(
    "It says what happened at which step, which weights are on show, and both ways to go on",
    arguments: [(160, 48), (120, 36), (80, 24)])
  func words(columns: Int, rows: Int) throws {
    var replay = try smallReplay(columns: columns, rows: rows, learningRate: 1e30)
    try replay.run("train 400\nwait 1")
    let caption = try #require(replay.state.dialogue.caption)
    #expect(replay.state.training.report.step == 0)
    #expect(
      caption.text.contains("not a finite number at step 2. On show are the weights it began"))
    #expect(caption.text.contains("R restarts training"))
    let rect = try #require(replay.state.layout.caption)
    var pages = replay.text
    for _ in 1..<max(1, CaptionPane.pages(caption, in: rect).count) {
      try replay.run("Enter")
      pages += replay.text
    }
    for line in caption.lines(width: rect.width - 4) { #expect(pages.contains(line)) }
    #expect(pages.contains("training stopped"))
    try replay.run("Esc")
    #expect(replay.state.dialogue.caption == nil && replay.text.contains("! stopped"))
  }

  @Test("It goes when a smaller learning rate or a restart goes on, and comes again with a failure")
  func goesOn() throws {
    var experiment = Experiment()
    experiment.widths = [16, 16]
    experiment.batch = 64
    var session = TrainingSession(
      experiment, dataset: DatasetCatalog.eightGaussians,
      solver: LaneSettings(.midpoint, steps: 20), instructionSet: .baseline)
    for _ in 0..<300 { session.step() }
    var state = slowState()
    func tell() { _ = state.update(.training(session.report(stepsPerSecond: 0))) }
    func fail() {
      experiment.learningRate = 1e30
      session.handle(.adjust(experiment, mark: ""))
      for _ in 0..<10 where session.run.trainer.failure == nil { session.step() }
      tell()
    }
    fail()
    #expect(try #require(state.dialogue.caption).text.contains("last good weights, of step 300"))
    experiment.learningRate = 1e-3
    session.handle(.adjust(experiment, mark: ""))
    tell()
    #expect(state.dialogue.caption == nil && state.training.report.status == .training)
    fail()
    #expect(state.dialogue.caption != nil)
    _ = state.restartTraining(Question(state.experiment, "anew"))
    #expect(state.dialogue.caption == nil)
  }
}
