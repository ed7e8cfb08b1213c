import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Lanes with weights of their own")
struct KeptTrainingTests {
  /// Two parked lanes of the same solver after 150 of 600 steps.
  private func two(_ script: String = "") throws -> Replay {
    var replay = try smallReplay(
      columns: 160, rows: 48, particles: 1024, steps: 600, learningRate: 1e-2)
    try replay.run("train 150\nT\n|\nTab\nS\nN\nEnd\nwait 2\n" + script)
    #expect(replay.state.lanes.all[1].settings.short == "Euler 8")
    return replay
  }

  /// Another training of the same kind of network, as a file would bring it.
  private func other(_ change: (inout Experiment) -> Void = { _ in }) -> KeptTraining {
    var experiment = Experiment()
    experiment.widths = [8, 8]
    experiment.seed = 3
    change(&experiment)
    return KeptTraining(
      title: "other", experiment: experiment, step: 1234,
      weights: Trainer.initialWeights(experiment), instructionSet: .baseline)
  }

  @Test("X keeps a lane where it is while the others follow the training, and X again lets go")
  func keep() throws {
    var replay = try two()
    let before = replay.state.lanes.all.map(\.positions)
    #expect(before[0] == before[1])
    try replay.run("X\nwait 0.5\nT\ntrain 300\nT\nwait 2")
    let state = replay.state
    #expect(state.lanes.all[1].positions == before[1] && state.lanes.all[0].positions != before[0])
    #expect(state.kept(state.lanes.all[1].settings)?.step == 150)
    #expect(replay.text.contains("kept 150") && replay.text.contains("of this run"))
    // There is no exact place that both lanes should have reached.
    #expect(state.lanes.all[0].error != nil && state.lanes.all[1].error == nil)
    try replay.run("X\nwait 2")
    #expect(replay.state.lanes.all[1].positions == replay.state.lanes.all[0].positions)
    #expect(replay.state.lanes.all[1].error != nil)
  }

  @Test("A step in a lane's name is never followed by a bare number")
  func title() {
    let settings = LaneSettings(.midpoint, steps: 4)
    func detail(_ width: Int) -> String {
      LanePane.detail(settings, title: "kept 14 134", saysMethod: true, width: width)
    }
    #expect(detail(60) == "midpoint 4" && detail(38) == "4 steps" && detail(36) == "")
  }

  @Test("What is kept is what the lane showed: weights that were gone back to")
  func earlier() throws {
    var replay = try two("PageUp\nPageUp\nPageUp\nwait 1\n")
    let step = try #require(replay.state.training.travel)
    #expect(step < 150)
    try replay.run("X\nPageDown\nPageDown\nPageDown\nPageDown\nwait 2")
    let state = replay.state
    #expect(state.training.travel == nil && state.kept(state.lanes.all[1].settings)?.step == step)
    let weights = try #require(state.training.report.snapshots.first { $0.step == step }?.weights)
    var field: any VelocityField = state.network(of: weights)
    let end = Integrator.solve(
      &field, .euler, control: .fixed(steps: 8), from: state.particles.noise)
    for (a, b) in zip(end.x.values, state.lanes.all[1].positions.values) {
      #expect(abs(a - b) < 1e-5)
    }
  }

  @Test("A single lane keeps nothing and says why; neither does one that follows a training beside")
  func nothing() throws {
    var state = slowState(budget: 1 << 20)
    state.press("X")
    #expect(state.lanes.kept.isEmpty)
    #expect(state.dialogue.flash?.text.contains("| splits") == true)
    var trainings = try presetReplay("two-trainings", Size(columns: 160, rows: 48))
    try trainings.run("X\nwait 0.1")
    #expect(trainings.state.lanes.kept.isEmpty)
  }

