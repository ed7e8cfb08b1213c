import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The density view's numbers")
struct DensityProbeTests {
  private let axes = PlotAxes(
    rect: Rect(x: 0, y: 0, width: 60, height: 30), x: -4...4, y: -4...4)

  @Test("From t = 1 it is the log-likelihood to its tolerance, the same whatever the slices")
  func likelihood() throws {
    let state = slowState(budget: 1 << 20)
    let points = state.scene.sample.prefix(40)
    var known = LogLikelihood(
      state.shownNetwork.inDouble, of: points, source: StandardNormal(dimension: 2),
      .dormandPrince, tolerance: 1e-9)
    known.finish()
    var first: [Double]?
    for slice in [1, 5000, Int.max] {
      var solve = BackwardDensity(
        state.shownNetwork, source: state.scene.source, points: points, from: 1,
        tolerance: BackwardDensity.exact)
      while !solve.isOver {
        var budget = slice
        solve.advance(budget: &budget)
      }
      #expect(first.map { $0 == solve.values } ?? true)
      first = solve.values
      for (a, b) in zip(solve.values, try #require(known.values)) { #expect(abs(a - b) < 1e-3) }
    }
  }

  @Test("At t = 0 nothing is solved and the density is the normal one, whose integral is 1")
  func start() {
    let state = slowState(budget: 1 << 20)
    let request = DensityPicture.Request(
      grid: PlotGrid(axes, limit: 1 << 20), t: 0, weightsStep: 0, generation: 0)
    let probe = DensityProbe(
      request, state.shownNetwork, source: state.scene.source, isFinal: true)
    #expect(probe.isOver && abs(probe.picture.integral - 1) < 1e-3)
    // The circle that holds the share m has the radius √(−2 ln(1 − m)).
    let dots = probe.picture.contours
    let radius = (-2 * BackwardDensity.logDensity(0.5)).squareRoot()
    let place = axes.dotX(radius)
    let row = Int(axes.dotY(0))
    #expect((-1...1).contains { dots?.test(Int(place) + $0, row) ?? false })
  }

  @Test("A density that was computed before is on show at once, with its likelihood")
  func recalled() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 200)
    try replay.run("train 200\nh\nwait 3\nHome\nwait 3")
    let start = try #require(replay.state.probes.shownDensity)
    #expect(start.contours != nil && start.request.t == 0)
    try replay.run("End\nwait 3")
    let end = try #require(replay.state.probes.shownDensity)
    #expect(end.contours != nil && end.request.t == 1)
    try replay.run("Home\nwait 0.04")
    #expect(replay.state.probes.shownDensity?.logDensity == start.logDensity)
    try replay.run("End\nwait 0.04")
    #expect(replay.state.probes.shownDensity?.logDensity == end.logDensity)
  }

  @Test("A trained density integrates to 1 and knows the better the likelier points")
  func trained() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 600, learningRate: 1e-2)
    try replay.run("train 600\nEnd\nwait 1\nh\nwait 2")
    let state = replay.state
    let picture = try #require(state.probes.shownDensity)
    #expect(abs(picture.integral - 1) < 0.02 && picture.contours != nil)
    let nll = try #require(state.probes.likelihood.shown?.nll)
    let floor = try #require(state.dataset.entropyFloor)
    #expect(nll.mean > floor - 3 * nll.error)
    #expect(try #require(state.probes.likelihood.shown?.divergence) > 0)
    let study = try #require(state.probes.hutchinson.shown)
    let exact = try #require(study.exact)
    let error = study.mean.deviation / Double(HutchinsonStudy.count).squareRoot()
    #expect(abs(study.mean.value - exact) < 4 * error + 1e-3)
    #expect(study.logOfMean >= study.mean.value)
  }

  @Test("Lanes along other velocities have densities of their own")
  func velocities() throws {
    var replay = try smallReplay(columns: 160, rows: 48, particles: 512, steps: 300)
    try replay.run("train 300\n|\nT\nEnd\nwait 1\nh\nwait 3")
    var state = replay.state
    let learned = try #require(state.probes.shownDensity)
    for velocity in [LaneVelocity.exact, .score(1)] {
      _ = state.changeLane { $0.velocity = velocity }
      state.tick(40, seconds: 0.1)
      let picture = try #require(state.probes.shownDensity)
      #expect(picture.request.followed.velocity == velocity)
      #expect(picture.logDensity != learned.logDensity, "\(velocity)")
    }
  }

  @Test("A click asks for the density there, and a parked trained picture rests")
  func cross() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 100)
    try replay.run("train 100\nEnd\nwait 1\nh\nwait 2\nclick 30,12\nwait 6")
    let axes = try #require(replay.state.plotAxes)
    let place = axes.world(column: 30, row: 12)
    #expect(replay.state.probes.cross == place)
    #expect(replay.state.probes.hutchinson.shown?.request.x == place.x)
    #expect(replay.state.nextDeadline == nil)
  }

  @Test("On a slow machine the density follows a playing clock and is fine in the end")
  func slow() {
    var state = slowState(budget: 4000, columns: 80, rows: 24, particles: 256)
    state.settle()
    state.press("h", "0")
    var seen: Set<Double> = []
    for _ in 0..<300 {
      state.tick()
      if let t = state.probes.shownDensity?.request.t { seen.insert(t) }
    }
    for _ in 0..<3000 where state.nextDeadline == 0 { state.tick() }
    #expect(seen.count > 2 && state.probes.shownDensity?.contours != nil)
    #expect(state.probes.shownDensity?.request.t == 1)
  }
}
