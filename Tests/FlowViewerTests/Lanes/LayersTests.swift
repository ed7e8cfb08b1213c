import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("A flow of couplings in the viewer")
struct LayersTests {
  private static func replay(
    _ preset: String? = nil, columns: Int = 160, rows: Int = 48, particles: Int = 256
  ) throws -> Replay {
    var experiment = Experiment()
    experiment.dataset = "moons"
    experiment.model = .affineLayers(4)
    experiment.objective = .likelihood
    experiment.widths = [16, 16]
    experiment.batch = 64
    experiment.steps = 120
    experiment.learningRate = 3e-3
    var options = AppState.Options()
    options.particles = particles
    options.preset = try preset.map { name in try Preset.named(name) }
    if preset == "two-trainings" {
      experiment.model = .velocity
      experiment.likelihood.besideMatching = true
      experiment.likelihood.steps = 4
      experiment.steps = 40
    }
    return Replay(
      experiment: experiment, dataset: DatasetCatalog.moons,
      size: Size(columns: columns, rows: rows), options: options,
      theme: Theme(depth: .direct, background: .dark))
  }

  @Test("Time is the layer, and scrubbing stops where one ends")
  func layers() throws {
    var replay = try Self.replay()
    try replay.run("train 120\nHome")
    #expect(replay.state.experiment.traits.layers == 4 && replay.state.layer(at: 0) == 1)
    #expect(replay.state.layer(at: 0.25) == 2 && replay.state.layer(at: 1) == 4)
    #expect(replay.state.filmTimes == [0, 0.25, 0.5, 0.75, 1])
    try replay.run("S-Right\nS-Right\nS-Right")
    #expect(replay.state.playback.clock.wanted == 0.25)
    try replay.run("S-Right\nwait 0.1")
    #expect(replay.text.contains("layer 2/4") && abs(replay.state.playback.clock.t - 0.35) < 1e-9)
    try replay.run("S-Left\nS-Left")
    #expect(abs(replay.state.playback.clock.wanted - 0.15) < 1e-6)
    #expect(replay.text.contains("RealNVP 4 × MLP 2×16 SiLU"))
  }

