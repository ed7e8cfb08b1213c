import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Views of curved spaces")
struct SpaceViewTests {
  @Test(
    "The density of a flow on the sphere integrates to 1 over the whole, and its lines hold their mass"
  )
  func density() throws {
    var replay = try spaceReplay("sphere-vmf", steps: 60)
    try replay.run("train 60\nEnd\nwait 1\nh\nwait 6")
    let picture = try #require(replay.state.probes.spaceDensity.shown?.picture)
    #expect(picture.request.grid.rows == SpaceDensityProbe.fineRows)
    #expect(abs(picture.integral - 1) < 1e-3)
    #expect(picture.levels.count == 3 && picture.levels[0] >= picture.levels[1])
    #expect(replay.text.contains("∫p over all"))
  }

  @Test("Velocities of the field view lie along the sphere, and turning it asks for none anew")
  func field() throws {
    var replay = try spaceReplay("sphere-vmf", steps: 60)
    try replay.run("train 60\n7\nwait 1\nv\nwait 4")
    let picture = try #require(replay.state.probes.spaceField.shown?.picture)
    let points = picture.request.grid.points(on: Sphere())
    for j in stride(from: 0, to: points.count, by: 7) {
      let along = (0..<3).reduce(0) { $0 + Double(picture.velocity[$1][j]) * points[$1, j] }
      #expect(abs(along) < 1e-5)
    }
    #expect(picture.heat.allSatisfy { $0.isFinite && $0 >= 0 })
    try replay.run(")")
    #expect(replay.state.spaceViewDelay == nil)
  }

  @Test("A grid's values are met at its samples, and go on around the sphere")
  func grid() {
    let grid = ChartGrid(Sphere(), rows: 8)
    let values = (0..<grid.count).map { Float($0) }
    for k in [0, 17, 100] {
      let place = SIMD2(
        (Double(k % grid.columns) + 0.5) / Double(grid.columns),
        (Double(k / grid.columns) + 0.5) / Double(grid.rows))
      #expect(abs(grid.value(values, place) - Float(k)) < 1e-3)
    }
    let areas = (0..<grid.rows).map { grid.area(ofRow: $0, on: Sphere()) * Double(grid.columns) }
    #expect(abs(areas.reduce(0, +) - 4 * .pi) < 1e-9)
    // Halfway between the last and the first column is the mean of both.
    let seam = grid.value(values, SIMD2(0, 0.5 / 8))
    #expect(abs(seam - Float(grid.columns - 1) / 2) < 1e-3)
  }

  @Test("Pairs by optimal transport are geodesics of less cost than those drawn")
  func pairs() throws {
    var replay = try spaceReplay("sphere-vmf", steps: 20)
    try replay.run("train 20\n5\nV\nwait 0.5")
    #expect(replay.state.look.scenery.view == .coupling)
    let pairs = try #require(replay.state.probes.pairs)
    #expect(pairs.matchings[1].cost < pairs.matchings[0].cost)
    #expect(Set(pairs.matchings[1].partner).count == pairs.source.count)
  }

  @Test("Views of the plane alone are passed over, and say why where they are asked for")
  func refused() throws {
    var replay = try spaceReplay("torus-mixture", steps: 20)
    var seen: Set<PlotView> = []
    for _ in PlotView.allCases {
      try replay.run("v")
      seen.insert(replay.state.look.scenery.view)
    }
    #expect(seen == Set(PlotView.ofPoints.filter { !$0.needsPlane }))
    var state = replay.state
    let before = state.look.scenery.view
    state.show(.warp)
    #expect(state.look.scenery.view == before)
    #expect(state.dialogue.flash?.text.contains("needs the plane") == true)
  }

  @Test("Straight lines leave the sphere on the way and end on it; geodesics never do")
  func straight() throws {
    var options = AppState.Options()
    options.preset = try Preset.named("straight-lines")
    var replay = try spaceReplay("sphere-vmf", steps: 20, options: options)
    try replay.run("5\nwait 3")
    let along = try #require(replay.state.offSpace(ofLane: 0))
    let through = try #require(replay.state.offSpace(ofLane: 1))
    #expect(along < 1e-3 && through > 0.3)
    #expect(replay.text.contains("off the sphere"))
  }

  @Test("Lanes' errors are geodesic distances, of a torus the short way around")
  func errors() throws {
    var replay = try spaceReplay("torus-mixture", columns: 120, rows: 36, steps: 60)
    try replay.run("train 60\n|\n|\nEnd\nwait 4")
    for lane in replay.state.lanes.all {
      let error = try #require(lane.error)
      #expect(error.particles.allSatisfy { $0 <= 2.0.squareRoot() * .pi })
    }
    let (euler, fine) = (replay.state.lanes.all[0].error, replay.state.lanes.all[3].error)
    #expect(try #require(euler).rms > (try #require(fine).rms))
  }

  @Test("A followed particle's way is a path on the space, with its length there")
  func followed() throws {
    var replay = try spaceReplay("sphere-vmf", columns: 120, rows: 36, steps: 60)
    try replay.run("train 60\n6\nwait 1\nf\nwait 1")
    let way = try #require(replay.state.particles.shownInspection)
    for moment in way.moments {
      let length = moment.point.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(length - 1) < 1e-4)
    }
    let (length, chord) = way.length(on: Sphere())
    #expect(length >= chord - 1e-9 && chord <= .pi)
    #expect(replay.text.contains("° N") || replay.text.contains("° S"))
  }

  @Test("How a body stands is saved and comes back")
  func saved() throws {
    var replay = try spaceReplay("sphere-land", steps: 20)
    try replay.run(")\n)\nJ")
    let saved = replay.state.saved(network: "x")
    var state = try spaceReplay("sphere-land", steps: 20).state
    state.restore(saved)
    #expect(state.turning?.around == replay.state.turning?.around)
    #expect(state.turning?.lean == replay.state.turning?.lean)
  }
}
