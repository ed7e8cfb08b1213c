import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Keys that come faster than solves")
struct QuickKeysTests {
  /// A state whose solves need many frames: one chunk of points is all that a tick may spend.
  private func slowState(particles: Int) throws -> AppState {
    var experiment = Experiment()
    experiment.widths = [16]
    var options = AppState.Options()
    options.particles = particles
    options.evaluationBudget = 1
    options.adaptsBudget = false
    options.instructionSet = .baseline
    return AppState(
      experiment: experiment, dataset: try DatasetCatalog.named("8gaussians"),
      size: Size(columns: 120, rows: 36), options: options)
  }

  private func press(_ keys: String, on state: inout AppState) {
    for key in keys { _ = state.update(.event(.key(.character(key)))) }
  }

  @Test("Lanes are matched by evaluations before they know their first knot")
  func matchingAtOnce() throws {
    var state = try slowState(particles: 256)
    press("|M", on: &state)
    #expect(state.isComparing && state.lanes.matching == .evaluations)
    _ = state.update(.event(.key(.tab)))
    #expect(state.lanes.focused == 1)
    for _ in 0..<400 { _ = state.update(.tick(0.03)) }
    #expect(state.lanes.ensemble.isSettled(at: 1))
    let limit = state.lanes.ensemble.lanes[1].evaluations(at: state.lanes.all[1].t)
    #expect(state.lanes.ensemble.lanes[0].evaluations(at: state.lanes.all[0].t) <= limit)
  }

  @Test("Colours by start belong to the particles on show while new noise is being solved")
  func startAnglesOfStaleParticles() throws {
    var state = try slowState(particles: 8192)
    for _ in 0..<400 { _ = state.update(.tick(0.03)) }
    press("op", on: &state)
    _ = state.update(.tick(0.03))
    #expect(state.particleCount == 4096 && state.focusedLane.positions.count == 8192)
    #expect(state.particles.shownNoise.count == 8192)
    var screen = Screen(size: state.window.size)
    var painter = FramePainter(theme: Theme(depth: .direct, background: .dark))
    painter.draw(state, into: &screen)
    for _ in 0..<400 { _ = state.update(.tick(0.03)) }
    #expect(state.particles.shownNoise.count == 4096 && state.focusedLane.positions.count == 4096)
  }

  @Test("A large network begins with small slices, and slices follow what was measured")
  func slices() throws {
    var experiment = Experiment()
    let dataset = try DatasetCatalog.named("8gaussians")
    let size = Size(columns: 80, rows: 24)
    let usual = AppState(experiment: experiment, dataset: dataset, size: size)
    #expect((20_000...usual.options.evaluationBudget).contains(usual.pace.evaluationBudget))
    experiment.widths = [512, 512, 512]
    var large = AppState(experiment: experiment, dataset: dataset, size: size)
    #expect(large.pace.evaluationBudget < 1000)
    var cost = FrameCost()
    cost.solve = 0.1
    cost.evaluations = 2048
    for _ in 0..<30 { _ = large.update(.cost(cost)) }
    #expect(abs(large.pace.evaluationBudget - 245) <= 5)
  }
}