  @Test("Particles, their density and the grid are the layers in closed form")
  func closedForm() throws {
    var replay = try Self.replay()
    try replay.run("train 120\nEnd\nwait 1\n6\nwait 1")
    let state = replay.state
    let t = state.focusedLane.t
    var flow = AffineLayersField(
      RealNVPWeights(state.shownNetwork.weights), instructionSet: .baseline)
    var (x, logDeterminant) = (
      state.particles.noise, [Double](repeating: 0, count: state.particles.noise.count)
    )
    flow.carry(&x, from: 0, to: t, logDeterminant: &logDeterminant)
    for k in x.values.indices {
      // A cubic between knots, four of which are in a layer.
      #expect(abs(x.values[k] - state.focusedLane.positions.values[k]) < 1e-2)
    }
    var density = BackwardDensity(
      state.shownNetwork, source: state.scene.source, points: x, from: t, tolerance: 0.1)
    var budget = Int.max
    density.advance(budget: &budget)
    for (a, b) in zip(density.values, flow.logDensity(x, at: t)) { #expect(abs(a - b) < 1e-9) }
    var knot = replay
    try knot.run("5\nwait 0.5")
    var (half, ignored) = (state.particles.noise, logDeterminant)
    flow.carry(&half, from: 0, to: 0.5, logDeterminant: &ignored)
    for k in half.values.indices {
      #expect(abs(half.values[k] - knot.state.focusedLane.positions.values[k]) < 1e-5)
    }
    try replay.run("v\nv\nv\nwait 0.2")
    let warped = try #require(replay.state.warped)
    var (grid, stretch) = (
      WarpGrid.points, [Double](repeating: 0, count: WarpGrid.points.count)
    )
    flow.carry(&grid, from: 0, to: t, logDeterminant: &stretch)
    for j in 0..<grid.count {
      #expect(abs(grid[0, j] - warped.points[0, j]) < 1e-2)
      #expect(abs(stretch[j] - warped.logDeterminants[j]) < 1e-2)
    }
  }

  @Test("A grid that newer weights overtake while it is solved is solved again")
  func overtaken() throws {
    var replay = try Self.replay()
    try replay.run("train 120\nEnd\nwait 1\nv\nv\nv\nwait 0.2")
    var state = replay.state
    let stale = Solve(
      state.followedFlow, carrying: .density, weightsStep: -1,
      settings: state.focusedLane.settings,
      noise: DensityFlow.state(WarpGrid.points, logDensity: [Double](repeating: 0, count: 1898)),
      memoryLimit: 1 << 20)
    state.probes.update(.warp(nil))
    state.probes.update(.warp(stale))
    #expect(state.isWarping)
    for _ in 0..<4 { _ = state.update(.tick(0.03)) }
    #expect(!state.isWarping && state.probes.warp?.weightsStep == state.shownWeightsStep)
  }

  @Test("The density of the viewer is that of the flow to 1e-3, and its field's as well")
  func density() throws {
    var replay = try Self.replay()
    try replay.run("train 120\nEnd\nwait 1")
    let network = replay.state.shownNetwork
    let points = replay.state.scene.sample.prefix(40)
    var flow = AffineLayersField(RealNVPWeights(network.weights), instructionSet: .baseline)
    let exact = flow.logDensity(points, at: 1)
    var likelihood = LogLikelihood(
      network, of: points, source: StandardNormal(dimension: 2), .rk4,
      control: .fixed(steps: 64), probes: nil)
    likelihood.finish()
    for (a, b) in zip(try #require(likelihood.values), exact) { #expect(abs(a - b) < 1e-3) }
  }

  @Test("Solvers, their steps and schedules are refused in one sentence, two lanes show two views")
  func refusals() throws {
    var replay = try Self.replay()
    try replay.run("s")
    #expect(replay.text.contains("closed form"))
    try replay.run("c")
    #expect(replay.state.focusedLane.settings.scheduler == nil)
    try replay.run("|")
    #expect(replay.state.lanes.all.count == 2 && replay.state.comparesTrainings)
    try replay.run("|")
    #expect(replay.state.lanes.all.count == 1)
    let state = replay.state
    #expect(!state.parameters.contains(.solver) && !state.parameters.contains(.scheduler))
    #expect(throws: ParameterMistake.self) { try state.change(.steps, to: "7") }
    #expect(!state.isParked || !replay.text.contains("s solver"))
  }

  @Test("Another model begins training anew, with the objective and the solver that suit it")
  func changed() throws {
    var replay = try smallReplay()
    var state = replay.state
    guard case .experiment(let next) = try state.change(.model, to: "realnvp:4") else {
      Issue.record("no experiment")
      return
    }
    #expect(next.model == .affineLayers(4) && next.objective == .likelihood)
    try replay.run("|\n|")
    state = replay.state
    _ = state.restartTraining(Question(next, "model → RealNVP"))
    #expect(state.lanes.all.count == 2 && state.lanes.soloSettings == LaneSettings(.rk4, steps: 16))
    guard case .experiment(let back) = try state.change(.objective, to: "flow-matching") else {
      Issue.record("no experiment")
      return
    }
    #expect(back.model == .velocity)
    _ = state.restartTraining(Question(back, "objective → flow matching"))
    #expect(
      state.lanes.soloSettings == LaneSettings(.midpoint, steps: 20) && state.lanes.all.count == 2)
    #expect(throws: ParameterMistake.self) { try state.change(.model, to: "realnvp:65") }
  }

  @Test("Both trainings are on the screen: step, speed and NLL, also on a small one")
  func trainings() throws {
    for (columns, rows) in [(160, 48), (80, 24)] {
      var replay = try Self.replay("two-trainings", columns: columns, rows: rows)
      try replay.run("train 40\nEnd\nwait 1")
      let state = replay.state
      #expect(state.comparesTrainings && state.isMatching(0) && !state.isMatching(1))
      #expect(state.training.report.rival?.step == 40 * 64 / 3)
      #expect(state.lanes.all[0].positions != state.lanes.all[1].positions)
      var field: any VelocityField = try #require(state.lanes.ensemble.rival)
      let end = Integrator.solve(
        &field, .midpoint, control: .fixed(steps: 20), from: state.particles.noise)
      #expect(abs(end.x[0, 5] - state.lanes.all[0].positions[0, 5]) < 1e-5)
      let nll = try #require(state.likelihood(ofMatching: true))
      #expect(replay.text.contains(NumberFormat.fixed(nll.value, 3)))
      #expect(replay.text.contains("flow matching") && replay.text.contains("likelihood"))
      try replay.run("M")
      #expect(replay.state.lanes.matching == .evaluations && replay.state.leadingLane == nil)
      if columns == 160 { #expect(replay.text.contains("network evaluations a point")) }
      try replay.run("Tab\nv\nwait 0.2\nPageUp\nwait 1\n|\nwait 0.2\n|\nwait 0.2")
      #expect(replay.state.lanes.all.count == 1)
    }
  }

  @Test(
    "Hundreds of keys leave layers and two trainings whole",
    arguments: ["affine-layers", "two-trainings"])
  func keys(preset: String) throws {
    var random = Random(seed: 5).stream(preset)
    var replay = try presetReplay(preset, Size(columns: 120, rows: 36), particles: 256)
    let keys = KeyBindings.all.flatMap { $0.keys.map(\.key) } + [.enter, .down, .right, .left]
    for index in 0..<400 {
      let key = keys[random.integer(below: keys.count)]
      // Training anew and many particles take long, and quitting ends it.
      if [.character("P"), .character("R"), .character("q"), .enter].contains(key) { continue }
      replay.perform(.key(key)) { _, _ in }
      if index % 4 == 0 { replay.perform(.wait(0.05)) { _, _ in } }
      #expect(replay.state.lanes.all.indices.contains(replay.state.lanes.focused))
    }
    #expect(replay.state.lanes.all.allSatisfy { $0.positions.isFinite })
  }

  @Test("A replay takes a dear step for many of the usual ones")
  func price() throws {
    var couplings = try Self.replay()
    try couplings.run("wait 0.5")
    #expect(couplings.state.training.report.step == 60)
    var likelihood = try Self.replay("two-trainings")
    try likelihood.run("wait 0.5")
    #expect(likelihood.state.training.report.step == 6)
  }

  @Test("Every size draws couplings and two trainings, whatever the view", arguments: [0, 1])
  func sizes(index: Int) throws {
    var replay = try Self.replay(index == 0 ? nil : "two-trainings")
    try replay.run("train 40\nEnd\nwait 0.3")
    for size in PaneScenes.sizes + [Size(columns: 0, rows: 0), Size(columns: 500, rows: 200)] {
      try replay.run("resize \(max(1, size.columns))x\(max(1, size.rows))\nv\nwait 0.05")
      #expect(replay.session.screen.size.rows == max(1, size.rows))
    }
  }
}
