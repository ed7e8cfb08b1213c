import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Schedules, noise and views of lanes")
struct LaneChoiceTests {
  /// Two lanes of 64 tight steps of a trained network, the first focused and parked.
  private func two(_ script: String = "") throws -> AppState {
    var replay = try smallReplay(
      columns: 160, rows: 48, particles: 1024, steps: 300, learningRate: 1e-2)
    try replay.run("train 300\nT\n|\nEnd\nwait 0.5")
    var state = replay.state
    for _ in 0..<2 {
      _ = state.changeLane { $0 = LaneSettings(.rk4, steps: 64) }
      state.press("Tab")
    }
    state.press("6")
    state.tick(60)
    return state
  }

  @Test("A schedule changed after training passes the scaled places, and ends at the same ones")
  func schedule() throws {
    var state = try two()
    #expect(try #require(state.lanes.all[0].error).rms < 1e-3)
    state.press("c")
    state.tick(60)
    let settings = state.lanes.all[0].settings
    let scheduler = try #require(settings.scheduler)
    #expect(scheduler == Scheduler.all[1] && state.followedScheduler == scheduler)
    // x̄_r = s·x_t: the error against the reference's scaled place is that of the solver alone.
    #expect(try #require(state.lanes.all[0].error).rms < 2e-3)
    #expect(state.lanes.all[0].positions != state.lanes.all[1].positions)
    state.press("End")
    state.tick(60)
    for (a, b) in zip(state.lanes.all[0].positions.values, state.lanes.all[1].positions.values) {
      #expect(abs(a - b) < 0.02)
    }
    // Two lanes of one solver are told apart by their schedules.
    #expect(state.name(ofLane: 0) == scheduler.title && state.name(ofLane: 1) == "RK4")
    // Round the list the lane comes back to what was trained.
    for _ in 1..<Scheduler.all.count { state.press("c") }
    #expect(state.lanes.all[0].settings.scheduler == nil && state.experiment == Experiment.small)
  }

  @Test("A stochastic lane has no error, other particles and the same distribution")
  func stochastic() throws {
    var state = try two()
    _ = state.changeLane {
      $0.method = LaneSolver(EulerMaruyama())
      $0.steps = 256
    }
    state.press("End")
    state.tick(200)
    #expect(state.lanes.all[0].error == nil && state.lanes.all[1].error != nil)
    #expect(state.lanes.ensemble.lanes[0].evaluations(at: 1) == 256)
    let (a, b) = (state.lanes.all[0].positions, state.lanes.all[1].positions)
    #expect(try #require(zip(a.values, b.values).map { abs($0 - $1) }.max()) > 1)
    // Means of 1 024 particles of variance about 2: five standard errors are 0.3.
    for row in 0..<2 {
      func mean(_ x: Batch) -> Double {
        (0..<x.count).reduce(0) { $0 + x[row, $1] } / Double(x.count)
      }
      #expect(abs(mean(a) - mean(b)) < 0.3)
    }
    let before = state.lanes.all[0].positions
    state.press("z")
    state.tick(200)
    #expect(state.lanes.all[0].settings.noise == .sine(scale: 1))
    #expect(state.lanes.all[0].positions != before)
    #expect(state.drawn().text().contains("noise sine"))
    // Scrubbing back is a look-up, noise or not.
    state.press("6")
    state.tick(5)
    let here = state.lanes.all[0].positions
    state.press("End")
    state.tick(5)
    state.press("6")
    state.tick(5)
    #expect(state.lanes.all[0].positions == here)
  }

  @Test("Where the score does not follow from the velocity no solver adds noise")
  func forbidden() {
    var experiment = Experiment.small
    experiment.coupling = CouplingChoice.all.first { $0 != .independent } ?? .independent
    var state = AppState(
      experiment: experiment, dataset: DatasetCatalog.eightGaussians,
      size: Size(columns: 80, rows: 24))
    for _ in LaneSolver.all {
      state.press("s")
      #expect(state.focusedLane.settings.stochastic == nil)
    }
    var other = slowState()
    var seen: Set<String> = []
    for _ in LaneSolver.all {
      other.press("s")
      seen.insert(other.focusedLane.settings.method.name)
    }
    #expect(seen == Set(LaneSolver.all.map(\.name)))
  }

