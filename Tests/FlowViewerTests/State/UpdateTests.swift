import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("What keys do")
struct UpdateTests {
  @Test("Space plays from the start, pauses and goes on")
  func playPause() throws {
    var replay = try smallReplay()
    try replay.run("train 50\nEnd\nspace\nwait 1")
    #expect(replay.state.playback.clock.isPlaying)
    #expect(abs(replay.state.playback.clock.t - 0.25) < 0.02)
    try replay.run("space")
    let t = replay.state.playback.clock.t
    try replay.run("wait 1")
    #expect(replay.state.playback.clock.t == t)
    try replay.run("space\nwait 5")
    #expect(replay.state.playback.clock.t == 1 && !replay.state.playback.clock.isPlaying)
  }

  @Test("Full stop and comma go from knot to knot and pause")
  func steps() throws {
    var replay = try smallReplay()
    try replay.run("T\nHome\nspace\nwait 0.3\n.")
    #expect(!replay.state.playback.clock.isPlaying)
    let t = replay.state.playback.clock.t
    #expect(abs(t * 20 - (t * 20).rounded()) < 1e-9 && t > 0)
    try replay.run(".\n.\n,")
    #expect(abs(replay.state.playback.clock.t - (t + 0.05)) < 1e-9)
    try replay.run("Home\n,")
    #expect(replay.state.playback.clock.t == 0)
    try replay.run("End\n.")
    #expect(replay.state.playback.clock.t == 1)
  }

  @Test("Arrows, digits, Home and End scrub within 0…1")
  func scrub() throws {
    var replay = try smallReplay()
    try replay.run("T\nHome\nLeft")
    #expect(replay.state.playback.clock.t == 0)
    try replay.run("Right\nRight\nS-Right")
    #expect(abs(replay.state.playback.clock.t - 0.14) < 1e-9)
    try replay.run("7")
    #expect(replay.state.playback.clock.t == 0.7)
    try replay.run("End\nRight")
    #expect(replay.state.playback.clock.t == 1)
  }

  @Test("New noise changes the particles, the same noise does not")
  func noise() throws {
    var replay = try smallReplay()
    try replay.run("T\nHome\nwait 1")
    let first = replay.state.focusedLane.positions
    try replay.run("r\nwait 1")
    #expect(replay.state.focusedLane.positions != first)
    var again = try smallReplay()
    try again.run("T\n0\nwait 0.1\nHome\nwait 1")
    #expect(again.state.focusedLane.positions == first)
  }

  @Test("Loop begins again, ping-pong comes back")
  func modes() throws {
    var replay = try smallReplay()
    try replay.run("l\n0\nwait 4.5")
    #expect(replay.state.playback.clock.mode == .loop && replay.state.playback.clock.isPlaying)
    #expect(replay.state.playback.clock.t < 0.3)
    try replay.run("l\nwait 4.5")
    #expect(replay.state.playback.clock.mode == .pingPong)
    let t = replay.state.playback.clock.t
    try replay.run("wait 0.3")
    #expect(replay.state.playback.clock.t < t)
  }

  @Test("Speed keys multiply, Backspace resets, and both stay in range")
  func speed() throws {
    var replay = try smallReplay()
    try replay.run("}\n}")
    #expect(replay.state.playback.clock.speed == 4)
    try replay.run(String(repeating: "}\n", count: 9))
    #expect(replay.state.playback.clock.speed == 16)
    try replay.run("Backspace\n[")
    #expect(abs(replay.state.playback.clock.speed - 1 / 1.1) < 1e-12)
  }

  @Test("Steps double and halve between 1 and 256, particles between 2⁸ and 2²⁰")
  func ranges() throws {
    var replay = try smallReplay()
    try replay.run(String(repeating: "N\n", count: 12))
    #expect(replay.state.focusedLane.settings.steps == 256)
    try replay.run(String(repeating: "n\n", count: 12))
    #expect(replay.state.focusedLane.settings.steps == 1)
    try replay.run("p\np")
    #expect(replay.state.particleCount == 256)
    try replay.run("P")
    #expect(replay.state.particleCount == 512)
  }

  @Test("Every solver of the catalogue can be reached and arrives at t = 1")
  func solvers() throws {
    var replay = try smallReplay()
    var seen: Set<String> = []
    for _ in LaneSolver.all {
      try replay.run("s\nwait 0.5")
      seen.insert(replay.state.focusedLane.settings.method.name)
      #expect(replay.state.lanes.ensemble.lanes[0].isOver)
    }
    #expect(seen == Set(LaneSolver.all.map(\.name)))
  }

  @Test("Lanes split 1 → 2 → 4 → 1 with the same noise; solver keys act on the focused one")
  func lanes() throws {
    var replay = try smallReplay(particles: 1024)
    try replay.run("train 200\nT\n|\nwait 1")
    #expect(replay.state.lanes.all.count == 2)
    try replay.run("Home\nwait 1")
    #expect(replay.state.lanes.all[0].positions == replay.state.lanes.all[1].positions)
    try replay.run("|\nTab\nN\nEnd\nwait 2")
    let settings = replay.state.lanes.all.map(\.settings)
    #expect(settings.map(\.title) == ["Euler", "midpoint", "RK4", "Dormand–Prince"])
    #expect(settings[1].steps == 8 && settings[0].steps == 8 && settings[2].steps == 2)
    let errors = replay.state.lanes.all.compactMap(\.error?.rms)
    #expect(errors.count == 4)
    #expect(errors[3] < errors[1] && errors[1] < errors[0])
    #expect(replay.state.lanes.all.allSatisfy { $0.distance != nil })
    try replay.run("|")
    #expect(replay.state.lanes.all.count == 1)
    #expect(replay.state.focusedLane.settings.title == "midpoint")
  }

