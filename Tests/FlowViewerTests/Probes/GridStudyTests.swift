import FlowMatching
import Foundation
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Lanes that ask for the best steps")
struct GridStudyTests {
  private static func best(_ tableau: ButcherTableau, steps: Int) -> LaneSettings {
    var settings = LaneSettings(tableau, steps: steps)
    settings.grid = .best
    return settings
  }

  /// A state whose exact flow is known, or of pairs for which none is.
  private func state(
    _ settings: LaneSettings, isKnown: Bool = true, budget: Int = 1 << 20
  ) -> AppState {
    var experiment = Experiment()
    experiment.widths = [16, 16]
    if !isKnown { experiment.coupling = .optimalTransport }
    var options = AppState.Options()
    (options.particles, options.instructionSet) = (256, .baseline)
    (options.evaluationBudget, options.adaptsBudget) = (budget, false)
    options.solver = settings
    return AppState(
      experiment: experiment, dataset: DatasetCatalog.eightGaussians,
      size: Size(columns: 160, rows: 48), options: options)
  }

  /// Other weights of a training step, of a field that bends in x and t: each times a factor.
  private func learn(_ state: inout AppState, step: Int, times factor: Float) {
    var report = state.training.report
    report.step = step
    for k in report.weights.values.indices {
      report.weights.values[k] = factor * (0.8 * Float(sin(Double(k * k))))
    }
    _ = state.update(.training(report))
  }

  /// Lets frames go by until the focused lane has its steps; what was asked for on the way.
  @discardableResult
  private func place(_ state: inout AppState) -> [Effect] {
    var effects: [Effect] = []
    for _ in 0..<2000 where state.focusedLane.settings.isBeingPlaced { effects += state.tick() }
    return effects
  }

  private func measured(_ effects: [Effect]) -> [LaneSettings] {
    effects.compactMap {
      if case .trainer(.measureWith(let settings)) = $0 { settings } else { nil }
    }
  }

