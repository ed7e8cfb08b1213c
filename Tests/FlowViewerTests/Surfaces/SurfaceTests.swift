import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Pictures of curved spaces")
struct SurfaceTests {
  private func target(_ name: String) throws -> (target: SurfaceTarget, dataset: Dataset) {
    let dataset = try #require(DatasetCatalog.curved.first { $0.name == name })
    let space = try #require(dataset.space as? any PicturedSpace)
    var random = Random(seed: 1)
    let sample = dataset.distribution.sample(count: 4000, using: &random)
    return (SurfaceTarget(dataset, on: space, sample: sample), dataset)
  }

  @Test("Land is where the mask has it: its share of the sphere, and all of its own points")
  func land() throws {
    let (target, dataset) = try target("sphere-land")
    #expect(abs(target.share - LandMask.earth.share) < 1e-9)
    #expect(target.words == "on land")
    var random = Random(seed: 2)
    let points = dataset.distribution.sample(count: 2000, using: &random)
    #expect(target.share(of: Sphere().chart(points)) > 0.999)
    #expect(abs(target.share(of: Sphere().chart(Sphere().uniform(20_000))) - 0.2877) < 0.02)
    #expect(abs(target.scale.end - 3.476) < 0.01)
  }

  @Test("Squares fill half of the torus at twice the uniform density")
  func squares() throws {
    let (target, dataset) = try target("torus-checkerboard")
    #expect(abs(target.share - 0.5) < 1e-9 && target.words == "on squares")
    #expect(abs(target.scale.end - 2) < 1e-6)
    var random = Random(seed: 2)
    let points = dataset.distribution.sample(count: 2000, using: &random)
    #expect(target.share(of: Torus().chart(points)) == 1)
  }

  @Test("A density without an edge is where 95 % of it lie")
  func clusters() throws {
    let (target, dataset) = try target("sphere-vmf")
    var random = Random(seed: 2)
    let points = dataset.distribution.sample(count: 8000, using: &random)
    #expect(abs(target.share(of: Sphere().chart(points)) - 0.95) < 0.015)
    #expect(target.words == "in 95 %" && target.share < 0.5)
  }

  @Test("The scale has round numbers and the target's own, which is not quite the last colour")
  func scale() {
    let scale = SurfaceScale(end: 3.476)
    #expect(scale.marks.map(\.text) == ["0.5", "1", "2", "3.5"])
    #expect(scale.level(0) == 0 && scale.level(3.476) < 1 && scale.level(3.476) > 0.85)
    // log(1 + 1/.695)/log(1 + 1.24·5)
    #expect(abs(scale.level(1) - 0.4514) < 0.001)
    #expect(SurfaceScale(end: 2).marks.map(\.text) == ["0.5", "1", "2"])
    #expect(SurfaceScale(end: .nan).level(1).isFinite)
  }

  @Test("The disc of a globe covers π/4 of its box, lit from the upper left, with edges in between")
  func raster() throws {
    let globe = GlobeProjection(centre: GeographicPlace(longitude: 0, latitude: 0))
    let axes = PlotAxes(
      rect: Rect(x: 0, y: 0, width: 60, height: 30), x: -1...1, y: -1...1, alignsTicks: false)
    let raster = SurfaceRaster(axes, globe)
    let cover = raster.halves.reduce(0) { $0 + Double($1.cover) } / Double(raster.halves.count)
    #expect(abs(cover - .pi / 4) < 0.005)
    #expect(raster.halves.contains { $0.cover > 0.1 && $0.cover < 0.9 })
    let (bright, dark) = (raster.halves[15 * 60 + 18], raster.halves[45 * 60 + 42])
    #expect(bright.light > 0.9 && dark.light < 0.45)
  }

  @Test("Every depth, background, glyph and size draws; without colour the globe has its outline")
  func everyTheme() throws {
    for (index, depth) in ColorDepth.allCases.enumerated() {
      for background in Background.allCases {
        var theme = Theme(depth: depth, background: background)
        if depth == .mono { theme.glyphs = .ascii }
        var replay = try spaceReplay(
          index % 2 == 0 ? "sphere-vmf" : "torus-mixture", particles: 256, steps: 5, theme: theme)
        try replay.run("train 5\n5\nwait 0.1\nt\no\nx\nf\nwait 0.1")
        #expect(!replay.text.isEmpty)
      }
    }
    var mono = try spaceReplay(
      "sphere-vmf", particles: 256, steps: 5, theme: Theme(depth: .mono, background: .dark))
    try mono.run("train 5\nEnd\nwait 0.1")
    #expect(!mono.text.contains("▀"))
  }

  @Test("Every size draws, from one cell up")
  func everySize() throws {
    for (columns, rows) in [(1, 1), (40, 12), (100, 30), (200, 60)] {
      var replay = try spaceReplay(
        "sphere-vmf", columns: columns, rows: rows, particles: 256, steps: 5)
      try replay.run("train 5\n5\nwait 0.1\ne\nt\n+\n|\nwait 0.1")
      #expect(replay.state.window.size.columns == columns)
    }
  }

  @Test("Beside a globe stand its land over t, its likelihood over training and its field's error")
  func studies() throws {
    var replay = try spaceReplay(
      "torus-checkerboard", columns: 160, rows: 48, particles: 600, steps: 60)
    try replay.run("train 60\nEnd\nwait 3")
    let state = replay.state
    #expect(state.probes.support.points.count == SupportCurve.steps + 1)
    let last = try #require(state.probes.support.points.last)
    #expect(abs(last.share - (try #require(state.supportShare))) < 1e-6)
    let nll = try #require(state.probes.spaceLikelihood.history.last)
    #expect(nll.step == 60 && nll.value > 2.98 && nll.value < 4.5)
    let error = try #require(state.probes.spaceError.shown)
    #expect(error.points.allSatisfy { $0.error.isFinite && $0.speed > 0 })
    #expect(replay.text.contains("on squares") && replay.text.contains("doughnut"))
  }

  @Test("Another space than before takes its own particles, body and window; and the plane is back")
  func otherSpace() throws {
    var state = try spaceReplay("sphere-land", particles: nil, steps: 20).state
    var plane = Experiment()
    plane.widths = [16, 16]
    _ = state.restartTraining(Question(plane, "data set → plane"))
    #expect(state.turning == nil && state.focusedLane.positions.dimension == 2)
    _ = state.update(.tick(0.03))
  }
}
