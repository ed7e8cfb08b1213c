import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// Lists where one would else cycle blindly: data sets with pictures, solvers, schedules, views.
struct ChoosingTests {
  private func press(_ replay: inout Replay, _ keys: Key...) throws {
    for key in keys { replay.perform(.key(key)) { _, _ in } }
  }

  private func marked(_ replay: Replay) -> String? {
    guard case .datasets(let question) = replay.session.state.dialogue.overlay else { return nil }
    return question.experiment.dataset
  }

  @Test func theListOfDataSetsStandsAtTheNextOneAndEnterTrainsOnIt() throws {
    var replay = try smallReplay(columns: 120, rows: 36)
    let names = AppState.listedDatasets.map(\.name)
    try press(&replay, .character("d"))
    #expect(marked(replay) == names[1])
    let grid = DatasetGrid(Size(columns: 120, rows: 36))
    try press(&replay, .down)
    #expect(marked(replay) == names[1 + grid.columns])
    try press(&replay, .left, .character("D"), .up)
    #expect(marked(replay) == names[0])
    // The one that is learned already is not learned anew.
    try press(&replay, .enter)
    #expect(replay.session.state.training.generation == 0)
    try press(&replay, .character("d"), .enter)
    #expect(replay.session.state.experiment.dataset == names[1])
    #expect(replay.session.state.training.generation == 1)
  }

  @Test func everyDataSetHasAPictureThatIsNotEmpty() {
    let painter = DatasetsOverlay(theme: Theme())
    var (thumbnails, scatter): ([String: Thumbnail], ScatterDensity) = ([:], ScatterDensity())
    let size = Size(columns: 160, rows: 60)
    let grid = DatasetGrid(size)
    let all = AppState.listedDatasets
    var screen = Screen(size: size)
    let state = AppState(
      experiment: Experiment(), dataset: DatasetCatalog.eightGaussians, size: size)
    var experiment = Experiment()
    experiment.choose(all[3])
    painter.draw(
      Question(experiment, ""), state, thumbnails: &thumbnails, scatter: &scatter, into: &screen)
    for (place, dataset) in all.enumerated() {
      guard let rect = grid.rect(place, marked: 3, of: all.count) else { continue }
      let dots = (rect.y..<rect.maxY - 2).reduce(0) { sum, y in
        sum + (rect.x..<rect.maxX).filter { screen[$0, y].scalar != Cell.blank.scalar }.count
      }
      #expect(dots >= 8, "\(dataset.name)")
    }
  }

  @Test func tilesAreFoundWhereTheyAreDrawnAndTheMarkedOneIsAlwaysSeen() {
    let count = AppState.listedDatasets.count
    for size in [
      Size(columns: 40, rows: 12), Size(columns: 80, rows: 24), Size(columns: 240, rows: 70),
    ] {
      let grid = DatasetGrid(size)
      #expect(grid.box.maxX <= size.columns && grid.box.maxY <= size.rows)
      for marked in 0..<count {
        let rect = grid.rect(marked, marked: marked, of: count)
        #expect(rect != nil)
        guard let rect else { continue }
        #expect(grid.place(x: rect.x + 3, y: rect.y + 2, marked: marked, of: count) == marked)
      }
    }
  }

  @Test func aChangedSolverIsSeenAmongAllForAMoment() throws {
    var replay = try smallReplay()
    try press(&replay, .character("s"))
    let text = replay.session.screen.text()
    for method in ButcherTableau.all.prefix(4) { #expect(text.contains(method.title)) }
    #expect(text.contains("order 2, 2 a step"))
    #expect(
      replay.session.state.dialogue.flash?.choices?.chosen
        == replay.session.state.allowedSolvers.firstIndex(
          of: replay.session.state.focusedLane.settings.method))
    replay.perform(.wait(2.5)) { _, _ in }
    #expect(!replay.session.screen.text().contains("order 2, 2 a step"))
    try press(&replay, .character("c"))
    #expect(replay.session.screen.text().contains("as trained"))
  }

  @Test func everyHintOfTheLastRowCanBeClicked() throws {
    var replay = try smallReplay(columns: 120, rows: 36)
    let hints = replay.session.state.layout.hints
    for item in HintsPane.items(replay.session.state, in: hints) {
      #expect(
        HintsPane.action(replay.session.state, in: hints, x: item.x) == item.binding.keys[0].action)
      let drawn = (0..<item.key.count).map { replay.session.screen[item.x + $0, hints.y].character }
      #expect(String(drawn) == item.key)
    }
    let scrub = try #require(
      HintsPane.items(replay.session.state, in: hints).first { $0.binding.label == "← →" })
    #expect(
      HintsPane.action(replay.session.state, in: hints, x: scrub.x + 2) == .time(.scrub(0.02)))
    let help = try #require(
      HintsPane.items(replay.session.state, in: hints).first { $0.key == "?" })
    replay.perform(.click(x: help.x, y: hints.y)) { _, _ in }
    #expect(replay.session.state.dialogue.overlay == .help)
  }

  @Test func aBookmarkOfOtherDataLeadsToAViewThatTheseHave() throws {
    var replay = try smallReplay()
    try replay.run("train 20\nEnd\nh\nwait 0.2\nb")
    let words = try #require(AppState.listedDatasets.firstIndex { $0.name == "words" })
    try replay.run(
      "d\n" + String(repeating: "d\n", count: words - 1) + "Enter\nwait 0.1\n<\nwait 0.3")
    #expect(replay.state.dataset.tokens != nil)
    #expect(replay.state.look.scenery.view == .words)
  }
}
