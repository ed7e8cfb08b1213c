import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Kept weights, bookmarks, followed particles, looks")
struct TravelTests {
  @Test("Snapshots are kept at steps an eighth apart, and no more than fit the memory")
  func keeper() {
    let weights = Trainer.initialWeights(Experiment())
    var keeper = SnapshotKeeper(memoryLimit: 40 * weights.values.count * 4)
    for step in 0..<20_000 { keeper.offer(step, weights) }
    let steps = keeper.snapshots.map(\.step)
    #expect(steps.first == 0 && steps.count <= 40 && steps.count > 15)
    #expect(steps == steps.sorted() && Set(steps).count == steps.count)
  }

  @Test("Earlier weights show the same noise through what was learned then, and back again")
  func travel() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 300, learningRate: 1e-2)
    try replay.run("train 300\nEnd\nwait 2")
    let newest = replay.state.focusedLane.positions
    try replay.run("PageUp\nPageUp\nPageUp\nwait 1")
    let state = replay.state
    let step = try #require(state.training.travel)
    #expect(state.shownWeightsStep == step && step < 300)
    #expect(state.focusedLane.positions != newest && replay.text.contains("kept"))
    let kept = try #require(state.training.report.snapshots.first { $0.step == step })
    var field: any VelocityField = MLP(
      try #require(kept.weights.network), instructionSet: .baseline)
    let end = Integrator.solve(
      &field, .midpoint, control: .fixed(steps: 20), from: state.particles.noise)
    #expect(abs(end.x[0, 7] - state.focusedLane.positions[0, 7]) < 1e-5)
    try replay.run(String(repeating: "PageDown\n", count: 5) + "wait 1")
    #expect(replay.state.training.travel == nil && replay.state.focusedLane.positions == newest)
  }

  @Test("A click on the loss goes to the weights of that step, one at its end to the newest")
  func click() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 300)
    try replay.run("train 300\nEnd\nwait 2")
    let rect = try #require(replay.state.layout.loss)
    try replay.run("click \(rect.x + rect.width / 2),\(rect.y + 4)\nwait 0.5")
    let step = try #require(replay.state.training.travel)
    #expect((60...160).contains(step))
    try replay.run("click \(rect.maxX - 3),\(rect.y + 4)\nwait 0.5")
    #expect(replay.state.training.travel == nil)
  }

  @Test("A bookmark brings back view, window, time and noise")
  func bookmarks() throws {
    var replay = try smallReplay(columns: 120, rows: 36)
    try replay.run("T\n3\nv\n+\nwait 1\nb\nv\n=\n8\nr\nwait 1\nb\n>\nwait 1")
    #expect(replay.state.look.scenery.view == .field && replay.state.playback.clock.t == 0.3)
    #expect(replay.state.window.viewports[0].zoom == 1.25 && replay.state.particles.noiseIndex == 0)
    try replay.run("<\nwait 1")
    #expect(replay.state.look.scenery.view == .density && replay.state.playback.clock.t == 0.8)
    #expect(replay.state.particles.noiseIndex == 1 && replay.state.window.viewports[0] == .fitted)
  }

  @Test("A click follows the nearest particle; its way ends where the lane has it, Esc lets go")
  func follow() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 300, learningRate: 1e-2)
    try replay.run("train 300\nEnd\nwait 2")
    let axes = try #require(replay.state.plotAxes)
    let positions = replay.state.focusedLane.positions
    let cell = try #require(axes.cell(x: positions[0, 3], y: positions[1, 3]))
    try replay.run("click \(cell.column),\(cell.row)\nwait 0.5")
    let state = replay.state
    let index = try #require(state.particles.picked)
    let last = try #require(state.particles.shownInspection?.moments.last)
    #expect(abs(last.point[0] - positions[0, index]) < 1e-5)
    #expect(abs(positions[0, index] - positions[0, 3]) < 12 * axes.unitsPerDotX)
    let (way, chord) = try #require(state.particles.shownInspection).length(on: nil)
    #expect(way >= chord * (1 - 1e-9) && chord > 0)
    let posterior = try #require(state.posterior(x: last.point[0], y: last.point[1]))
    #expect(abs(posterior.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
    #expect(replay.text.contains("straightness"))
    try replay.run("Esc")
    #expect(replay.state.particles.picked == nil)
  }

  @Test("E[X₁|x] of the exact field is the mean of the posterior's components, drawn to x")
  func posterior() throws {
    var state = slowState(budget: 1 << 20)
    state.settle()
    state.press("6")
    state.tick(2)
    let t = 0.6
    #expect(state.focusedLane.t == t)
    let (x, y) = (0.4, 0.7)
    let weights = try #require(state.posterior(x: x, y: y))
    let field = MarginalField(target: try #require(state.dataset.mixture))
    var teacher = field
    var mean = Batch(dimension: 2, count: 1)
    teacher.expectedTarget(Batch(points: [[x, y]]), at: .shared(t), into: &mean)
    let gain = t * 0.04 / (t * t * 0.04 + 0.16)
    let expected = weights.reduce(0) { $0 + $1.weight * ($1.x + gain * (x - t * $1.x)) }
    #expect(abs(mean[0, 0] - expected) < 1e-9)
  }

  @Test("Every colour map and theme can be reached, and axes go and come")
  func looks() {
    var state = slowState(budget: 1 << 20, columns: 120, rows: 36)
    state.press("End")
    state.settle()
    var maps: Set<String> = []
    for _ in ColorMap.sequential {
      state.press("m")
      maps.insert(state.look.appearance.map.name)
    }
    #expect(maps.count == ColorMap.sequential.count && state.look.appearance.map == .viridis)
    state.tick(60)
    let first = state.drawn()
    state.press("A")
    state.tick(60)
    #expect(state.look.appearance.variant == .highContrast)
    #expect(state.drawn().text() == first.text() && state.drawn().picture != first.picture)
    state.press("a")
    #expect(state.borderNumbers(state.axes(in: Rect(x: 0, y: 0, width: 60, height: 20))).isEmpty)
    state.press("g")
    #expect(state.drawn().cells.allSatisfy { $0.scalar < 0x7f })
    state.press("i")
    #expect(state.drawn().text().contains("cost of a frame"))
  }
}
