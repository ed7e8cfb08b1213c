import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// Keys come when they come: while nothing is solved yet, or something else still is.
@Suite("Keys in any order")
struct AnyOrderTests {
  @Test("Lanes may be matched and focused before any of them has begun")
  func matchBeforeSolve() {
    var state = slowState()
    state.press("|", "|", "M", "Tab", "M", "M", "S-Tab")
    state.tick()
    state.press("r", "Tab", "M")
    state.settle()
    #expect(state.lanes.all.allSatisfy { $0.error != nil })
  }

  @Test("Fewer particles than are still shown do not disturb the colours by start")
  func fewerParticles() {
    var state = slowState(particles: 2048)
    state.settle()
    state.press("o", "p")
    #expect(state.particleCount == 1024 && state.focusedLane.positions.count == 2048)
    _ = state.drawn()
    state.tick()
    _ = state.drawn()
    state.settle()
    #expect(state.focusedLane.positions.count == 1024)
  }

  @Test("The film is complete however few evaluations a frame can pay for")
  func film() {
    for budget in [700, 1500, 5000, 20_000] {
      var state = slowState(budget: budget)
      state.settle()
      state.tick(2, seconds: 0)
      #expect(state.playback.filmFrames.count == 11)
    }
  }

  @Test("A seek cancels a step that still waits for its knot")
  func seekAfterStep() {
    var state = slowState()
    state.settle()
    state.press("r", "5", ".", "Home")
    state.settle()
    state.tick(3, seconds: 0)
    #expect(state.playback.clock.t == 0)
    state.press(".", "0")
    state.settle()
    #expect(state.playback.clock.isPlaying && state.playback.clock.t == 0)
  }

  @Test("After End a pass begins at t = 0, even when a ping-pong was on its way back")
  func endForgetsTheWayBack() throws {
    var replay = try smallReplay()
    try replay.run("l\nl\n0\nwait 4.5\nspace\nEnd\nspace\nwait 0.5")
    #expect(replay.state.playback.clock.t < 0.5)
  }

  @Test("A long wait moves the picture no further than a tenth of a second")
  func longTick() {
    var state = slowState(budget: 1 << 24)
    state.settle()
    state.press("0")
    state.tick(2, seconds: 0)
    state.tick(seconds: 3)
    #expect(state.playback.clock.t <= 0.1 / 4 + 1e-9)
    #expect(state.dialogue.flash == nil && state.now >= 3)
  }

  @Test("A parked picture asks for frames until it follows the last weights")
  func lastWeights() {
    var state = slowState(budget: 1 << 24)
    state.settle()
    var report = state.training.report
    report.step = 100
    _ = state.update(.training(report))
    state.pace.evaluationsPerSecond = 1e5
    for _ in 0..<100 where state.shownWeightsStep != 100 { state.tick() }
    #expect(state.shownWeightsStep == 100)
    report.step = 101
    report.status = .finished
    _ = state.update(.training(report))
    // Without a key the opening would be played again and again.
    state.playback.repeatsOpening = false
    // As the live loop does: no tick before the time that the state names.
    var ticks = 0
    while let deadline = state.nextDeadline, ticks < 200 {
      state.tick(seconds: max(deadline, 1 / 30.0))
      ticks += 1
    }
    #expect(state.shownWeightsStep == 101 && ticks < 200)
  }

  @Test("The frame at t = 0.5 is the same from wherever it is reached, with adaptive steps too")
  func adaptiveHalf() throws {
    func frame(_ way: String) throws -> [SeenCell] {
      var replay = try smallReplay(columns: 160, rows: 48)
      try replay.run("train 200\nT\nwait 3\nspace\nwait 6\n|\n|\nHome\nr\nwait 1")
      try replay.run(way + "\nwait 4")
      #expect(replay.state.playback.clock.t == 0.5)
      return replay.picture
    }
    let direct = try frame("Tab\nTab\nTab\n5")
    #expect(try frame("End\nwait 1\nTab\nTab\nTab\n5") == direct)
    let matched = try frame("M\nTab\nTab\nTab\n5")
    #expect(try frame("M\nEnd\nwait 1\nTab\nTab\nTab\n5") == matched)
  }
}
