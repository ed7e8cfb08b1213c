import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Figures say which weights they are of")
struct ShownFiguresTests {
  @Test("Older weights are named by a badge, every figure is that step's, and Esc returns")
  func travel() throws {
    var replay = try smallReplay(columns: 160, rows: 48, steps: 300, learningRate: 1e-2)
    try replay.run("train 300\nEnd\nwait 2")
    let newest = try #require(replay.state.distanceFigure)
    #expect(newest.step == 300 && replay.text.contains("step 300  "))
    try replay.run(String(repeating: "PageUp\n", count: 12) + "wait 2")
    let step = try #require(replay.state.training.travel)
    #expect(step < 200 && replay.state.shownWeightsStep == step)
    #expect(replay.text.contains("weights of step \(step), Esc: newest"))
    let measured = try #require(
      replay.state.training.report.measurements.first { $0.step == step && $0.excess != nil })
    #expect(replay.state.excessFigure == SteppedFigure(step: step, value: measured.excess!))
    #expect(replay.state.distanceFigure?.step == step)
    #expect(replay.state.lossFigure.map { $0.step <= step } == true)
    // The lane's own sample gives what the run measured for these weights.
    if let w2 = measured.w2 {
      #expect(abs(try #require(replay.state.focusedLane.distance).w2 - w2) < 1e-6)
    }
    try replay.run("Esc\nwait 1")
    #expect(replay.state.training.travel == nil && replay.state.shownWeightsStep == 300)
    #expect(!replay.text.contains("Esc: newest") && replay.state.distanceFigure == newest)
  }

  @Test("Each step that can be gone back to from the first measurement on was measured")
  func measuredSnapshots() throws {
    var replay = try smallReplay(steps: 400)
    try replay.run("train 400\nwait 0.5")
    let measured = Set(replay.state.training.report.measurements.map(\.step))
    let kept = replay.state.training.report.snapshots.map(\.step).filter { $0 >= 30 }
    #expect(kept.count > 15 && kept.allSatisfy(measured.contains))
  }

  @Test("Along another velocity the charts say that they are of the learned field")
  func otherField() throws {
    var replay = try smallReplay(columns: 160, rows: 48, steps: 100)
    try replay.run("train 100\nEnd\nwait 1")
    #expect(!replay.text.contains("of the learned field"))
    var state = replay.state
    _ = state.changeLane { $0.velocity = .exact }
    #expect(state.chartedField == "of the learned field")
    state.tick(10)
    #expect(state.drawn().text().contains("of the learned field"))
    _ = state.changeLane {
      $0.velocity = nil
      $0.scheduler = .cosine
    }
    #expect(state.chartedField == nil && state.chartedSolve?.hasPrefix("by ") == true)
  }

  @Test("The header names the colour of the focused lane, whatever was chosen before the split")
  func colour() throws {
    var replay = try smallReplay(columns: 160, rows: 48, particles: 1024, steps: 60)
    try replay.run("train 60\no\n|\nEnd\nwait 1")
    #expect(replay.text.contains("colour: angle at start"))
    try replay.run("o\nwait 0.1")
    #expect(replay.text.contains("colour: error"))
  }

  @Test("A step that has no room in the run's pane goes as a whole: no number is cut to another")
  func room() throws {
    var replay = try smallReplay(columns: 80, rows: 24, steps: 2000)
    try replay.run("train 1234\nwait 0.5")
    let state = replay.state
    let measured = try #require(state.excessFigure?.step)
    try #require(measured > 1000 && measured != state.training.shownReport.step)
    let words = "step " + NumberFormat.grouped(measured)
    var whole = 0
    for width in 8...40 {
      var screen = Screen(size: Size(columns: width, rows: 12))
      RunPane(theme: Theme()).draw(
        state, into: &screen, in: Rect(x: 0, y: 0, width: width, height: 12))
      let row = screen.text().split(separator: "\n").first { $0.contains("excess") }
      guard let row, row.contains("step") else { continue }
      #expect(row.contains(words + " ") || row.contains(words + "│"), "\(width): \(row)")
      whole += 1
    }
    #expect(whole > 3)
  }

  @Test("No number stands at a tick, so that a minus is one")
  func minus() throws {
    var replay = try smallReplay(columns: 120, rows: 36)
    try replay.run("End\nwait 1")
    #expect(replay.text.contains("├ −") && !replay.text.contains("├−"))
  }

  @Test("Following a file that is not there says so; later it says how long nothing was written")
  func following() {
    var state = slowState { $0.follows = "run.safetensors" }
    #expect(state.drawn().text().contains("waiting for run.safetensors"))
    var report = state.training.report
    report.readings = 1
    report.step = 70
    _ = state.update(.training(report))
    state.settle()
    state.tick(10)
    #expect(state.followWords == nil)
    state.tick(12, seconds: 1)
    #expect(state.followWords == "unchanged for 12 s")
    #expect(state.drawn().text().contains("unchanged for 12 s"))
    #expect(try! #require(state.nextDeadline) <= 1)
    state.tick(120, seconds: 1)
    #expect(state.followWords == "unchanged for 2 min")
    report.readings = 2
    _ = state.update(.training(report))
    #expect(state.followWords == nil)
    #expect(AppState.elapsed(7500) == "2 h 5 min")
  }

  @Test("A paste types into a line and does nothing elsewhere")
  func paste() {
    var state = slowState(columns: 100, rows: 30)
    let before = (state.lanes.all.count, state.experiment)
    #expect(state.update(.event(.paste("q|d\nR"))).isEmpty)
    #expect(
      state.lanes.all.count == before.0 && state.experiment == before.1
        && state.dialogue.overlay == nil)
    state.press(":")
    _ = state.update(.event(.paste("data /tmp/a b.csv\nq")))
    #expect(state.dialogue.overlay == .palette(Palette(query: "data /tmp/a b.csv")))
  }

  @Test("Where the terminal is too small to ask, the first q quits")
  func tooSmall() {
    var state = slowState(columns: 30, rows: 8)
    var report = state.training.report
    report.step = 500
    _ = state.update(.training(report))
    #expect(state.wouldLoseTraining)
    let effects = state.press("q")
    #expect(effects.contains { if case .quit = $0 { true } else { false } })
  }

  @Test("The conversions under the schedule on show stand beside the paths, with their values at t")
  func conversions() throws {
    var replay = try smallReplay(columns: 160, rows: 48)
    try replay.run("T\nV\nV\nV\nV\nV\n5\nwait 0.5")
    #expect(replay.state.look.scenery.view == .paths)
    let rows = replay.text.split(separator: "\n").filter { $0.contains("from data") }
    #expect(rows.count == 1)
    // At t = 0.5 the velocity is 2 data − 2 x.
    #expect(replay.text.contains("−2.00   2.00"))
    try replay.run("resize 120x36\nwait 0.2")
    #expect(replay.text.contains("u     = −2.00 x + 2.00 data"))
  }
}
