import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The views of flow maps")
struct MapViewTests {
  @Test("A residual's number is that of the weights on show, and none is said beside newer ones")
  func residualOfOlderWeights() throws {
    var replay = try presetReplay("map-residual", Size(columns: 120, rows: 36), particles: 256)
    try replay.run("train 20\nT\nEnd\nwait 3")
    var picture = try #require(replay.state.probes.residual.shown?.picture)
    #expect(picture.request.weightsStep == replay.state.lanes.ensemble.weightsStep)
    #expect(replay.text.contains("rms") && picture.size > 0)
    // Newer weights: the picture stays until the next one is complete, its number does not.
    try replay.run("T\ntrain 5\nT\nwait 0.1")
    picture = try #require(replay.state.probes.residual.shown?.picture)
    #expect(picture.request.weightsStep != replay.state.lanes.ensemble.weightsStep)
    #expect(!replay.text.contains("rms"))
    try replay.run("wait 4")
    #expect(replay.text.contains("rms"))
  }

  @Test("The heading of an equation has the time of the picture, and the noise its own")
  func times() throws {
    var replay = try presetReplay("map-residual", Size(columns: 160, rows: 48), particles: 256)
    try replay.run("train 20\nT\no\nHome\nwait 3")
    #expect(replay.state.look.scenery.residual == .eulerian)
    let picture = try #require(replay.state.probes.residual.shown?.picture)
    #expect(replay.text.contains("at t = " + NumberFormat.fixed(picture.request.t, 2)))
    var noise = try presetReplay("target-noise", Size(columns: 160, rows: 48), particles: 256)
    try noise.run("train 20\nT\nwait 3")
    let shown = try #require(noise.state.probes.noise.shown?.picture)
    #expect(noise.text.contains("variance at t " + NumberFormat.fixed(shown.request.t, 2)))
  }

  @Test(
    "A lane that asks for the best steps gets those of what it follows, and of other steps others")
  func bestSteps() throws {
    var state = slowState(budget: 1 << 20)
    _ = state.update(.event(.resize(Size(columns: 120, rows: 36))))
    var settings = LaneSettings(LaneSolver(.midpoint), steps: 8, along: .exact)
    settings.grid = .best
    state.lanes.update(.set(settings))
    for _ in 0..<200 where state.focusedLane.settings.bestTimes == nil { state.tick() }
    var times = try #require(state.focusedLane.settings.gridTimes)
    #expect(times.count == 9 && times != TimeGrid.uniform.times(steps: 8))
    #expect(state.shownGrid?.times == times)
    #expect(state.focusedLane.settings.detail == "8 steps best")
    // The chart of t is among the panes, and knows them.
    #expect(state.layout.rect(of: .steps) != nil)
    state.press("n")
    #expect(state.focusedLane.settings.bestTimes == nil)
    for _ in 0..<200 where state.focusedLane.settings.bestTimes == nil { state.tick() }
    times = try #require(state.focusedLane.settings.gridTimes)
    #expect(state.focusedLane.settings.steps == 4 && times.count == 5)
  }

  @Test(
    "Of a followed particle there are the chord of a jump, the path of ū and how far they are apart"
  )
  func chord() throws {
    var replay = try presetReplay("one-step", Size(columns: 120, rows: 36), particles: 256)
    try replay.run("train 20\nT\n|\nEnd\nf\nwait 2")
    let way = try #require(replay.state.particles.shownInspection)
    #expect(way.path.count == 65 && way.chords.count == 2)
    let (end, velocityEnd) = (way.moments[64].point, way.path[64])
    let apart = zip(end, velocityEnd).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    #expect(way.miss == apart && apart > 0)
    #expect(replay.text.contains("chord misses") || replay.text.contains("off ū"))
  }

  @Test(
    "A lane of exact jumps lands where the exact flow does, not where one step of a solver would")
  func exactJumps() throws {
    var replay = try presetReplay("wrong-tangent", Size(columns: 160, rows: 48), particles: 128)
    try replay.run("train 20\nT\nEnd\nwait 6")
    let lane = replay.state.lanes.all[1]
    #expect(lane.settings.velocity == .exact && lane.settings.method.isMap && lane.t == 1)
    #expect(lane.settings.title == "exact map")
    var field: any VelocityField = try #require(replay.state.scene.exact)
    let end = Integrator.solve(
      &field, .dop853, control: .adaptive(relative: 1e-8, absolute: 1e-8),
      from: replay.state.particles.noise)
    #expect(lane.positions.rootMeanSquareDistance(to: end.x) < 1e-3)
  }

  @Test("The end's residual of one Gaussian is held against its map in closed form")
  func closedForm() throws {
    var experiment = Experiment()
    experiment.objective = .meanFlow
    let gaussian = Dataset(
      name: "one gaussian", title: "one gaussian", summary: "",
      mixture: GaussianMixture(weights: [1], means: [[1, -1]], standardDeviation: 0.5),
      entropyFloor: nil)
    func end() throws -> [Double] {
      var map = try #require(experiment.exactMap(to: gaussian, tolerance: 1e-5))
      var x = Batch(points: [[2, -0.4]])
      map.carry(&x, from: .shared(0), to: .shared(1))
      return x.values
    }
    // m + s·x; a solve at this tolerance is some 1e-6 off.
    #expect(try abs(end()[0] - 2) < 1e-14 && abs(end()[1] + 1.2) < 1e-14)
    experiment.scheduler = .cosine
    #expect(try abs(end()[0] - 2) < 1e-4)
  }
}
