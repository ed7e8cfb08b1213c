import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Warp, paths, coupling and particles' numbers")
struct OtherViewTests {
  @Test("The determinant of the carried grid is that of the map by differences")
  func determinant() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 300, learningRate: 1e-2)
    try replay.run("train 300\nN\nN\nEnd\nwait 1\nv\nv\nv\nwait 1")
    let state = replay.state
    #expect(state.look.scenery.view == .warp)
    let warped = try #require(state.warped)
    var field: any VelocityField = state.shownNetwork
    let index = 5 * WarpGrid.pointsPerLine + 30
    let start = WarpGrid.points.point(index)
    let h = 1e-3
    let around = Batch(points: [
      [start[0] + h, start[1]], [start[0] - h, start[1]], [start[0], start[1] + h],
      [start[0], start[1] - h],
    ])
    let end = Integrator.solve(&field, .midpoint, control: .fixed(steps: 128), from: around).x
    let a = (end[0, 0] - end[0, 1]) / (2 * h)
    let b = (end[0, 2] - end[0, 3]) / (2 * h)
    let c = (end[1, 0] - end[1, 1]) / (2 * h)
    let d = (end[1, 2] - end[1, 3]) / (2 * h)
    let expected = BackwardDensity.logDensity(abs(a * d - b * c))
    #expect(abs(warped.logDeterminants[index] - expected) < 0.02)
  }

  @Test("Crossings are counted: a cross has one, a fan none, k parallel pairs reversed k(k−1)/2")
  func crossings() {
    func count(_ from: [[Double]], _ to: [[Double]]) -> Int {
      PairSample.crossings(Batch(points: from), Batch(points: to), Array(from.indices))
    }
    #expect(count([[0, 0], [1, 0]], [[1, 1], [0, 1]]) == 1)
    #expect(count([[0, 0], [1, 0]], [[0, 1], [1, 1]]) == 0)
    let row = (0..<6).map { [Double($0), 0] }
    let reversed = (0..<6).map { [Double(5 - $0), 1] }
    #expect(count(row, reversed) == 15)
  }

  @Test("Optimal transport costs less and crosses less than chance", arguments: [16, 64, 256])
  func coupling(count: Int) {
    let pairs = PairSample(
      from: StandardNormal(dimension: 2), to: DatasetCatalog.eightGaussians, count: count,
      index: 0, seed: 3, instructionSet: .baseline)
    #expect(pairs.matchings[1].cost < 0.5 * pairs.matchings[0].cost)
    #expect(pairs.matchings[1].crossings < pairs.matchings[0].crossings / 2)
    #expect(pairs.matchings[1].partner.sorted() == Array(0..<count))
  }

  @Test("Every coordinate and every size of a minibatch can be reached by o")
  func choices() {
    var state = slowState(budget: 1 << 20)
    state.press("V", "V", "V", "V")
    var sizes: Set<Int> = []
    for _ in AppState.pairCounts {
      state.press("o")
      state.tick()
      sizes.insert(state.probes.pairs?.source.count ?? 0)
    }
    #expect(sizes == Set(AppState.pairCounts))
    state.press("V")
    let first = state.look.scenery.coordinate
    state.press("o")
    #expect(state.look.scenery.coordinate == 1 - first)
  }

  @Test("A particle's speed is the field's length there, and its log p that of its place")
  func values() throws {
    var replay = try smallReplay(columns: 120, rows: 36, steps: 300, learningRate: 1e-2)
    try replay.run("train 300\nT\nN\nN\n6\nwait 3\no\no\no\nwait 2")
    let state = replay.state
    #expect(state.look.scenery.colouring == .logDensity && state.playback.clock.t == 0.6)
    let speeds = try #require(state.speeds(of: 0))
    var network = state.shownNetwork
    let x = state.focusedLane.positions.prefix(5)
    var v = x
    network.evaluate(x, at: .shared(0.6), into: &v)
    for j in 0..<5 {
      let length = (v[0, j] * v[0, j] + v[1, j] * v[1, j]).squareRoot()
      #expect(abs(speeds[j] - length) < 1e-2 * max(1, length))
    }
    let carried = try #require(state.carriedDensity)
    var solve = BackwardDensity(
      network, source: state.scene.source, points: x, from: 0.6, tolerance: 1e-5)
    var budget = Int.max
    solve.advance(budget: &budget)
    for (a, b) in zip(carried.values, solve.values) { #expect(abs(a - b) < 1e-2) }
  }

  @Test("Trails follow few particles, and x shows the target alone")
  func trails() throws {
    var replay = try smallReplay(columns: 120, rows: 36, particles: 2048)
    try replay.run("T\n5\nwait 1\nt")
    #expect(replay.text.contains("520 particles"))
    let before = replay.text
    try replay.run("wait 2\nx\nx\nwait 2")
    #expect(replay.state.look.scenery.content == .target && replay.text != before)
  }
}
