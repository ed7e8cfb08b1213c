import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Spans and marks of the charts")
struct ChartSpanTests {
  @Test("E goes from the whole history to its last fifth and to a picture that stays as it is")
  func spans() throws {
    var replay = try smallReplay(steps: 4000)
    try replay.run("train 1000\nwait 1")
    var axis = TrainingAxis(replay.state)
    #expect(axis.range.lowerBound == 30 && axis.scale == .logarithmic)
    try replay.run("E")
    axis = TrainingAxis(replay.state)
    let step = Double(replay.state.training.shownReport.step)
    #expect(axis.range == 0.8 * step...step && axis.scale == .linear)
    try replay.run("E")
    let held = replay.state.charted.step
    try replay.run("train 500\nwait 1")
    #expect(
      replay.state.charted.step == held && replay.state.training.shownReport.step >= held + 500)
    try replay.run("E")
    #expect(replay.state.charted.step == replay.state.training.shownReport.step)
  }

  @Test("A new learning rate keeps the weights, marks its step, and training goes on with it")
  func adjusts() throws {
    var replay = try smallReplay(columns: 160, rows: 48, steps: 4000)
    try replay.run("train 1000\nwait 1")
    let row = try #require(replay.state.parameters.firstIndex(of: .learningRate))
    let down = [String](repeating: "Down", count: row + 1).joined(separator: "\n")
    try replay.run(down + "\nEnter\n3\ne\n-\n4\nEnter\nEsc")
    #expect(replay.state.dialogue.overlay == nil && replay.state.experiment.learningRate == 3e-4)
    try replay.run("wait 1")
    let mark = try #require(replay.state.training.shownReport.marks.last)
    #expect(mark.text == "η 3e-4" && mark.step >= 1000)
    #expect(replay.state.training.shownReport.step > mark.step)
    #expect(replay.text.contains("η 3e-4"))
    // A restart is a new run, without marks, and charts that were held show it.
    try replay.run("E\nE\nR\ny\nwait 1")
    #expect(replay.state.training.shownReport.marks.isEmpty)
    #expect(replay.state.charts.span == .whole)
    #expect(replay.state.charted.step == replay.state.training.shownReport.step)
  }

  @Test("Fewer training steps than are done end the run, more let it go on")
  func steps() throws {
    var replay = try smallReplay(steps: 400)
    try replay.run("train 300\nwait 1")
    #expect(replay.state.training.report.status == .finished)
    var state = replay.state
    let effects = try state.set(.trainingSteps, to: "5000")
    #expect(
      effects.contains {
        if case .trainer(.adjust(let next, mark: "")) = $0 { next.steps == 5000 } else { false }
      })
  }
}
