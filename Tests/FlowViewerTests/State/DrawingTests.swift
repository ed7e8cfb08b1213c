import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Data of one's own")
struct DrawingTests {
  private func drawing(_ state: AppState) -> Drawing? {
    if case .drawing(let drawing) = state.dialogue.overlay { drawing } else { nil }
  }

  private func restart(_ effects: [Effect]) -> (Experiment, Dataset?)? {
    for case .trainer(.restart(let experiment, let data, _)) in effects {
      return (experiment, data)
    }
    return nil
  }

  @Test("Arrows move the pen, space puts points, Backspace takes them back, c clears")
  func pen() throws {
    var state = slowState(budget: 1 << 20)
    state.press("B")
    #expect(try #require(drawing(state)).count == 0)
    state.press("space", "Right", "Right", "Up", "space")
    let two = try #require(drawing(state))
    #expect(two.count == 2 * Drawing.dab && two.x > 0 && two.y > 0)
    let points = try #require(two.points)
    let mean = points.row(0).reduce(0, +) / Double(points.count)
    #expect(abs(mean - two.x / 2) < 0.1)
    #expect(state.drawn().text().contains("24 points"))
    state.press("Backspace")
    #expect(drawing(state)?.count == Drawing.dab)
    state.press("c")
    #expect(drawing(state)?.count == 0)
    for _ in 0..<400 { state.press("Left", "Up") }
    let axes = try #require(state.plotAxes)
    let corner = try #require(drawing(state))
    #expect(corner.x == axes.xRange.lowerBound && corner.y == axes.yRange.upperBound)
    for _ in 0..<600 { state.press("space") }
    #expect(try #require(drawing(state)).count <= Drawing.limit)
  }

  @Test("Enter asks first; the points become the target, the window and the trainer's data")
  func take() throws {
    var state = slowState(budget: 1 << 20)
    state.press("B", "Enter")
    #expect(state.dialogue.flash?.text.contains("no points yet") == true && drawing(state) != nil)
    state.press("S-Right", "S-Right", "S-Right", "space", "Enter")
    guard case .question(let question) = state.dialogue.overlay else {
      Issue.record("nothing was asked")
      return
    }
    #expect(question.change.contains("drawing 1, 12 points"))
    let effects = state.press("y")
    let (experiment, data) = try #require(restart(effects))
    #expect(experiment.dataset == "drawing 1" && data?.distribution is PointCloud)
    #expect(state.dataset.name == "drawing 1" && state.dataset.title == "drawing 1")
    #expect(state.scene.exact != nil)
    // R keeps the points; another data set of the catalogue lets them go.
    state.press("R")
    let again = try #require(restart(state.press("y")))
    #expect(again.0.dataset == "drawing 1" && state.dataset.distribution is PointCloud)
    state.press("B")
    #expect(drawing(state)?.count == 12)
    state.press("space", "Enter", "Esc")
    #expect(state.dataset.name == "drawing 1")
  }

  @Test("Esc cancels and keeps the drawing; the mouse draws where it is dragged")
  func mouse() throws {
    var state = slowState(budget: 1 << 20)
    state.press("B")
    let axes = try #require(state.plotAxes)
    let (x, y) = (axes.rect.x + axes.rect.width / 2, axes.rect.y + axes.rect.height / 2)
    for step in 0..<5 {
      let action: MouseEvent.Action = step == 0 ? .press : .drag
      _ = state.update(.event(.mouse(MouseEvent(action: action, button: .left, x: x + step, y: y))))
    }
    _ = state.update(.event(.mouse(MouseEvent(action: .press, button: .left, x: 0, y: 0))))
    let drawn = try #require(drawing(state))
    #expect(drawn.count == 5 * Drawing.dab)
    #expect(abs(drawn.x - axes.world(column: x + 4, row: y).x) < 1e-9)
    let t = state.playback.clock.t
    state.press("Esc")
    #expect(
      state.dialogue.overlay == nil && state.playback.clock.t == t
        && state.dialogue.lastDrawing.count == drawn.count)
  }

  @Test("A prompt spells a word or a file; what the file holds is asked about")
  func prompts() throws {
    var state = slowState(budget: 1 << 20)
    state.press(":")
    for letter in "text go" { state.press(letter == " " ? "space" : String(letter)) }
    state.press("Enter")
    guard case .question(let word) = state.dialogue.overlay else {
      Issue.record("no word was asked about")
      return
    }
    #expect(word.experiment.dataset == "text:GO")
    #expect(restart(state.press("y"))?.1 == nil && state.dataset.title == "“GO”")
    state.press(":")
    for letter in "data my points.csv" { state.press(letter == " " ? "space" : String(letter)) }
    #expect(state.drawn().text().contains("my points.csv"))
    let effects = state.press("Enter")
    #expect(
      effects.contains { if case .read(.points("my points.csv", _)) = $0 { true } else { false } })
    let points = Batch(points: [[1, 2], [3, 4], [-1, 0]])
    state.answer(.loaded(.data(Dataset(name: "my points.csv", points: points))))
    let own = try #require(restart(state.press("y")))
    #expect(own.1?.name == "my points.csv" && state.dataset.summary.contains("3 points"))
    state.answer(.loaded(.failed("no such file")))
    #expect(state.drawn().text().contains("no such file"))
    var random = Random(seed: 4)
    let wide = StandardNormal(dimension: 3).sample(count: 50, using: &random)
    var named = Dataset(name: "wide.csv", points: wide)
    named.columns = ["a", "b", "c"]
    state.answer(.loaded(.data(named)))
    #expect(state.drawn().text().contains("50 points of 3 coordinates"))
    #expect(try #require(restart(state.press("y"))).1?.name == "wide.csv")
    #expect(state.experiment.dimension == 3 && state.focusedLane.positions.dimension == 3)
    #expect(state.scene.axes?.coordinates.map(\.name) == ["a", "b", "c"])
    state.answer(.loaded(.data(Dataset(name: "my points.csv", points: points))))
    _ = restart(state.press("y"))
    #expect(state.experiment.dimension == 2 && state.scene.axes == nil)
    let mixture = Dataset(
      name: "world.json", title: "world.json", summary: "",
      mixture: GaussianMixture(
        weights: [1, 3], means: [[1, 1], [-1, 0]], standardDeviation: 0.1),
      entropyFloor: nil)
    state.answer(.loaded(.data(mixture)))
    #expect(state.drawn().text().contains("world.json, 2 Gaussians"))
    _ = restart(state.press("y"))
    #expect(state.dataset.centres == [[1, 1], [-1, 0]] && state.scene.exact != nil)
    var globe = try spaceReplay("sphere-vmf", columns: 80, rows: 24, particles: 64).state
    _ = globe.read(.points("some.csv"))
    globe.answer(.loaded(.data(Dataset(name: "my points.csv", points: points))))
    #expect(
      globe.dialogue.overlay == nil && globe.dialogue.flash?.text.contains("2 columns") == true)
  }
}

extension Batch {
  fileprivate func row(_ index: Int) -> [Double] {
    (0..<count).map { self[index, $0] }
  }
}
