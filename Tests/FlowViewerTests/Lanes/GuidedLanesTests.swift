import FlowMatching
import Foundation
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Lanes that ask for a class")
struct GuidedLanesTests {
  private static func state(_ name: String, _ size: Size = Size(columns: 160, rows: 48)) -> AppState
  {
    var options = AppState.Options()
    let preset = Preset.all.first { $0.name == name }!
    options.preset = preset
    options.instructionSet = .baseline
    options.particles = 600
    options.evaluationBudget = 400_000
    var experiment = preset.experiment
    experiment.widths = [8]
    var state = AppState(
      experiment: experiment, dataset: DatasetCatalog.twoClasses, size: size, options: options)
    state.tick(60, seconds: 0.1)
    for _ in 0..<400 where state.guidanceStudy?.isOver != true { state.tick() }
    return state
  }

  @Test(
    "the exact lanes overshoot the tilt as the field says, more with w, and noise brings them back")
  func overshoot() throws {
    let state = Self.state("guidance")
    #expect(state.comparesGuidance && state.guidedLabel == 0)
    let figures = try (0..<4).map { try #require(state.guidedFigure(ofLane: $0)) }
    let overshoots = try figures.map { try #require($0.overshoot) }
    #expect(abs(overshoots[0]) < 0.06)
    #expect(overshoots[1] > 0.12 && overshoots[2] > overshoots[1] + 0.1)
    #expect(overshoots[3] < 0.5 * overshoots[2] && overshoots[3] > -0.02)
    #expect(try abs(#require(figures[1].tilt).mean - 0.702) < 2e-3)
    #expect(figures[2].outside > figures[0].outside)
    let study = try #require(state.guidanceStudy)
    #expect(study.isOver && study.curves.count == 2 && study.curves[0].means.count == 8)
    let means = study.curves[0].means.map(\.mean)
    #expect(zip(means, means.dropFirst()).allSatisfy { $0 < $1 })
    // Guided lanes cost two evaluations for one.
    #expect(state.lanes.ensemble.lanes.map(\.totalEvaluations) == [40, 80, 80, 256])
  }

  @Test("the screen names lanes, overshoots with marks, and says that the score is none of a p_t")
  func screen() {
    for (columns, rows) in [(160, 48), (120, 36), (80, 24)] {
      var state = Self.state("guidance", Size(columns: columns, rows: rows))
      state.press("Esc")
      state.tick()
      let text = state.drawn().text()
      for word in ["w = 1 ODE", "w = 4 SDE", "◆", "▶", "off", "tilt differ"] {
        #expect(text.contains(word), "\(word) at \(columns)×\(rows)")
      }
      if columns > 100 {
        #expect(text.contains("how far guidance pulls") && text.contains("overshoot"))
      }
    }
  }

  @Test(
    "an exact lane ends in the class itself, however the network's pairs are made, and says that it is exact"
  )
  func exactBesideLearned() throws {
    let state = Self.state("ot-across-classes", Size(columns: 120, rows: 36))
    let figures = try (0..<2).map { try #require(state.guidedFigure(ofLane: $0)) }
    // What a network of eight units knows by now is not it.
    let learned = try #require(figures[0].overshoot)
    let exact = try #require(figures[1].overshoot)
    #expect(abs(exact) < 0.06 && abs(learned - exact) > 0.1, "\(exact), \(learned)")
    #expect(state.name(ofLane: 0) == "w = 1 learned" && state.name(ofLane: 1) == "w = 1 exact")
    #expect(try #require(state.guidanceStudy).curves.map(\.name) == ["learned", "exact"])
  }

  @Test(
    "lanes of one preset have names that tell them apart, and every overshoot is to be read",
    arguments: [
      "guidance", "guidance-noise", "guidance-interval",
    ])
  func names(preset: String) {
    var state = Self.state(preset, Size(columns: 120, rows: 36))
    state.press("Esc")
    state.tick()
    let names = (0..<4).map(state.name(ofLane:))
    #expect(Set(names).count == 4, "\(names)")
    let heads = state.drawn().text().split(separator: "\n", omittingEmptySubsequences: false)[1]
    #expect(heads.matches(of: /[+−]?\d\.\d\d [✓!×]/).count == 4, "\(heads)")
  }

  @Test(
    "( and ) turn the weight of the focused lane, and the list sets class, weight, interval and guide"
  )
  func keys() throws {
    var state = Self.state("guidance")
    state.press("Esc")
    state.press(")")
    #expect(state.focusedLane.settings.guidance?.weight == 1.5)
    state.press("(")
    state.press("(")
    #expect(state.focusedLane.settings.guidance?.weight == 0.5)
    _ = try state.set(.guidance, to: "-3")
    _ = try state.set(.guidanceInterval, to: "0.25,0.75")
    _ = try state.set(.label, to: "left")
    let guidance = try #require(state.focusedLane.settings.guidance)
    #expect(guidance == Guidance(label: 1, weight: -3, from: 0.25, to: 0.75))
    #expect(state.guidedLabel == nil && !state.comparesGuidance)
    #expect(throws: ParameterMistake.self) { try state.set(.guidanceInterval, to: "0.8,0.2") }
    #expect(throws: ParameterMistake.self) { try state.set(.guidance, to: "nan") }
    #expect(throws: ParameterMistake.self) { try state.set(.label, to: "up") }
    _ = try state.set(.label, to: "none")
    #expect(state.focusedLane.settings.guidance == nil && state.dial == nil)
  }

  @Test("a class that other data do not have is let go, and saved lanes keep theirs")
  func otherData() throws {
    var state = Self.state("guidance")
    let settings = state.lanes.all.map(\.settings)
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode([LaneSettings].self, from: data) == settings)
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(
        Guidance.self, from: Data(#"{"label": 0, "weight": 2, "start": 0.9, "end": 0.1}"#.utf8))
    }
    state.experiment.dataset = "checkerboard"
    state.dataset = DatasetCatalog.checkerboard
    state.forgetMeaningless()
    #expect(state.lanes.all.allSatisfy { $0.settings.guidance == nil })
  }

  @Test("what guides a lane outlives a restart, and of what knows no class nothing can be chosen")
  func kept() throws {
    var state = Self.state("ot-across-classes", Size(columns: 120, rows: 36))
    let before = state.lanes.all.map(\.settings)
    let effects = state.restartTraining(Question(state.experiment, "again"))
    #expect(state.lanes.all.map(\.settings) == before && !effects.isEmpty)
    // A lane of a class has two velocities; others know nothing of it.
    state.press("Tab")
    var seen: [LaneVelocity?] = []
    for _ in 0..<4 {
      state.press("z")
      seen.append(state.focusedLane.settings.velocity)
    }
    #expect(seen == [nil, .exact, nil, .exact] && state.focusedLane.settings.guidance?.label == 0)
    #expect(throws: ParameterMistake.self) { try state.set(.velocity, to: "points:8") }
    #expect(throws: ParameterMistake.self) { try state.set(.guide, to: "earlier") }
    // Asked for all data again, the exact field of these pairs is not known.
    _ = try state.set(.label, to: "none")
    #expect(state.focusedLane.settings.guidance == nil)
    #expect(state.focusedLane.settings.velocity == nil)
  }

  @Test(
    "before there are earlier weights the network is its own guide, and the weight changes nothing")
  func ownGuide() throws {
    let state = Self.state("autoguidance")
    var fields = state.lanes.ensemble.fields
    var (plain, guided) = (
      LaneSettings.guided(1, exact: false), LaneSettings.guided(5, exact: false)
    )
    guided.guide = .earlier
    func velocity(_ settings: LaneSettings) -> [Double] {
      var flow: any VelocityField = fields.flow(settings)
      let x = Batch(points: [[0.3, -0.2], [1, 2]])
      var velocity = x
      flow.evaluate(x, at: .shared(0.4), into: &velocity)
      return velocity.values
    }
    fields.earlier = nil
    let own = velocity(plain)
    #expect(zip(velocity(guided), own).allSatisfy { abs($0 - $1) < 1e-5 })
    fields.earlier = fields.network.weights
    fields.earlier?.values[0] += 3
    #expect(zip(velocity(guided), own).contains { abs($0 - $1) > 1e-3 })
    plain.guidance = Guidance(label: 0, weight: 2, from: 0.2)
    #expect(plain.title == "w = 2 .2–1")
    plain.method = LaneSolver(StochasticHeun())
    #expect(plain.title == "w = 2 SDE .2–1")
  }
}