  @Test("A file's network splits a single lane, keeps its own schedule and survives a restart")
  func open() throws {
    var state = slowState(budget: 1 << 22)
    let training = other { $0.scheduler = .cosine }
    state.answer(.opened(.training(training)))
    state.settle()
    #expect(state.lanes.all.count == 2 && state.lanes.focused == 1)
    #expect(state.followedScheduler == .cosine)
    let before = state.lanes.all[1].positions
    var field: any VelocityField = training.network
    let end = Integrator.solve(
      &field, state.lanes.soloSettings.solver, control: .fixed(steps: 20),
      from: state.particles.noise)
    for (a, b) in zip(end.x.values, before.values) { #expect(abs(a - b) < 1e-5) }
    #expect(state.drawn().text().contains("cosine"))
    // Another loss, the same source: the lane stays as it is.
    var next = state.experiment
    next.loss = .cosh(kappa: 0.3)
    _ = state.restartTraining(Question(next, "loss"))
    state.press("End")
    state.settle()
    state.tick(20)
    #expect(state.lanes.all[1].positions == before)
    // From moons the particles start elsewhere, where its field was never learned.
    next.source = "moons"
    next.loss = .squared
    _ = state.restartTraining(Question(next, "source"))
    #expect(state.lanes.all[1].settings.training == nil)
  }

  @Test(
    "A run from another source is refused with the reason, and so is a file that cannot be read")
  func refused() {
    var state = slowState(budget: 1 << 20)
    state.answer(.opened(.training(other { $0.source = "moons" })))
    #expect(
      state.dialogue.flash?.text.contains("flows from moons") == true && state.lanes.all.count == 1)
    state.answer(.opened(.failed("x: there is none")))
    #expect(
      state.dialogue.flash?.text.contains("there is none") == true && state.lanes.all.count == 1)
    #expect(
      other { $0.dimension = 3 }.complaint(beside: Experiment()) == "it has 3 dimensions, not 2")
  }

  @Test("Couplings of a file are a lane beside a velocity: layers in closed form")
  func couplings() throws {
    var state = slowState(budget: 1 << 22)
    let training = other {
      $0.model = .affineLayers(4)
      $0.objective = .likelihood
    }
    state.answer(.opened(.training(training)))
    state.settle()
    state.tick(10)
    #expect(state.lanes.ensemble.lanes[1].evaluations(at: 1) == 4)
    var flow = AffineLayersField(RealNVPWeights(training.network.weights))
    var x = state.particles.noise
    var logDeterminant = [Double](repeating: 0, count: x.count)
    flow.carry(&x, from: 0, to: 1, logDeterminant: &logDeterminant)
    for (a, b) in zip(x.values, state.lanes.all[1].positions.values) { #expect(abs(a - b) < 1e-5) }
    #expect(state.drawn().text().contains("RealNVP"))
  }

  @Test("A network that is a hundred times as large is solved in slices as short")
  func large() {
    var state = slowState(budget: 20_000)
    state.answer(.opened(.training(other { $0.widths = [200, 200] })))
    let size = state.lanes.ensemble.network.weights.values.count
    let large = state.trainingsBeside[0].training.weights.values.count
    #expect(large > 100 * size)
    state.press("End")
    // 41 402 weights beside 370: of a midpoint solve of 1 024 points a frame pays for a fraction.
    let before = state.pace.evaluationsSpent
    state.tick()
    #expect(state.pace.evaluationsSpent - before < 2 * 20_000 + 64 * large / size)
    #expect(state.lanes.ensemble.lanes[1].evaluationsDone < 3)
    state.settle()
    #expect(state.lanes.ensemble.lanes[1].isOver)
  }

  @Test("The palette opens what is typed after “lane”, but not the lane's velocity")
  func typed() {
    var state = slowState()
    state.press(":", "l", "a", "n", "e", "Space", "a", ".", "s", "t")
    let effects = state.press("Enter")
    #expect(effects.contains { if case .read(.network("a.st")) = $0 { true } else { false } })
    for query in ["lane v", "lane velocity", "lane velocity: exact", "lane "] {
      #expect(Command.typed(query) == nil)
    }
  }

  @Test("Up to three runs stand beside the experiment's own lane from the start")
  func beside() {
    for count in 1...3 {
      var state = slowState(budget: 1 << 22) { options in
        options.beside = (0..<count).map { seed in other { $0.seed = UInt64(seed) } }
      }
      state.settle()
      #expect(state.lanes.all.count == count + 1)
      #expect(state.lanes.all.map { $0.settings.keepsWeights }.filter(\.self).count == count)
      #expect(state.lanes.all[0].settings.training == nil)
    }
  }

  @Test("A flow of couplings is offered one lane or two, and says as many as there are")
  func couplingLanes() throws {
    var replay = try presetReplay("affine-layers", Size(columns: 160, rows: 48), particles: 256)
    let titles = Command.all(replay.state).map(\.title).filter { $0.hasPrefix("Lanes: ") }
    #expect(titles == ["Lanes: one", "Lanes: two"])
    try replay.run("|\n|\n")
    let state = replay.state
    let said = AppState.numeral(state.lanes.all.count)
    #expect(state.dialogue.flash?.text.hasPrefix("lanes → " + said) == true)
  }

  @Test("What is saved of such lanes shows them again, from files of their own")
  func saved() throws {
    let replay = try two("X\nwait 0.5\nT\ntrain 300\nT\nwait 2")
    let state = replay.state
    let kept = state.trainingsBeside
    #expect(kept.map(\.lane) == [1])
    let saved = state.saved(network: "a", beside: ["b"])
    #expect(saved.beside?.map(\.network) == ["b"])
    var options = AppState.Options()
    options.instructionSet = .baseline
    options.saved = saved
    options.beside = kept.map(\.training)
    var again = AppState(
      experiment: state.experiment, dataset: state.dataset, size: state.window.size,
      options: options)
    again.settle()
    again.tick(20)
    #expect(again.lanes.all[1].positions == state.lanes.all[1].positions)
    #expect(again.drawn().text().contains("kept 150"))
  }
}
