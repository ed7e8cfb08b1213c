import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The wall of words")
struct WordsPaneTests {
  private func replay(
    _ dataset: Dataset, columns: Int = 80, rows: Int = 24, source: TokenSource = .mask,
    theme: Theme = Theme(depth: .direct, background: .dark), options: AppState.Options? = nil,
    along velocity: LaneVelocity? = nil
  ) -> Replay {
    var experiment = Experiment(to: dataset)
    experiment.source = source.rawValue
    experiment.widths = [16]
    experiment.batch = 32
    experiment.steps = 200
    var options = options ?? AppState.Options()
    options.solver = .letters(steps: 8, along: velocity)
    return Replay(
      experiment: experiment, dataset: dataset, size: Size(columns: columns, rows: rows),
      options: options, theme: theme)
  }

  @Test("At 80×24 a hundred words stand on the wall, real ones green, others red with ×")
  func fates() throws {
    var replay = replay(DatasetCatalog.words)
    try replay.run("train 30\nEnd\nwait 1")
    let picture = try #require(replay.state.words(ofLane: 0))
    #expect(picture.count(.open) == 0 && picture.count(.deadEnd) == 0)
    #expect(picture.count(.real) + picture.count(.other) == replay.state.particleCount)
    let wall = WordsPane.Wall(
      replay.state.layout.lanes[0], WordSpelling(replay.state.dataset, .braille))
    #expect(wall.columns * wall.rows >= 100)
    let list = WordList.english
    let screen = replay.session.screen
    let theme = Theme(depth: .direct, background: .dark)
    for place in 1..<min(100, picture.words.count) {
      let (x, y) = wall.place(place)
      let word = list.letters.text(picture.words.sequence(place))
      let cells = (1...5).map { screen[x + $0, y] }
      #expect(String(cells.prefix(4).map(\.character)) == word)
      let isReal = list.index(of: picture.words.sequence(place)) != nil
      let paint = theme.style(isReal ? .good : .bad).foreground
      #expect(screen.palette[cells[0].foreground] == paint, "\(word)")
      #expect((cells[4].character == "×") == !isReal, "\(word)")
    }
  }

  @Test("A wall that has no room for all words says how many it shows")
  func room() throws {
    var options = AppState.Options()
    options.particles = 400
    var small = replay(DatasetCatalog.words, options: options)
    try small.run("train 5\nEnd\nwait 1")
    let wall = WordsPane.Wall(
      small.state.layout.lanes[0], WordSpelling(small.state.dataset, .braille))
    #expect(small.text.contains("\(wall.columns * wall.rows) of 400"))
    var large = replay(DatasetCatalog.words, columns: 160, rows: 48, options: options)
    try large.run("train 5\nEnd\nwait 1")
    #expect(!large.text.contains(" of 400"))
  }