  @Test("The focused lane shows every view, computed in its own window", arguments: [2, 4])
  func views(lanes: Int) throws {
    var replay = try smallReplay(
      columns: 160, rows: 48, particles: 1024, steps: 300, learningRate: 1e-2)
    try replay.run("train 300\nT\n|\n" + (lanes == 4 ? "|\n" : "") + "6\nwait 2")
    let cloud = replay.text
    // A step of training and the exact world are shown of a single lane.
    for view in PlotView.ofPoints.dropFirst() where ![.step, .world].contains(view) {
      try replay.run("v\nwait 3")
      let state = replay.state
      #expect(state.look.scenery.view == view)
      let delays = [
        state.errorCurveDelay, state.densityDelay, state.likelihoodDelay, state.hutchinsonDelay,
      ]
      #expect(delays == [nil, nil, nil, nil])
      #expect(replay.text != cloud, "\(view)")
      switch view {
      case .field: #expect(state.probes.shownField?.request.grid.axes == state.plotAxes)
      case .density: #expect(state.probes.shownDensity?.contours != nil)
      case .warp: #expect(state.warped != nil)
      default: break
      }
      for lane in state.lanes.all { #expect(replay.text.contains(lane.settings.title)) }
    }
    try replay.run("v\nTab\nTab\nwait 1")
    #expect(replay.state.look.scenery.view == .particles)
  }

  @Test("Joined lanes show how far apart their particles are, and strokes between them")
  func joined() throws {
    var state = try two()
    _ = state.changeLane { $0 = LaneSettings(.euler, steps: 2) }
    state.press("End")
    state.tick(60)
    let before = state.drawn().text()
    state.press("j")
    let apart = try #require(state.distanceToPartner)
    let error = try #require(state.lanes.all[0].error).rms
    // The partner is as good as exact.
    #expect(abs(apart - error) < 1e-2 * error)
    #expect(state.drawn().text().contains("distance " + NumberFormat.significant(apart)))
    #expect(state.drawn().text() != before)
    state.press("|", "|")
    #expect(state.partner == nil)
  }
}

extension Experiment {
  /// What `smallReplay` trains in these tests.
  fileprivate static var small: Experiment {
    var experiment = Experiment()
    experiment.widths = [16, 16]
    experiment.batch = 64
    experiment.steps = 300
    experiment.learningRate = 1e-2
    return experiment
  }
}

@Suite("The identities on show")
struct TheoryViewTests {
  @Test("Every identity is tried on the exact and on the learned field while it is on show")
  func tried() throws {
    var replay = try smallReplay(columns: 160, rows: 48, steps: 100)
    try replay.run("train 100\nEnd\nwait 1")
    #expect(replay.state.training.report.theory == nil)
    try replay.run("V\nwait 2")
    let study = try #require(replay.state.training.report.theory)
    #expect(study.isOver && study.rows.count == TheoryCheck.all.count && study.step == 100)
    #expect(study.rows.allSatisfy { $0.exact?.passes == true })
    #expect(study.rows.count { $0.learned != nil } > 3)
    #expect(replay.text.contains("25 of 25 hold") && replay.text.contains("∂_t p + ∇·(pu) = 0"))
    #expect(replay.state.nextDeadline == nil || replay.state.dialogue.flash != nil)
  }

  @Test("Where the exact field is not known the pane says so and asks no more")
  func unknown() throws {
    var replay = try smallReplay(dataset: "pinwheel", steps: 50)
    try replay.run("train 50\nEnd\nwait 1\nV\nwait 2")
    #expect(replay.text.contains("is not known") && replay.state.theoryDelay == nil)
  }
}