  @Test("A saved lane has no times: hostile ones are not read, and its own are found anew")
  func saved() throws {
    var first = state(Self.best(.midpoint, steps: 2))
    place(&first)
    #expect(first.focusedLane.settings.bestTimes != nil)
    let data = try JSONEncoder().encode(first.saved(network: "n"))
    let text = String(decoding: data, as: UTF8.self)
    #expect(!text.contains("bestTimes") && text.contains(#""grid":"best""#))
    func restored(_ old: String, _ new: String) throws -> AppState {
      let hostile = try JSONDecoder().decode(
        SavedState.self, from: Data(text.replacing(old, with: new).utf8))
      var state = state(LaneSettings(.euler, steps: 3))
      state.restore(hostile)
      state.tick(3)
      return state
    }
    let falling = try restored(#""grid":"best""#, #""grid":"best","bestTimes":[0,1,0.5]"#)
    var settings = falling.focusedLane.settings
    #expect(settings.grid == .best && settings.steps == 2 && settings.bestTimes != [0, 1, 0.5])
    // Steps of which none are looked for, and times of another number of steps.
    settings = try restored(#""steps":2"#, #""steps":200"#).focusedLane.settings
    #expect(settings.steps == 200 && settings.grid == nil && settings.detail == "200 steps")
    settings = try restored(#""grid":"best""#, #""grid":"0.1,0.2,0.5""#).focusedLane.settings
    #expect(settings.steps == 2 && settings.grid == nil && settings.detail == "2 steps")
  }

  @Test("After a restart the best steps are found anew, and then the viewer rests")
  func restarted() {
    var state = state(Self.best(.midpoint, steps: 4))
    place(&state)
    let times = state.focusedLane.settings.bestTimes
    _ = state.restartTraining(Question(state.experiment, "again"))
    #expect(state.focusedLane.settings.isBeingPlaced)
    place(&state)
    #expect(state.focusedLane.settings.bestTimes == times)
    for _ in 0..<400 where state.gridDelay != nil { state.tick(seconds: 0.1) }
    #expect(state.gridDelay == nil)
  }

  @Test(
    "W2 is measured with the steps that were found, and of a map's or others' with none of them")
  func distance() throws {
    var state = state(Self.best(.midpoint, steps: 8))
    #expect(state.focusedLane.settings.detail == "8 steps best …")
    // Weights that nothing was learned by bend nowhere.
    learn(&state, step: 1, times: 1)
    for _ in 0..<40 where state.shownWeightsStep != 1 { state.tick(seconds: 0.1) }
    let asked = try #require(measured(place(&state)).last)
    let times = try #require(state.focusedLane.settings.gridTimes)
    #expect(asked.control == .grid(times) && times != TimeGrid.uniform.times(steps: 8))
    #expect(state.focusedLane.settings.detail == "8 steps best")
    // Another method of as many steps must not be measured with these times.
    let other = measured(state.press("s"))
    #expect(other.count == 1 && other[0].steps == 8 && other[0].control == .fixed(steps: 8))
    #expect(other[0].method != asked.method && other[0].grid == .best)
    let found = try #require(measured(place(&state)).last)
    #expect(found.control == state.focusedLane.settings.control && found.gridTimes != nil)
    var shifted = try presetReplay("shifted-twice", Size(columns: 120, rows: 36), particles: 256)
    try shifted.run("wait 0.1")
    #expect(
      (0..<4).map(shifted.state.name(ofLane:)) == ["equal steps", "shift:3", "shift:9", "RK4"])
    // Their steps are marked where they end: of σ → 9σ/(1 + 8σ) seven of eight in the first half.
    let marks = shifted.text.split(separator: "\n").filter { $0.contains("•") }
    let ends = try ["equal steps", "shift:9"].map { name in
      let line = try #require(marks.first { $0.contains(name) && !$0.contains("midpoint") })
      return line.enumerated().filter { $0.element == "•" }.map(\.offset)
    }
    #expect(ends[0].count >= 8 && ends[1].count >= 8)
    #expect(ends[1].dropLast().last! < ends[0].dropLast().last!)
    // Lanes side by side have distances of their own.
    state.press("|")
    _ = try state.set(.grid, to: "best")
    #expect(state.focusedLane.settings.isBeingPlaced && measured(place(&state)).isEmpty)
    #expect(!state.focusedLane.settings.isBeingPlaced)
  }

  @Test("Where the flow cannot be followed the lane has equal steps, and none are called the best")
  func failure() {
    var state = state(LaneSettings(.midpoint, steps: 8), isKnown: false)
    learn(&state, step: 1, times: .nan)
    for _ in 0..<20 where state.shownWeightsStep != 1 { state.tick(seconds: 0.5) }
    #expect(state.shownWeightsStep == 1)
    state.lanes.update(.set(Self.best(.midpoint, steps: 8)))
    let effects = place(&state)
    let settings = state.focusedLane.settings
    #expect(settings.grid == nil && settings.bestTimes == nil && settings.detail == "8 steps")
    #expect(state.dialogue.flash?.text.contains("could not be followed") == true)
    #expect(measured(effects).last == settings)
  }

  @Test("What takes the best away leaves equal steps, and the words say so")
  func possible() throws {
    var state = state(Self.best(.midpoint, steps: 100))
    place(&state)
    state.press("N")
    var settings = state.focusedLane.settings
    #expect(settings.steps == 128 && settings.grid == .best)
    state.press("N")
    settings = state.focusedLane.settings
    #expect(settings.steps == 256 && settings.grid == nil && settings.detail == "256 steps")
    #expect(state.dialogue.flash?.text.contains("equal steps") == true)
    #expect(throws: ParameterMistake.self) { try state.set(.grid, to: "best") }
    _ = try state.set(.steps, to: "64")
    _ = try state.set(.grid, to: "best")
    _ = try state.set(.steps, to: "129")
    #expect(state.focusedLane.settings.grid == nil)
    _ = try state.set(.steps, to: "8")
    _ = try state.set(.grid, to: "best")
    _ = try state.set(.solver, to: "dopri5")
    #expect(state.focusedLane.settings.grid == nil)
    #expect(throws: ParameterMistake.self) { try state.set(.grid, to: "best") }
    var globe = try spaceReplay("sphere-vmf", columns: 80, rows: 24, particles: 64).state
    #expect(throws: ParameterMistake.self) { try globe.set(.grid, to: "best") }
  }

  @Test("Of a learned flow they are found while it goes on learning, and anew for newer weights")
  func renewed() throws {
    var state = state(Self.best(.midpoint, steps: 4), isKnown: false, budget: 200_000)
    // Newer weights arrive faster than a search is done.
    var (step, frames) = (0, 0)
    while state.focusedLane.settings.isBeingPlaced, frames < 600 {
      (step, frames) = (step + 1, frames + 1)
      learn(&state, step: step, times: 1 + Float(step) / 1000)
      state.tick()
    }
    #expect(frames < 600 && state.focusedLane.placedStep != nil)
    learn(&state, step: step + 1, times: 0.5)
    for _ in 0..<40 where state.shownWeightsStep != step + 1 { state.tick(seconds: 0.1) }
    let (before, placed) = (state.focusedLane.settings, state.focusedLane.placedStep)
    #expect(state.shownWeightsStep == step + 1 && placed != step + 1)
    // They wait for their time, and the viewer rests until then.
    #expect(state.gridDelay.map { $0 > 0 } == true)
    var effects: [Effect] = []
    for _ in 0..<300 where state.focusedLane.placedStep == placed {
      effects += state.tick(seconds: 0.1)
    }
    #expect(state.focusedLane.placedStep == step + 1 && state.gridDelay == nil)
    #expect(state.focusedLane.settings.bestTimes != before.bestTimes)
    #expect(measured(effects).last == state.focusedLane.settings)
    // A loop is never parked: they come with one of its next passes, not within one.
    state.playback.clock.mode = .loop
    state.press("Space")
    learn(&state, step: step + 2, times: 1)
    var last = state.focusedLane.placedStep
    for _ in 0..<600 where state.focusedLane.placedStep != step + 2 {
      last = state.focusedLane.placedStep
      state.tick(seconds: 0.1)
    }
    #expect(state.focusedLane.placedStep == step + 2 && last == step + 1)
    #expect(!state.isParked && state.playback.clock.wanted == 0)
  }

  @Test("Two lanes of other steps are both served, in turn")
  func two() throws {
    var state = state(LaneSettings(.midpoint, steps: 8), isKnown: false)
    state.press("|")
    for _ in 0..<2 {
      _ = try state.set(.grid, to: "best")
      state.press("Tab")
    }
    let places = { (state: AppState) in state.lanes.all.map(\.placedStep) }
    for _ in 0..<400 where places(state).contains(nil) { state.tick() }
    #expect(places(state) == [0, 0])
    learn(&state, step: 7, times: 2)
    for _ in 0..<600 where places(state) != [7, 7] { state.tick(seconds: 0.1) }
    #expect(places(state) == [7, 7])
    // The chart beside them goes on to the focused lane's, and then all is known.
    for _ in 0..<300 where state.gridDelay != nil { state.tick(seconds: 0.1) }
    #expect(state.gridDelay == nil)
  }
}
