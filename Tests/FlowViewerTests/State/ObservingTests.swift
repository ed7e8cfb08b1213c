import TerminalCanvas
import Testing

@testable import FlowMatching
@testable import FlowViewer

@Suite("A posterior follows what is observed")
struct ObservingTests {
  private static func state(size: Size = Size(columns: 160, rows: 48)) throws -> AppState {
    let preset = try Preset.named("posterior")
    var experiment = preset.experiment
    experiment.widths = [16, 16]
    var options = AppState.Options()
    options.preset = preset
    options.instructionSet = .baseline
    options.particles = 256
    options.evaluationBudget = 1_000_000
    var state = AppState(
      experiment: experiment, dataset: DatasetCatalog.twoMoonsPosterior, size: size,
      options: options)
    state.dialogue.caption = nil
    state.settle()
    return state
  }

  @Test("the particles are those of the network given the observation, with the exact draws beside")
  func follows() throws {
    var state = try Self.state()
    #expect(state.layout.rect(of: .observation) != nil)
    #expect(state.layout.rect(of: .exactPosterior) != nil)
    let before = state.focusedLane.positions
    let exact = state.observing?.exact
    state.observe([-0.4, 0.3])
    state.settle()
    let field = state.experiment.velocityField(
      of: state.shownWeights, Guidance(given: [-0.4, 0.3]), instructionSet: .baseline)
    let expected = try #require(field.carried(state.particles.noise))
    #expect(state.focusedLane.positions.rootMeanSquareDistance(to: expected) < 1e-6)
    #expect(state.focusedLane.positions != before)
    #expect(state.observing?.exact != nil && state.observing?.exact != exact)
    #expect(
      state.dataset.distribution as? TwoMoonsPosterior
        == TwoMoonsPosterior(given: SIMD2(-0.4, 0.3)))
  }

  @Test("the numbers of the observation are whole at every size")
  func numbers() throws {
    for (size, words) in [
      (Size(columns: 80, rows: 24), "observation  −0.400, 0.300 ─"),
      (Size(columns: 120, rows: 36), "x1 −0.400, x2 0.300 ─"),
    ] {
      var state = try Self.state(size: size)
      state.observe([-0.4, 0.3])
      state.settle()
      #expect(state.drawn().text().contains(words), "\(state.drawn().text())")
      #expect(!state.drawn().text().contains("── draws"))
    }
  }

  @Test("a click in its plane and H J K L there move the observation, elsewhere the window")
  func moves() throws {
    var state = try Self.state()
    let rect = try #require(state.layout.rect(of: .observation))
    let (x, y) = (rect.x + rect.width / 2, rect.y + rect.height / 2)
    for action in [MouseEvent.Action.press, .release] {
      _ = state.update(.event(.mouse(MouseEvent(action: action, x: x, y: y))))
    }
    let clicked = try #require(state.observing?.observation)
    #expect(clicked != [0, 0] && state.window.focusedPane == .observation)
    state.press("L")
    let moved = try #require(state.observing?.observation)
    #expect(moved[0] > clicked[0] && abs(moved[1] - clicked[1]) < 1e-12)
    #expect(state.window.viewports[0].x == 0)
    state.window.update(.focus(.plot))
    state.press("L")
    #expect(state.observing?.observation == moved && state.window.viewports[0].x != 0)
  }

  @Test("what the simulator hardly yields is not turned to")
  func impossible() throws {
    var state = try Self.state()
    state.observe([0.6, 0])
    #expect(state.observing?.observation == [0, 0])
    #expect(state.dialogue.flash?.text.contains("hardly") == true)
  }

  @Test(
    "no distance to the usual posterior is shown of another, and a new run begins with the usual")
  func distances() throws {
    var state = try Self.state()
    state.press("|")
    #expect(state.judges != nil)
    state.training.shownReport.measurements = [
      TrainingRun.Measurement(step: 0, excess: nil, w2: 0.3)
    ]
    state.training.shownReport.measurements[0].distances = [.sliced: 0.2]
    #expect(state.distanceFigure?.value == 0.3 && state.distanceFigure(.sliced)?.value == 0.2)
    state.observe([-0.3, 0.2])
    #expect(state.judges == nil && state.distanceFigure == nil && !state.showsUsualObservation)
    #expect(state.distanceFigure(.sliced) == nil)
    state.press("R", "Enter")
    #expect(state.showsUsualObservation && state.judges != nil)
    #expect(state.dataset.entropyFloor == DatasetCatalog.twoMoonsPosterior.entropyFloor)
  }

  @Test("coverage is that of pairs of the simulator by the weights on show, whatever is observed")
  func coverage() throws {
    var state = try Self.state()
    #expect(state.layout.rect(of: .coverage) != nil)
    for _ in 0..<200 where state.shownCalibration == nil { state.tick() }
    let study = try #require(state.shownCalibration)
    #expect(study.calibration.count == CalibrationStudy.pairs)
    #expect(study.key.weightsStep == state.shownWeightsStep)
    // An untrained network stays near its noise, which is far wider than any posterior.
    let wide = try #require(study.calibration.coverage.first { $0.level == 0.9 })
    #expect(!wide.isWithin && wide.share > 0.9)
    state.observe([-0.3, 0.2])
    #expect(state.shownCalibration?.calibration == study.calibration)
    #expect(state.drawn().text().contains("200 pairs"))
    state.press("R", "Enter")
    #expect(state.shownCalibration == nil)
  }

  @Test("lanes that keep weights and best steps follow the observation, whatever changes in them")
  func lanes() throws {
    var state = try Self.state()
    state.press("|", "X")
    #expect(state.focusedLane.settings.keepsWeights)
    state.observe([-0.3, 0.2])
    _ = try state.set(.steps, to: "8")
    state.settle()
    let field = state.experiment.velocityField(
      of: state.shownWeights, Guidance(given: [-0.3, 0.2]), instructionSet: .baseline)
    let plan = state.focusedLane.settings.plan(chunkSize: 256)
    let expected = try #require(field.carried(state.particles.noise, plan))
    #expect(state.focusedLane.positions.rootMeanSquareDistance(to: expected) < 1e-6)
    _ = try state.set(.grid, to: "best")
    for _ in 0..<2000 where state.focusedLane.settings.isBeingPlaced { state.tick() }
    #expect(state.focusedLane.placedStep != nil)
    state.observe([0.1, 0.1])
    #expect(state.focusedLane.settings.isBeingPlaced && state.focusedLane.placedStep == nil)
  }

  @Test("a saved state has its observation again")
  func saved() throws {
    var state = try Self.state()
    state.observe([-0.2, 0.25])
    let saved = state.saved(network: "x")
    var other = try Self.state()
    other.restore(saved)
    #expect(other.observing?.observation == [-0.2, 0.25])
    #expect(other.saved(network: "x").observation == saved.observation)
  }

  @Test("of a file's posterior the exact one is not known, and every observation can be turned to")
  func file() throws {
    var random = Random(seed: 1)
    let drawn = TwoMoonsSimulator().sample(count: 300, using: &random)
    // Mean 1000 and spread 1e-3 beside a scale of 1e6: each column has units of its own.
    var observed = drawn.observations
    for j in 0..<300 {
      observed[0, j] = 1000 + 1e-3 * observed[0, j]
      observed[1, j] *= 1e6
    }
    let table = try #require(
      SimulationTable(
        parameters: drawn.parameters, observations: observed, named: ["a", "b"]))
    let dataset = Dataset(name: "sims.csv", points: drawn.parameters).observing(table)
    var experiment = Experiment(to: dataset)
    experiment.widths = [8]
    var state = AppState(
      experiment: experiment, dataset: dataset, size: Size(columns: 120, rows: 36))
    state.settle()
    let before = state.focusedLane.positions
    state.observe([1000.0005, 3e5])
    state.settle()
    #expect(state.observing?.observation == [1000.0005, 3e5])
    #expect(state.focusedLane.positions != before && state.judges == nil)
    let text = state.drawn().text()
    #expect(text.contains("not known of a file") && text.contains("observation"))
  }

  @Test("every pane of it fits at every size", arguments: PaneScenes.sizes)
  func sizes(size: Size) throws {
    var state = try Self.state(size: size)
    for pane in [nil, PaneName.observation, .exactPosterior, .coverage] {
      state.window.update(.expand(pane))
      let text = state.drawn().text()
      let titles = ["observation", "exact posterior", "coverage"]
      let wanted =
        pane.map { [$0.rawValue] } ?? (size.columns >= 80 && size.rows >= 24 ? ["observation"] : [])
      for title in wanted where titles.contains(title) { #expect(text.contains(title), "\(size)") }
    }
  }
}
