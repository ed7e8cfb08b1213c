import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Presets and what they show")
struct LessonTests {
  @Test("Every preset begins at every size, says what it shows, and Esc closes that first")
  func captions() throws {
    let names = Preset.all.map(\.name)
    #expect(Set(names).count == names.count && names.count >= 29)
    for preset in Preset.all {
      var options = AppState.Options()
      options.preset = preset
      options.instructionSet = .baseline
      options.particles = 256
      var experiment = preset.experiment
      experiment.widths = [8]
      let dataset = try DatasetCatalog.named(experiment.dataset)
      try experiment.validate(to: dataset)
      var state = AppState(
        experiment: experiment, dataset: dataset, size: Size(columns: 160, rows: 48),
        options: options)
      state.tick()
      for (columns, rows) in [(160, 48), (120, 36), (80, 24)] {
        _ = state.update(.event(.resize(Size(columns: columns, rows: rows))))
        let rect = try #require(state.layout.caption)
        // The whole paragraph is there, on a small screen page by page.
        let caption = try #require(state.dialogue.caption)
        let lines = caption.lines(width: rect.width - 4)
        if columns > 80 { #expect(lines.count + 2 <= rect.height, "\(preset.name), \(columns)") }
        var text = state.drawn().text()
        #expect(text.contains("Esc close") && text.contains(lines[0]), "\(preset.name)")
        for _ in 1..<max(2, lines.count) where columns == 80 {
          state.press("Enter")
          text += state.drawn().text()
        }
        for line in lines { #expect(text.contains(line), "\(preset.name) at \(columns)×\(rows)") }
      }
      let picked = state.particles.picked
      state.press("Esc")
      #expect(
        state.dialogue.caption == nil && state.particles.picked == picked
          && state.layout.caption == nil)
    }
  }

  @Test("A preset asks the trainer for its reflow, from the command line too")
  func reflowRequest() {
    func asks(_ effects: [Effect]) -> Bool {
      effects.contains { if case .trainer(.reflow(at: 12_000)) = $0 { true } else { false } }
    }
    var state = slowState { $0.preset = Preset.all.first { $0.name == "reflow" } }
    // The experiment is the caller's; this one rests after 60 000 steps.
    let effects = state.tick()
    #expect(effects.contains { if case .trainer(.reflow(at: 30_000)) = $0 { true } else { false } })
    #expect(!asks(state.tick()))
    var other = slowState()
    let preset = Preset.all.first { $0.name == "reflow" }!
    _ = other.begin(preset)
    #expect(asks(other.press("y")))
  }

  @Test("After the reflow the viewer knows what is trained, and marks the step")
  func reflow() throws {
    var replay = try smallReplay(columns: 160, rows: 48, steps: 200, learningRate: 1e-2)
    try replay.run("train 100\nT")
    var state = replay.state
    var session = TrainingSession(
      state.experiment, dataset: state.dataset, solver: state.lanes.soloSettings,
      instructionSet: .baseline)
    for _ in 0..<100 { session.step() }
    session.handle(.reflow(at: 0))
    for _ in 0..<50 { session.step() }
    var report = session.report(stepsPerSecond: 1)
    report.status = .training
    #expect(report.reflowStep == 100 && report.experiment?.coupling == .reflow)
    #expect(report.formerFloor != nil && report.lossFloor == nil)
    _ = state.update(.training(report))
    state.tick(20)
    #expect(state.experiment.coupling == .reflow && !state.traits.impliesScore)
    #expect(state.dataset.pairs != nil && state.dataset.pairs == report.pairs)
    let text = state.drawn().text()
    #expect(text.contains("reflow from 100") && text.contains("floor before"))
    // From the beginning there are no such pairs.
    state.press("R", "y")
    #expect(state.experiment.coupling == .independent)
    session.handle(.restart(state.experiment, generation: state.training.generation))
    #expect(session.report(stepsPerSecond: 1).reflowStep == nil)
  }

  @Test("Arrows turn from the velocity to its score and to what is left of it")
  func arrows() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 200, learningRate: 1e-2)
    try replay.run("train 200\nT\n4\nwait 1\nu\nwait 1")
    let state = replay.state
    #expect(state.look.scenery.view == .field && state.look.scenery.arrows == .score)
    let picture = try #require(state.probes.shownField)
    let points = picture.request.grid.points()
    let k = points.count / 2 + 3
    var field = state.shownNetwork
    let x = points.points(k..<k + 1)
    var v = x
    field.evaluate(x, at: .shared(0.4), into: &v)
    // s = (αv − x)/σ under conditional OT, where α = t and σD = 1 − t.
    let score = (0..<2).map { (0.4 * v[$0, 0] - x[$0, 0]) / 0.6 }
    #expect(abs(Double(picture.x[k]) - score[0]) < 1e-4)
    #expect(abs(Double(picture.y[k]) - score[1]) < 1e-4)
    #expect(replay.text.contains("s = ∇log p_t"))
    try replay.run("u\nwait 1")
    let difference = try #require(replay.state.probes.shownField)
    #expect(abs(Double(difference.x[k]) - (v[0, 0] - score[0])) < 1e-4)
    try replay.run("u\nwait 1")
    #expect(replay.state.look.scenery.arrows == .velocity)
    #expect(abs(Double(try #require(replay.state.probes.shownField).x[k]) - v[0, 0]) < 1e-4)
  }

  @Test("A lane along one data point ends there; along the exact field it has no reference")
  func velocities() throws {
    var state = slowState(budget: 1 << 22)
    state.press("|")
    _ = state.changeLane { $0 = LaneSettings(.midpoint, steps: 64, along: .points(1)) }
    state.press("Tab")
    _ = state.changeLane { $0 = LaneSettings(.midpoint, steps: 64, along: .exact) }
    state.settle()
    state.tick(3)
    let place = state.scene.someData.point(0)
    for j in 0..<50 {
      for i in 0..<2 { #expect(abs(state.lanes.all[0].positions[i, j] - place[i]) < 0.02) }
    }
    #expect(state.lanes.all.allSatisfy { $0.error == nil })
    #expect(state.lanes.all[0].settings.title == "1 data point")
    #expect(state.drawn().text().contains("these lanes have no exact places in common"))
    // Everything is its own: a posterior of one point, and of the eight clusters.
    #expect(state.posterior(x: 0, y: 0, lane: 0)?.count == 1)
    #expect(state.posterior(x: 0, y: 0, lane: 1)?.count == 8)
    let allowed = LaneVelocity.all.filter { state.allows($0, in: state.focusedLane.settings) }
    for _ in allowed { state.press("z") }
    #expect(state.focusedLane.settings.velocity == .exact)
    // Noise needs a score: that of the exact field, or of the learned one.
    _ = state.changeLane { $0.method = LaneSolver(EulerMaruyama()) }
    #expect(state.focusedLane.settings.velocity == .exact)
    _ = state.changeLane { $0.velocity = .points(1) }
    #expect(state.focusedLane.settings.velocity == nil)
  }

  @Test("Other velocities are refused where they are not known, and forgotten on a restart")
  func refused() throws {
    var state = slowState()
    _ = state.changeLane { $0.velocity = .swirl(2) }
    var next = state.experiment
    next.coupling = .optimalTransport
    _ = state.restartTraining(Question(next, "coupling"))
    #expect(state.focusedLane.settings.velocity == nil)
    #expect(throws: ParameterMistake.self) { try state.change(.velocity, to: "swirl:2") }
    #expect(throws: ParameterMistake.self) { try state.change(.velocity, to: "exact") }
    state.press("z", "u")
    #expect(state.focusedLane.settings.velocity == nil && state.fieldArrows == .velocity)
    for text in ["points:999", "swirl:1e9", "points:-3"] {
      let velocity = try LaneVelocity.named(text)
      #expect(LaneVelocity.amountRange.contains(velocity.number ?? 0) || velocity == .points(256))
    }
  }

  @Test("k turns the chart of distances to the others, each with its floor")
  func distances() throws {
    var replay = try smallReplay(columns: 160, rows: 48, steps: 300, learningRate: 1e-2)
    try replay.run("train 300\nEnd\nwait 1")
    for kind in [SampleDistance.sliced, .energy, .w2] {
      try replay.run("k\nwait 0.3")
      #expect(replay.state.look.scenery.distance == kind)
      let report = replay.state.training.shownReport
      let floor = try #require(kind == .w2 ? report.noiseFloor : report.noiseFloors[kind])
      #expect(replay.text.contains(kind.title))
      #expect(replay.text.contains("floor " + NumberFormat.significant(floor.mean)))
    }
  }

  @Test("In lanes o colours by the start, which all lanes share")
  func startColours() throws {
    var state = slowState(budget: 1 << 22)
    state.press("|", "End")
    state.settle()
    state.tick(2)
    let before = state.drawn().picture
    state.press("o")
    #expect(state.look.scenery.colouring == .angle && state.drawn().picture != before)
    state.press("o")
    #expect(state.look.scenery.colouring == .density)
  }
}
