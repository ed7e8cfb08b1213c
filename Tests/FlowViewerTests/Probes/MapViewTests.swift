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
    #expect(noise.text.contains("least loss at t " + NumberFormat.fixed(shown.request.t, 2)))
  }

  @Test("The end's residual of one Gaussian is held against its map in closed form")
  func closedForm() throws {
    var experiment = Experiment()
    experiment.objective = .meanFlow
    let gaussian = Dataset(
      name: "one gaussian", title: "one gaussian", summary: "",
      mixture: GaussianMixture(weights: [1], means: [[1, -1]], standardDeviation: 0.5),
      entropyFloor: nil)
    #expect(experiment.exactMap(to: gaussian, tolerance: 1e-5) is GaussianMap)
    #expect(experiment.exactMap(to: DatasetCatalog.eightGaussians, tolerance: 1e-5) is SolvedMap)
    experiment.scheduler = .cosine
    #expect(experiment.exactMap(to: gaussian, tolerance: 1e-5) is SolvedMap)
  }
}
