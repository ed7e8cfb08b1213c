import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The field view's numbers")
struct FieldProbeTests {
  private let axes = PlotAxes(
    rect: Rect(x: 3, y: 2, width: 40, height: 16), x: -2.5...2.5, y: -2.5...2.5)

  @Test("A coarse grid of a linear function is exact between its samples")
  func bilinear() {
    for stride in [1, 2, 3, 5] {
      let grid = PlotGrid(axes, limit: 1 << 20, stride: stride)
      let points = grid.points()
      let values = (0..<grid.count).map { Float(2 * points[0, $0] - 3 * points[1, $0]) }
      let place = axes.world(dotX: 31, dotY: 27)
      let value = grid.value(values, dotX: 31, dotY: 27)
      #expect(abs(Double(value) - (2 * place.x - 3 * place.y)) < 1e-5)
    }
    #expect(PlotGrid(axes, limit: 100).count <= 100)
  }

  @Test("Scales of the field are in units of the data, so that no scale of them saturates all")
  func units() {
    func scene(_ scale: Double, mean: Double = 0) -> TargetScene {
      var random = Random(seed: 4)
      var points = StandardNormal(dimension: 2).sample(count: 500, using: &random)
      for k in points.values.indices { points.values[k] = mean + scale * points.values[k] }
      var experiment = Experiment()
      experiment.dataset = "mine"
      return TargetScene(Dataset(name: "mine", points: points), experiment)
    }
    let scenes = [scene(1), scene(1e6), scene(1e-3), scene(1e-3, mean: 1000)]
    #expect(scenes.map { FieldScale.unit(of: .error, $0) } == [1, 1e6, 1e-3, 1e-3])
    // What starts at N(0, I) moves at least by that.
    #expect(scenes.map { FieldScale.unit(of: .speed, $0) } == [1, 1e6, 1, 1000])
    #expect(scenes.allSatisfy { FieldScale.unit(of: .divergence, $0) == 1 })
    let grid = PlotGrid(axes, limit: 1 << 20)
    let picture = FieldPicture(
      request: FieldPicture.Request(grid: grid, t: 1, weightsStep: 0, generation: 0, heat: .error),
      x: [], y: [], heat: [], presence: [])
    let levels = scenes.prefix(3).map { scene in
      FieldScale(picture, scene: scene, theme: Theme(), steps: 48).level(
        Float(0.25 * scene.errorScale))
    }
    #expect(levels == [0.5, 0.5, 0.5])
  }

  @Test("The heat is the distance from the exact field, and the divergence that of the network")
  func heat() throws {
    let state = slowState(budget: 1 << 20)
    let exact = try #require(state.scene.exact)
    for heat in FieldHeat.allCases {
      let grid = PlotGrid(axes, limit: 1 << 20)
      let request = FieldPicture.Request(
        grid: grid, t: 0.4, weightsStep: 0, generation: 0, heat: heat)
      var probe = FieldProbe(
        request, network: state.shownNetwork, exact: exact, particles: state.particles.noise)
      var budget = 1
      var slices = 0
      while !probe.isOver {
        budget = 300
        probe.advance(budget: &budget)
        slices += 1
      }
      #expect(slices >= 3)
      let index = 7 * grid.columns + 11
      let point = grid.points().points(index..<index + 1)
      var network = state.shownNetwork
      var teacher = exact
      var (v, u) = (point, point)
      var divergence = [0.0]
      network.evaluate(point, at: .shared(0.4), into: &v, divergence: &divergence)
      teacher.evaluate(point, at: .shared(0.4), into: &u)
      func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
      let expected =
        switch heat {
        case .error: length(v[0, 0] - u[0, 0], v[1, 0] - u[1, 0])
        case .divergence: divergence[0]
        case .speed: length(v[0, 0], v[1, 0])
        case .logDensity: teacher.logDensity(point, at: .shared(0.4))[0]
        }
      #expect(abs(Double(probe.picture.heat[index]) - expected) < 1e-5, "\(heat)")
      #expect(probe.picture.presence.allSatisfy { (0...1).contains($0) })
    }
  }

  @Test("While t moves on a slow machine pictures are finished all the same")
  func neverStarves() {
    var state = slowState(budget: 1500, columns: 120, rows: 36, particles: 256)
    state.settle()
    state.press("v", "0")
    var seen: Set<Double> = []
    for _ in 0..<200 {
      state.tick()
      if let t = state.probes.shownField?.request.t { seen.insert(t) }
    }
    #expect(seen.count > 2)
  }

  @Test("The curve of the field's error is that of the draws, and of |u*| the exact energy")
  func curve() throws {
    let state = slowState(budget: 1 << 20)
    var curve = FieldErrorCurve(
      network: state.shownNetwork, weightsStep: 0, exact: try #require(state.scene.exact),
      scene: state.scene)
    var budget = Int.max
    curve.advance(budget: &budget)
    #expect(curve.isOver && curve.points.first?.t == 0 && curve.points.last?.t == 1)
    // At t = 0 the exact field is E[X₁] − x: E|u*|² = 2, of 256 draws within three standard errors.
    let speed = try #require(curve.value(at: 0)).speed
    #expect(abs(speed * speed - 2) < 3 * 2 / 16)
  }

  /// Jumps along the velocity where they start: Euler's.
  private struct EulerMap: TwoTimeMap {
    var field: any VelocityField
    var dimension: Int { field.dimension }
    mutating func meanVelocity(_ x: Batch, from t: Times, to r: Times, into velocity: inout Batch) {
      field.evaluate(x, at: t, into: &velocity)
    }
  }

  @Test(
    "Of a map it has the error of jumps over their ends too: of Euler's as a Gaussian's flow bends")
  func jumps() throws {
    let gaussian = Dataset(
      name: "one gaussian", title: "one gaussian", summary: "",
      mixture: GaussianMixture(weights: [1], means: [[1, -1]], standardDeviation: 0.5),
      entropyFloor: nil)
    let exact = try #require(gaussian.exactField(scheduler: .conditionalOT))
    let scene = TargetScene(gaussian, Experiment())
    let network = slowState(budget: 100).shownNetwork
    var curve = FieldErrorCurve(
      network: network, map: EulerMap(field: exact), weightsStep: 0, exact: exact, scene: scene)
    var budget = Int.max
    curve.advance(budget: &budget)
    let x = scene.noise.prefix(256)
    let size = (x.values.reduce(0) { $0 + $1 * $1 } / 256).squareRoot()
    for r in [0, 0.25, 0.5, 1] {
      // u(x, 0) = m − x, and the mean velocity is m + (σ_r − 1)/r·x.
      let sigma = ((1 - r) * (1 - r) + 0.25 * r * r).squareRoot()
      let expected = r == 0 ? 0 : abs((sigma - 1) / r + 1) * size
      let found = try #require(curve.value(at: r)?.jump)
      #expect(abs(found - expected) < 1e-6, "\(r): \(found) \(expected)")
    }
    let state = slowState(budget: 100)
    #expect(state.knowsFollowedExact)
    var asked = state
    asked.lanes.update(.set(.guided(1, exact: false)))
    #expect(!asked.knowsFollowedExact)
  }

  @Test("Without an exact field there is no error to choose")
  func unknown() throws {
    var replay = try smallReplay(dataset: "pinwheel", columns: 120, rows: 36)
    try replay.run("T\nv\nwait 0.2")
    var seen: Set<FieldHeat> = []
    for _ in 0..<4 {
      seen.insert(replay.state.fieldHeat)
      try replay.run("o\nwait 0.1")
    }
    #expect(replay.state.scene.exact != nil || seen == [.divergence, .speed])
  }
}
