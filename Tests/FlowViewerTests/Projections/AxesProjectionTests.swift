import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Points of more than two coordinates, seen along two axes")
struct AxesProjectionTests {
  private func replay(
    _ dataset: Dataset = DatasetCatalog.gaussians16, _ size: Size = Size(columns: 80, rows: 24)
  ) -> Replay {
    var experiment = Experiment(to: dataset)
    (experiment.widths, experiment.batch, experiment.steps) = ([16, 16], 64, 400)
    var options = AppState.Options()
    options.particles = 256
    return Replay(
      experiment: experiment, dataset: dataset, size: size, options: options,
      theme: Theme(depth: .direct, background: .dark))
  }

  /// Points of so many coordinates, which vary the more the higher the coordinate.
  private static func cloud(_ d: Int) -> Dataset {
    var random = Random(seed: 1)
    var points = StandardNormal(dimension: d).sample(count: 60, using: &random)
    for i in 0..<d { for j in 0..<60 { points[i, j] *= Double(i + 1) } }
    var dataset = Dataset(name: "own", points: points)
    dataset.columns = d == 2 ? nil : (1...d).map { "column \($0)" }
    return dataset
  }

  @Test("the screen says along what and how much of the variance, at every size")
  func words() throws {
    for size in [(80, 24), (120, 36), (160, 48)] {
      var replay = replay(DatasetCatalog.gaussians16, Size(columns: size.0, rows: size.1))
      try replay.run("train 60\nwait 0.5")
      let text = replay.text
      #expect(text.contains("PC1 and PC2 explain 70 %"), "\(text)")
      #expect(text.contains("PC1 4") && text.contains("↑ PC2 2"))
    }
  }

  @Test("two coordinates are chosen by number or by name while it runs, and others are refused")
  func coordinates() throws {
    var replay = replay(Self.cloud(5))
    try replay.run("train 40\nwait 0.5")
    var state = replay.state
    _ = try state.set(.axes, to: "5,column1")
    #expect(state.look.scenery.shownAxes == [4, 0])
    // 25 and 1 of 1 + 4 + 9 + 16 + 25.
    #expect(state.axesWords?.hasPrefix("column 5 and column 1 explain 4") == true)
    let points = state.focusedLane.positions
    let picture = state.projection.picture(points)
    for j in 0..<points.count {
      #expect(picture[0, j] == points[4, j] && picture[1, j] == points[0, j])
    }
    for text in ["5", "1,1", "1,6", "0,1", "1,2,3", "salt,1", "", "nan,1"] {
      #expect(throws: ParameterMistake.self) { try state.set(.axes, to: text) }
    }
    _ = try state.set(.axes, to: "principal")
    #expect(state.look.scenery.shownAxes == nil)
    var plane = try smallReplay().state
    #expect(throws: ParameterMistake.self) { try plane.set(.axes, to: "1,2") }
  }

  @Test("views of the plane say in one line that they need it")
  func views() throws {
    var replay = replay()
    #expect(replay.state.views == [.particles, .paths])
    for view in PlotView.ofPoints where !view.suitsAxes {
      var state = replay.state
      state.show(view)
      #expect(state.look.scenery.view == .particles)
      #expect(state.dialogue.flash?.text.contains("16 coordinates") == true)
    }
    try replay.run("v\nwait 0.3")
    #expect(replay.text.contains("PC1 over t") && replay.text.contains("straightness"))
  }

  @Test(
    "every key and both kinds of data lead on, from one coordinate to many and back",
    arguments: [1, 3, 16])
  func keys(d: Int) throws {
    var replay = replay(d == 16 ? DatasetCatalog.gaussians16 : Self.cloud(d))
    try replay.run(
      "train 40\nwait 0.3\no\no\no\nt\nwait 0.2\nclick 20,10\nwait 0.2\nx\nG\nwait 0.1")
    try replay.run(
      "o\nt\nf\nv\nwait 0.2\no\nv\n|\nwait 0.3\nj\nt\nwait 0.2\n|\nwait 0.2\nh\nwait 0.1")
    try replay.run("D\ny\nwait 0.3\nd\ny\nwait 0.3\nd\ny\nwait 0.3")
    #expect(replay.state.focusedLane.positions.dimension == replay.state.scene.sample.dimension)
  }

  @Test("a comparison of points goes on to letters, and back")
  func letters() throws {
    var replay = try smallReplay()
    try replay.run("train 40\nwait 0.2\n|\nwait 0.2\n|\nwait 0.2\nD\ny\nwait 0.3\nD\ny\nwait 0.3")
    #expect(replay.state.traits.tokens != nil && replay.state.lanes.all.count == 4)
    try replay.run("d\ny\nwait 0.3")
    #expect(replay.state.traits.tokens == nil)
  }

  @Test("the target of a pair is drawn anew at every step, and their mean stays")
  func batches() throws {
    var options = AppState.Options()
    options.preset = try Preset.named("every-batch")
    var replay = try smallReplay(columns: 120, rows: 36, steps: 50_000, options: options)
    try replay.run("train 20\nwait 1")
    let targets = try #require(replay.state.probes.noise.shown?.picture.targets)
    #expect(targets.count == NoiseProbe.targetPlaces)
    for place in targets {
      #expect(place.draws.count == NoiseProbe.draws)
      let mean = place.draws.reduce(0) { $0 + $1.x / Double(place.draws.count) }
      let variance = place.draws.reduce(0) {
        $0 + ($1.x - mean) * ($1.x - mean) / Double(place.draws.count)
      }
      let error = (variance / Double(place.draws.count)).squareRoot()
      #expect(abs(mean - place.mean.x) < 5 * error + 1e-9)
    }
    // Drawn alone, so that nothing else of the screen may be what changed.
    let theme = Theme(depth: .direct, background: .dark)
    func cells(_ step: Int) -> (all: [Cell], ofMeans: [Cell?]) {
      var state = replay.state
      state.training.report.step = step
      var (screen, plots) = (Screen(size: Size(columns: 80, rows: 30)), PlotCache())
      NoisePane(theme: theme).draw(
        state, plots: &plots, into: &screen, in: Rect(x: 0, y: 0, width: 80, height: 30))
      let all = (0..<30).flatMap { y in (0..<80).map { x in screen[x, y] } }
      let accent = theme.style(.accent).foreground
      return (all, all.map { screen.palette[$0.foreground] == accent ? $0 : nil })
    }
    let (first, second) = (cells(7), cells(8))
    #expect(first.all != second.all && first.ofMeans == second.ofMeans)
    #expect(first.ofMeans.count { $0 != nil } > NoiseProbe.targetPlaces)
  }
}
