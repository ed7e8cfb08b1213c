import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Lanes of flow, diffusion and jumps, and whether they have one p_t")
struct ProcessTests {
  /// A preset's lanes with a small network that does not train.
  private static func replay(_ name: String, columns: Int = 160, rows: Int = 48) throws -> Replay {
    let preset = try Preset.named(name)
    var experiment = preset.experiment
    experiment.widths = [8]
    experiment.steps = 1
    var options = AppState.Options()
    options.preset = preset
    options.particles = 400
    return Replay(
      experiment: experiment, dataset: try DatasetCatalog.named(experiment.dataset),
      size: Size(columns: columns, rows: rows), options: options,
      theme: Theme(depth: .direct, background: .dark))
  }

  @Test(
    "Three processes have one p_t half-way and at the end, and then nothing is computed any more")
  func threeProcesses() throws {
    var replay = try ProcessTests.replay("three-processes")
    try replay.run("train 1\nEsc\nwait 8")
    for step in ["", "5\nwait 3"] {
      try replay.run(step)
      guard case .same(let outcome, let limit) = replay.state.marginalVerdict else {
        Issue.record("\(String(describing: replay.state.marginalVerdict))")
        return
      }
      #expect(outcome.count == 500 && outcome.distance < limit)
      #expect(replay.text.contains("✓ yes, within sampling noise"))
    }
    let study = try #require(replay.state.shownProcesses)
    for (lane, course) in study.courses.enumerated() {
      #expect(course.points.count == ProcessStudy.times)
      for point in course.points {
        #expect(point.distance < ProcessStudy.tolerance * point.noise, "lane \(lane) \(point)")
      }
    }
    // By their nature: many short moves, many rough ones, a few long ones.
    let (flow, diffusion, jumps) = (study.courses[0], study.courses[1], study.courses[2])
    #expect(flow.moves > 47 && diffusion.moves > 143 && jumps.moves < 4)
    #expect(diffusion.way > 4 * flow.way && jumps.longest > 10 * flow.longest)
    try replay.run("wait 3")
    #expect(replay.state.marginalDelay == nil && replay.state.processDelay == nil)
    #expect(replay.state.nextDeadline == nil)
    for view in ["wait 0", "resize 120x36", "resize 80x24"] {
      try replay.run(view + "\nwait 3")
      #expect(replay.text.contains("yes"), "\(view)")
    }
  }

  @Test("The ODE, three ε and jumps stay with one exact p_t all the way; a wrong drift does not")
  func anyNoise() throws {
    let replay = try ProcessTests.replay("any-noise")
    let (state, lanes) = (replay.state, replay.state.lanes.all.map(\.settings))
    var little = lanes[1]
    little.noise = .epsilon(0.1)
    var wrong = lanes[0]
    wrong.velocity = .scaled(0.7)
    let key = ProcessStudy.Key(lanes: lanes + [little, wrong], weightsStep: [], generation: 0)
    var study = try #require(ProcessStudy(key, state.lanes.ensemble.fields, state.scene))
    while !study.isOver {
      var budget = 1 << 24
      study.advance(budget: &budget)
    }
    for (lane, course) in study.courses.dropLast().enumerated() {
      #expect(course.points.count == ProcessStudy.times)
      for point in course.points {
        #expect(point.distance < ProcessStudy.tolerance * point.noise, "lane \(lane) \(point)")
      }
    }
    let last = try #require(study.courses.last?.points.last)
    #expect(last.t == 1 && last.distance > 2 * last.noise, "\(last)")
  }

  @Test("The teleport mixture is told apart between the ends, and never called the same there")
  func teleport() throws {
    var replay = try ProcessTests.replay("teleport")
    try replay.run("train 1\nEsc\nwait 8")
    guard case .different(let pairs) = replay.state.marginalVerdict else {
      Issue.record("\(String(describing: replay.state.marginalVerdict))")
      return
    }
    #expect(pairs.count == 1 && replay.text.contains("× no"))
    let study = try #require(replay.state.shownProcesses)
    let point = try #require(study.point(ofLane: 1, at: 0.5))
    #expect(point.distance > 4 * point.noise)
    for end in ["Home", "End"] {
      try replay.run("\(end)\nwait 3")
      #expect(replay.state.marginalVerdict == .ends(lane: 1))
      #expect(replay.text.contains("another p_t") && !replay.text.contains("✓ yes"))
    }
  }

  @Test("While t moves, at different t and of lost points there is no verdict")
  func noVerdict() throws {
    var replay = try ProcessTests.replay("three-processes")
    try replay.run("train 1\nEsc\nwait 6\nHome\nspace\nwait 0.5")
    #expect(replay.state.marginalVerdict == .moving)
    #expect(!replay.text.contains("✓ yes"))
    try replay.run("space\nM\nwait 4")
    #expect(replay.state.marginalVerdict == .apart)
    #expect(replay.state.marginalDelay == nil)
  }

