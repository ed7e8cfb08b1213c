import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// What a slow machine sees: a tick pays for a small part of a solve.
@Suite("With small slices")
struct SmallSlicesTests {
  private func state(budget: Int) throws -> AppState {
    var options = AppState.Options()
    options.particles = 512
    options.evaluationBudget = budget
    options.adaptsBudget = false
    options.instructionSet = .baseline
    var experiment = Experiment()
    experiment.widths = [8]
    return AppState(
      experiment: experiment, dataset: try DatasetCatalog.named("8gaussians"),
      size: Size(columns: 160, rows: 48), options: options)
  }

  private func press(_ keys: String, _ state: inout AppState) {
    for key in keys { _ = state.update(.event(.key(.character(key)))) }
  }

  private func settle(_ state: inout AppState) {
    for _ in 0..<2000 where !state.lanes.ensemble.isSettled(at: state.playback.clock.wanted) {
      _ = state.update(.tick(0))
    }
  }

  @Test("The film is complete in the end")
  func film() throws {
    var state = try state(budget: 700)
    settle(&state)
    #expect(state.lanes.ensemble.film.isOver)
    #expect(state.playback.filmFrames.count == 11)
  }

  @Test("Lanes that have no knot yet can be matched anew and turned to")
  func matching() throws {
    var state = try state(budget: 100)
    press("||MM", &state)
    _ = state.update(.event(.key(.tab)))
    #expect(state.lanes.matching == .time && state.lanes.focused == 1)
    press("M", &state)
    settle(&state)
    #expect(state.lanes.all.prefix(3).allSatisfy { $0.t == 1 } && state.lanes.all[3].t < 1)
  }

  @Test("While new noise is being solved the old particles keep their own start")
  func start() throws {
    var state = try state(budget: 2000)
    settle(&state)
    let old = state.particles.shownNoise
    press("op", &state)
    #expect(state.particleCount == 256 && state.particles.noise.count == 256)
    #expect(state.particles.shownNoise == old && state.focusedLane.positions.count == 512)
    var screen = Screen(size: state.window.size)
    var painter = FramePainter(theme: Theme(depth: .direct))
    painter.draw(state, into: &screen)
    settle(&state)
    #expect(
      state.particles.shownNoise == state.particles.noise
        && state.focusedLane.positions.count == 256)
  }

  @Test(
    "Every parked lane and the exact solve ask for their distance at t = 1 once, wherever they stand"
  )
  func distances() throws {
    var state = try state(budget: 1 << 20)
    press("||M5", &state)
    var asked = 0
    for _ in 0..<10 {
      for case .trainer(.distance) in state.update(.tick(0.01)) { asked += 1 }
    }
    #expect(state.playback.clock.t == 0.5 && asked == 5)
  }
}
