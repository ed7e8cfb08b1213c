import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// One step of training, slowly: its five stages by keys, with undo.
struct StepLessonTests {
  private func lesson() throws -> Replay {
    var replay = try smallReplay(columns: 120, rows: 36)
    try replay.run("train 400\nEnd\nwait 0.5")
    while replay.session.state.look.scenery.view != .step { try replay.run("v") }
    try replay.run("wait 0.1")
    return replay
  }

  @Test func aPointGoesOnAndACommaGoesBackToTheSameWeights() throws {
    var replay = try lesson()
    let trained = replay.session.state.training.report.weights
    #expect(replay.text.contains("paired as training pairs them"))
    for words in [
      "One point of each way", "wanted: the velocity of the pair", "is the loss", "after one step",
    ] {
      try replay.run(".")
      #expect(replay.text.contains(words))
    }
    let first = try #require(replay.session.state.probes.lesson)
    #expect(first.shown.lossAfter < first.shown.lossBefore)
    // The step is taken, and undone.
    try replay.run(".")
    let second = try #require(replay.session.state.probes.lesson)
    #expect(second.steps.count == 2 && second.stage == .pairs)
    #expect(second.steps[0].weights != second.start)
    try replay.run(",")
    let undone = try #require(replay.session.state.probes.lesson)
    #expect(undone.steps.count == 1 && undone.stage == .changed)
    #expect(undone.shown.weights == first.shown.weights)
    for _ in 0..<6 { try replay.run(",") }
    #expect(replay.session.state.probes.lesson?.stage == .pairs)
    #expect(replay.session.state.training.report.weights == trained)
  }

  @Test func elsewhereThePointStepsTheSolver() throws {
    var replay = try lesson()
    try replay.run("V\nHome\nwait 0.3\n.\nwait 0.3")
    #expect(replay.session.state.playback.clock.t > 0)
    #expect(replay.session.state.probes.lesson?.stage == .pairs)
  }

  @Test func anotherRunBeginsAnew() throws {
    var replay = try lesson()
    try replay.run(".\n.\nR\ny\nwait 0.2")
    #expect(replay.session.state.probes.lesson?.stage == .pairs)
    #expect(replay.session.state.probes.lesson?.generation == 1)
  }
}