  @Test(
    "Jumps are a lane's method by choice, where the exact p_t is known, and come back from a file")
  func choice() throws {
    var state = slowState()
    #expect(state.allowedSolvers.contains(.jumps) && state.allowedSolvers.contains(.teleport))
    _ = state.changeLane { $0.method = .jumps }
    #expect(state.focusedLane.settings.title == "jumps" && !state.focusedLane.settings.isAdaptive)
    state.settle()
    let solve = state.lanes.ensemble.lanes[0]
    #expect(solve.isOver && solve.trajectory.isStepwise)
    // Between two steps they stand.
    let (a, b) = (solve.position(at: 0.501), solve.position(at: 0.549))
    #expect(a == b)
    let moved = zip(solve.position(at: 0).values, solve.end.values).count { $0 != $1 }
    #expect(moved > 0)
    let saved = state.saved(network: "x")
    #expect(saved.lanes[0].method == .jumps)
    var drawn = Experiment()
    drawn.coupling = .optimalTransport
    let other = AppState(
      experiment: drawn, dataset: DatasetCatalog.eightGaussians,
      size: Size(columns: 80, rows: 24))
    #expect(!other.allowedSolvers.contains { $0.leaps })
  }

  @Test("Six starts near the middle, each another")
  func wayfarers() {
    var random = Random(seed: 2)
    let noise = StandardNormal(dimension: 2).sample(count: 256, using: &random)
    let chosen = AppState.wayfarers(of: noise)
    #expect(Set(chosen).count == 6)
    for j in chosen {
      #expect(noise[0, j] * noise[0, j] + noise[1, j] * noise[1, j] < 1)
    }
    #expect(AppState.wayfarers(of: noise.prefix(1)) == [0])
  }
}

@Suite("Lanes of stochastic interpolants")
struct InterpolantLaneTests {
  @Test("ε is a lane's setting: 0 is the ODE, larger ones add noise; elsewhere it is refused")
  func epsilon() throws {
    var experiment = Experiment()
    experiment.choose(Objective.interpolant)
    experiment.widths = [8]
    var options = AppState.Options()
    options.particles = 256
    options.instructionSet = .baseline
    var state = AppState(
      experiment: experiment, dataset: DatasetCatalog.eightGaussians,
      size: Size(columns: 160, rows: 48), options: options)
    func set(_ text: String) throws {
      guard case .lane(let settings) = try Parameter.epsilon.change(state, to: text) else { return }
      _ = state.changeLane { $0 = settings }
    }
    #expect(Parameter.epsilon.value(in: state) == "0")
    try set("0.5")
    #expect(
      state.focusedLane.settings.epsilon == 0.5 && state.focusedLane.settings.title == "ε = 0.5")
    state.settle()
    #expect(state.lanes.ensemble.lanes[0].isOver && state.lanes.ensemble.lanes[0].end.isFinite)
    try set("0")
    #expect(state.focusedLane.settings.isDeterministic)
    _ = state.changeLane { $0.velocity = .scaled(0.7) }
    #expect(state.focusedLane.settings.title == "0.7 × exact")
    // Its score does not follow from its velocity alone.
    #expect(
      state.fieldArrows == .velocity && !state.allows(.swirl(2), in: state.focusedLane.settings))
    #expect(throws: ParameterMistake.self) { try Parameter.epsilon.change(slowState(), to: "1") }
  }

  @Test("A wrong drift comes too short, and the more noise with the score the nearer it ends")
  func mended() throws {
    let preset = try Preset.named("mended-drift")
    var experiment = preset.experiment
    experiment.widths = [8]
    var options = AppState.Options()
    options.preset = preset
    options.particles = 256
    options.instructionSet = .baseline
    var state = AppState(
      experiment: experiment, dataset: try DatasetCatalog.named(experiment.dataset),
      size: Size(columns: 80, rows: 24), options: options)
    state.settle()
    let means = state.lanes.ensemble.lanes.map { solve -> Double in
      let x = solve.end
      return (0..<x.count).reduce(0) {
        $0 + (x[0, $1] * x[0, $1] + x[1, $1] * x[1, $1]).squareRoot() / Double(x.count)
      }
    }
    let data = state.scene.sample
    let wanted = (0..<data.count).reduce(0.0) {
      $0 + (data[0, $1] * data[0, $1] + data[1, $1] * data[1, $1]).squareRoot()
        / Double(data.count)
    }
    let errors = means.map { abs($0 - wanted) }
    #expect(errors[0] > 3 * errors[3], "\(errors)")
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 > $1 }, "\(errors)")
  }
}