  @Test(
    "The share of words over t rises from none to the end's, beside that of the exact posterior")
  func course() throws {
    var replay = replay(DatasetCatalog.words, columns: 160, rows: 48)
    try replay.run("train 30\nEnd\nwait 3")
    let learned = try #require(replay.state.probes.words.course.shown)
    for points in [learned.lane, learned.exact] {
      #expect(points.map(\.t) == (0...8).map { Double($0) / 8 })
      // From masks what is a word stays one.
      #expect(
        points[0].share == 0 && zip(points, points.dropFirst()).allSatisfy { $0.share <= $1.share })
    }
    // In eight steps of κ = t² the exact posterior makes 69 % words, by an independent program.
    let end = try #require(learned.exact.last)
    #expect(abs(end.share - 0.69) < 0.07)
    #expect(try #require(learned.lane.last).share < 0.1)
    #expect(replay.text.contains("% over t"))
    // Along the exact posterior itself both are the same draws.
    var known = self.replay(DatasetCatalog.words, columns: 160, rows: 48, along: .exact)
    try known.run("train 5\nEnd\nwait 3")
    let exact = try #require(known.state.probes.words.course.shown)
    #expect(exact.lane == exact.exact && exact.exact == learned.exact)
  }

  @Test("Letters of this step are lit, and going back shows the very same words")
  func jumps() throws {
    var replay = replay(DatasetCatalog.words, columns: 160, rows: 48)
    try replay.run("train 30\nEnd\nwait 1\nHome\nwait 0.2\n.\n.\n.\nwait 0.2")
    let picture = try #require(replay.state.words(ofLane: 0))
    #expect(abs(replay.state.playback.clock.t - 3.0 / 8) < 1e-9)
    #expect(picture.jumps > 0)
    let n = picture.words.count
    // From masks a letter jumps once: what has jumped is set, what is open has not.
    for k in picture.words.values.indices where picture.jumped[k] {
      #expect(picture.words.values[k] < picture.words.space.mask)
    }
    let before = replay.text
    try replay.run(".\n.\nwait 0.2\n,\n,\nwait 0.2")
    #expect(replay.state.words(ofLane: 0)?.words == picture.words)
    #expect(replay.state.words(ofLane: 0)?.jumped == picture.jumped && n > 500)
    #expect(wall(replay.text) == wall(before))
  }

  /// The rows of the wall alone.
  private func wall(_ text: String) -> [Substring] {
    text.split(separator: "\n").prefix(30).map { $0.prefix(90) }
  }

  @Test("A click picks a word; its posterior and the words that fit stand beside it")
  func picking() throws {
    var replay = replay(DatasetCatalog.words, columns: 160, rows: 48)
    try replay.run("train 30\nEnd\nwait 1\n6\nwait 0.5")
    let wall = WordsPane.Wall(
      replay.state.layout.lanes[0], WordSpelling(replay.state.dataset, .braille))
    let (x, y) = wall.place(37)
    try replay.run("click \(x + 2),\(y)\nwait 0.2")
    #expect(replay.state.pickedWord == 37)
    let letters = try #require(replay.state.probes.words.letters)
    #expect(letters.word == replay.state.words(ofLane: 0)?.words.sequence(37))
    for (i, letter) in letters.word.enumerated() {
      #expect(abs(letters.probabilities[i].reduce(0, +) - 1) < 1e-6)
      if letter < 26 { #expect(letters.entropy(i) < 1e-9) }
    }
    let fitting = try #require(letters.fitting)
    #expect(
      fitting.allSatisfy { word in zip(word, letters.word).allSatisfy { $0 == $1 || $1 == 26 } })
  }

  @Test("The exact posterior's share of real words stands beside the learned one's")
  func study() throws {
    var replay = replay(TokenDatasets.five, columns: 160, rows: 48)
    try replay.run("train 200\nEnd\nwait 12")
    let points = try #require(replay.state.probes.words.study.shown?.points)
    #expect(points.map(\.evaluations) == WordStudy.evaluations)
    #expect(points.last?.exact ?? 0 > 0.9 && points[0].exact < 0.6)
    #expect(replay.text.contains("exact posterior"))
  }

  @Test("Every size, depth and alphabet draws, with one lane and with four")
  func sizes() throws {
    let boards = [DatasetCatalog.tokensCheckerboardEight, TokenDatasets.five, TokenDatasets.one]
    for dataset in boards {
      for source in TokenSource.allCases {
        for (columns, rows) in [(40, 12), (120, 36)] {
          for depth in [ColorDepth.mono, .direct] {
            var replay = replay(
              dataset, columns: columns, rows: rows, source: source,
              theme: Theme(depth: depth, background: depth == .direct ? .light : .dark))
            try replay.run("train 2\nEnd\nwait 0.3\nv\nwait 0.2\nv\n|\nwait 0.2\n|\n5\nwait 0.2")
            #expect(replay.text.split(separator: "\n").count == rows)
          }
        }
      }
    }
  }

  @Test("Turning from points to words and back leaves a whole screen")
  func turning() throws {
    var replay = try smallReplay(columns: 120, rows: 36)
    try replay.run("train 5\nEnd\nwait 0.3")
    var (state, screen) = (replay.state, replay.session.screen)
    var painter = FramePainter(theme: Theme(depth: .direct, background: .dark))
    for name in ["words", "moons", "tokens-checkerboard:8", "8gaussians"] {
      var experiment = Experiment(to: try DatasetCatalog.named(name))
      experiment.widths = [8]
      _ = state.restartTraining(Question(experiment, "data set → \(name)"))
      for lanes in [1, 2, 4, 1] {
        _ = state.setLanes(lanes)
        for _ in 0..<4 {
          _ = state.update(.tick(0.05, isAnswer: false))
          painter.draw(state, into: &screen)
        }
      }
      #expect(state.dataset.name == name)
      #expect((state.traits.tokens != nil) == name.contains(/words|tokens/))
      #expect(state.views.contains(state.look.scenery.view))
    }
  }
}

private enum TokenDatasets {
  static let five = Dataset(name: "five", words: list("sing\nsong\nsand\nsaga\ngoad\n"))
  static let one = Dataset(name: "letters", words: list("a\nß\n漢\n"))

  private static func list(_ text: String) -> WordList {
    guard let list = try? WordList(text: text) else { preconditionFailure("no words") }
    return list
  }
}
