import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// Points of any mean and spread, as pixels, longitudes and years have them, in every view.
@Suite("Views at any scale")
struct AnyScaleTests {
  @Test(
    "Every view draws points of mean 1000 and any spread, without a number that is none",
    arguments: [1e-3, 1, 1e6])
  func views(spread: Double) throws {
    var random = Random(seed: 3)
    var points = StandardNormal(dimension: 2).sample(count: 40, using: &random)
    for k in points.values.indices { points.values[k] = 1000 + spread * points.values[k] }
    var experiment = Experiment()
    experiment.widths = [8, 8]
    experiment.batch = 16
    experiment.steps = 40
    var options = AppState.Options()
    options.particles = 256
    var replay = Replay(
      experiment: experiment, dataset: Dataset(name: "cloud", points: points),
      size: Size(columns: 110, rows: 34), options: options,
      theme: Theme(depth: .direct, background: .dark))
    // The cloud itself is seen before anything is learned.
    let cross = replay.state.probes.cross
    #expect(abs(cross.x - 1000) < 5 * spread && abs(cross.y - 1000) < 5 * spread)
    try replay.run("train 40\nEnd\nwait 0.1")
    var seen: Set<PlotView> = []
    for _ in PlotView.ofPoints {
      seen.insert(replay.state.look.scenery.view)
      try replay.run("wait 0.07")
      let words = replay.text.lowercased().split { !$0.isLetter }
      #expect(!words.contains { $0 == "nan" || $0 == "inf" }, "\(replay.text)")
      try replay.run("v")
    }
    #expect(seen == Set(PlotView.ofPoints))
    // Other colours, windows and lanes.
    try replay.run("h\no\n+\n-\n=\nf\n|\nwait 0.1\nG\nwait 0.1")
  }
}