  @Test("Matched by evaluations no lane has spent more than the focused one")
  func matching() throws {
    var replay = try smallReplay()
    try replay.run("train 100\nT\n|\n|\nM\n5\nwait 1")
    let state = replay.state
    let limit = state.lanes.ensemble.lanes[0].evaluations(at: state.lanes.all[0].t)
    for (lane, solve) in zip(state.lanes.all, state.lanes.ensemble.lanes).dropFirst() {
      #expect(solve.evaluations(at: lane.t) <= limit)
    }
  }

  @Test("Restart asks, Esc keeps the weights, y begins at step 0")
  func restart() throws {
    var replay = try smallReplay(steps: 5000)
    try replay.run("train 300\nT\nR")
    #expect(
      replay.state.dialogue.overlay
        == .question(Question(replay.state.experiment, "training → step 0")))
    try replay.run("Esc")
    #expect(replay.state.dialogue.overlay == nil && replay.state.training.report.step == 300)
    try replay.run("R\ny\nwait 0.1")
    #expect(replay.state.training.report.step < 300 && replay.state.training.report.step > 0)
  }

  @Test("d goes through every data set and restarts training")
  func datasets() throws {
    var replay = try smallReplay(steps: 5000)
    try replay.run("train 300")
    var seen: [String] = []
    let shown = DatasetCatalog.all.filter { Experiment(to: $0).viewerComplaint == nil }
    for _ in shown {
      try replay.run("d\ny\nwait 0.1")
      seen.append(replay.state.dataset.name)
      #expect(replay.state.training.report.step < 300)
    }
    #expect(Set(seen) == Set(shown.map(\.name)))
    try replay.run("D\ny")
    #expect(replay.state.dataset.name == seen[seen.count - 2])
  }

  @Test("T pauses training and resumes it")
  func pauseTraining() throws {
    var replay = try smallReplay(steps: 5000)
    try replay.run("wait 0.5\nT\nwait 0.1")
    let step = replay.state.training.report.step
    try replay.run("wait 1")
    #expect(
      replay.state.training.report.step == step && replay.state.training.report.status == .paused)
    try replay.run("T\nwait 0.5")
    #expect(replay.state.training.report.step > step)
  }

  @Test("Keys that come together count each: three full stops are three steps")
  func stepsTogether() {
    var state = slowState(budget: 1 << 20)
    state.settle()
    state.press("Home")
    state.tick()
    state.press(".", ".", ".")
    state.tick(2)
    #expect(abs(state.playback.clock.t - 0.15) < 1e-9)
    state.press(".", ".", ",")
    state.tick(2)
    #expect(abs(state.playback.clock.t - 0.2) < 1e-9)
  }

  @Test("A pass keeps its weights through new noise, other sizes, particles and lanes")
  func keepsWeights() throws {
    var replay = try smallReplay(columns: 120, rows: 36, particles: nil, steps: 5000)
    try replay.run("train 200\nspace\nwait 1")
    let step = replay.state.shownWeightsStep
    for key in ["r", "p", "P", "resize 80x24", "|", "|", "|"] {
      try replay.run(key + "\nwait 0.2")
      #expect(replay.state.shownWeightsStep == step, "after \(key)")
      #expect(replay.state.playback.clock.isPlaying)
    }
    #expect(replay.state.training.report.step > step)
    try replay.run("End\nwait 2")
    #expect(replay.state.shownWeightsStep > step)
  }

  @Test("After the last step T trains on, and measures no more often for it")
  func trainsOn() throws {
    var replay = try smallReplay(steps: 100)
    try replay.run("train 300\nwait 0.3")
    #expect(
      replay.state.training.report.step == 100 && replay.state.training.report.status == .finished)
    let measured = replay.state.training.report.measurements.count
    try replay.run("T\ntrain 300\nwait 0.3")
    #expect(
      replay.state.training.report.step == 200 && replay.state.training.report.status == .finished)
    #expect(replay.state.training.report.measurements.count <= measured + 12)
  }

  @Test("A change is named for 1.2 seconds")
  func flash() throws {
    var replay = try smallReplay()
    try replay.run("l")
    #expect(replay.state.dialogue.flash?.text == "at the end → loop")
    try replay.run("wait 1.3")
    #expect(replay.state.dialogue.flash == nil)
  }

  @Test("q quits, Esc does not")
  func quit() throws {
    var replay = try smallReplay()
    try replay.run("Esc\n?\nEsc")
    #expect(!replay.hasQuit)
    try replay.run("q")
    #expect(replay.hasQuit)
  }

  @Test("When all is trained and parked nothing asks for another frame")
  func idle() throws {
    var replay = try smallReplay(steps: 100)
    try replay.run("End\nwait 6")
    #expect(replay.state.training.report.status == .finished)
    #expect(replay.state.nextDeadline == nil)
    let revision = replay.state.revision
    try replay.run("wait 1")
    #expect(replay.state.revision == revision)
  }
}
