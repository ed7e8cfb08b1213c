import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// The exact world: components of the target are dragged, and what is known exactly follows.
struct ExactWorldTests {
  private func world(
    _ dataset: String = "8gaussians", columns: Int = 120, rows: Int = 36, particles: Int = 640
  ) throws -> Replay {
    var replay = try smallReplay(
      dataset: dataset, columns: columns, rows: rows, particles: particles)
    try replay.run(":\n" + "exact".map { "\($0)\n" }.joined() + "space\n")
    try replay.run("world".map { "\($0)\n" }.joined() + "Enter\nwait 0.5")
    #expect(replay.session.state.look.scenery.view == .world)
    return replay
  }

  /// The cell of a component's middle.
  private func cell(_ replay: Replay, _ part: Int) throws -> (column: Int, row: Int) {
    let state = replay.session.state
    let mean = try #require(state.world).parts[part].mean
    return try #require(state.plotAxes?.cell(x: mean[0], y: mean[1]))
  }

  @Test func theFlowsCostTakesThePlaceOfABoundAndNeverOfAnExactLeastCost() throws {
    let replay = try world()
    var values = try #require(replay.session.state.world?.figures.shown)
    let lower = Estimate(mean: values.least.mean - 1, standardError: 0.1)
    values.isLeastExact = false
    #expect(
      values.leastCost(beside: lower) == lower && values.leastCost(beside: nil) == values.least)
    values.isLeastExact = true
    #expect(values.leastCost(beside: lower) == values.least)
  }

  @Test func thePanesOfThePathAreAtTheTimeOfTheWorld() throws {
    var replay = try world(columns: 240, rows: 70)
    try replay.run("5\nwait 0.3")
    #expect(replay.session.state.playback.clock.t == 0.5)
    #expect(replay.text.contains("α 0.50   σ 0.50"))
  }

  @Test func whatIsDraggedIsTheMixtureThatStandsThereAndUndoneTheOneBefore() throws {
    var replay = try world()
    let before = try #require(replay.session.state.world)
    #expect(before.parts.count == 8 && before.parts == DatasetCatalog.eightGaussians.mixture?.parts)
    let (column, row) = try cell(replay, 2)
    try replay.run(
      "press \(column),\(row)\ndrag \(column + 5),\(row + 1)\ndrag \(column + 9),\(row + 3)\n"
        + "release \(column + 9),\(row + 3)\nwait 0.5")
    let state = replay.session.state
    let after = try #require(state.world)
    let axes = try #require(state.plotAxes)
    let moved = before.parts[2].mean
    #expect(after.chosen == 2 && after.parts.filter { !before.parts.contains($0) }.count == 1)
    // Nine columns to the right and three rows down, wherever in its cell it was taken.
    #expect(abs(after.parts[2].mean[0] - moved[0] - 18 * axes.unitsPerDotX) < 1e-12)
    #expect(abs(after.parts[2].mean[1] - moved[1] + 12 * axes.unitsPerDotY) < 1e-12)
    // The field and every number are those of the mixture built there by hand.
    var means = before.parts.map(\.mean)
    means[2] = after.parts[2].mean
    let mixture = GaussianMixture(
      weights: before.parts.map(\.weight), means: means,
      standardDeviation: before.parts[0].deviation)
    var exact = MarginalField(target: mixture)
    var field = try #require(state.worldSubject(after)).field
    let points = Batch(points: [[0.3, -1], [2, 1.5], [-4, 3]])
    var (a, b) = (points, points)
    exact.evaluate(points, at: .shared(0.7), into: &a)
    field.evaluate(points, at: .shared(0.7), into: &b)
    #expect(a == b)
    let values = try #require(after.figures.shown)
    let floor = try #require(values.floor)
    #expect(values.key.version == after.version && after.flow?.isFresh == true)
    #expect(floor.standardError == 0 && after.figures.isFine)
    #expect(abs(floor.mean - LossFloor.of(target: mixture)) < 1e-9)
    // E|X₁ − X₀|² of independent ends, N(0, I) and the mixture.
    let independent = try #require(values.independent)
    #expect(abs(independent - mixture.meanSquare - 2) < 1e-12)
    // All of the drag is one change.
    try replay.run("U\nwait 0.3")
    #expect(replay.session.state.world?.parts == before.parts)
    try replay.run("U")
    #expect(replay.session.state.world?.parts == before.parts)
    #expect(replay.text.contains("nothing was changed"))
  }

  @Test func nothingTrainsWhileItIsOnShow() throws {
    var replay = try world()
    let step = replay.session.state.training.report.step
    try replay.run("wait 1\nT\nwait 0.5")
    #expect(replay.session.state.training.report.step == step)
    #expect(replay.text.contains("rests in the exact world"))
    try replay.run("v\nwait 1")
    #expect(replay.session.state.training.report.step > step)
  }

  @Test func keysMoveWidenWeighAddAndDelete() throws {
    var replay = try world()
    let before = try #require(replay.session.state.world)
    try replay.run("Tab\nRight\nS-Up\n)\n>\nwait 0.2")
    var now = try #require(replay.session.state.world)
    #expect(now.chosen == 1)
    #expect(abs(now.parts[1].mean[0] - before.parts[1].mean[0] - 0.1 * before.scale) < 1e-12)
    #expect(abs(now.parts[1].mean[1] - before.parts[1].mean[1] - 0.01 * before.scale) < 1e-12)
    #expect(now.parts[1].deviation > before.parts[1].deviation)
    #expect(now.share(1) > before.share(1) && abs(now.share(0) - 1 / 8.2) < 1e-12)
    try replay.run("B\nwait 0.1")
    now = try #require(replay.session.state.world)
    #expect(now.parts.count == 9 && now.chosen == 8)
    try replay.run("Delete\nBackspace\nwait 0.1")
    #expect(replay.session.state.world?.parts.count == 7)
    for _ in 0..<7 { try replay.run("U") }
    #expect(replay.session.state.world?.parts == before.parts)
  }

  @Test func aDroppedParticleRunsBothWaysAlongTheExactField() throws {
    var replay = try world()
    let axes = try #require(replay.session.state.plotAxes)
    let (column, row) = try #require(axes.cell(x: 0.4, y: 0.2))
    try replay.run("5\nwait 0.2\nclick \(column),\(row)\nwait 0.2")
    let state = replay.session.state
    let world = try #require(state.world)
    let way = try #require(world.ways?.all.first)
    #expect(world.drops.count == 1 && way.drop.t == 0.5 && way.times.first == 0)
    #expect(way.times.last == 1 && way.place(at: 0.5) == (way.drop.x, way.drop.y))
    // A tight solve from its start ends where its way does.
    let field = try #require(state.worldSubject(world)).field
    let start = Batch(points: [[way.x[0], way.y[0]]])
    let end = try ReferenceSolve(field, from: start).ends
    #expect(abs(end[0, 0] - way.x[way.x.count - 1]) < 1e-3)
    #expect(abs(end[1, 0] - way.y[way.y.count - 1]) < 1e-3)
    let density = try #require(way.startDensity)
    #expect(abs(density - StandardNormal(dimension: 2).logDensity(start)[0]) < 1e-12)
    #expect(replay.text.contains("log p"))
    try replay.run("F\nwait 0.1")
    #expect(replay.session.state.world?.drops.isEmpty == true)
  }

  @Test func whatIsNoMixtureBeginsWithSomeOfItsPoints() throws {
    var replay = try world("moons", particles: 64)
    let world = try #require(replay.session.state.world)
    #expect(world.isOfPoints && world.parts.count == 24)
    try replay.run("Right\n)\nwait 0.2")
    #expect(replay.text.contains("no width"))
    let moved = try #require(replay.session.state.world)
    var exact = MarginalField(points: Batch(points: moved.parts.map(\.mean)))
    var field = try #require(replay.session.state.worldSubject(moved)).field
    let points = Batch(points: [[0.1, 0.2]])
    var (a, b) = (points, points)
    exact.evaluate(points, at: .shared(0.6), into: &a)
    field.evaluate(points, at: .shared(0.6), into: &b)
    #expect(a == b && moved.parts[0].mean != world.parts[0].mean)
  }

  @Test func farAwayAndNarrowWorldsMoveByTheirOwnSpread() throws {
    let far = GaussianMixture(
      weights: [1, 1], means: [[1000, 1000], [1000.002, 1000]], standardDeviation: 3e-4)
    let origin = ExactWorld.Origin(generation: 0, experiment: Experiment(), dataset: "far")
    var world = ExactWorld(
      origin,
      Dataset(name: "far", title: "far", summary: "", mixture: far, entropyFloor: nil),
      some: Batch(points: [[0, 0]]))
    #expect(world.scale > 3e-4 && world.scale < 1e-3)
    world.move(x: 0.1, y: 0)
    #expect(abs(world.parts[0].mean[0] - 1000 - 0.1 * world.scale) < 1e-12)
    #expect(WorldPartsPane.decimals(world.scale) >= 4)
    let source = GaussianMixture.standardNormal(dimension: 2)
    let single = GaussianMixture(weights: [1], means: [[1000, 0]], standardDeviation: 1e-3)
    #expect(
      TransportCosts.leastExactly(from: source, to: single) == 1e6 + 2 * (1 - 1e-3) * (1 - 1e-3))
    #expect(
      abs(TransportCosts.independent(from: source, to: single) - 1_000_002.000002) < 1e-6)
  }
}
