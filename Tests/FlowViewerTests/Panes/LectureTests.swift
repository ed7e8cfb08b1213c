import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("A lecture")
struct LectureTests {
  private static let sizes = [(80, 24), (120, 36), (160, 48)]
  private static let figures = [
    "###\n# #\n# #\n# #\n###", ".#.\n##.\n.#.\n.#.\n###", "###\n..#\n###\n#..\n###",
    "###\n..#\n###\n..#\n###", "# #\n# #\n###\n..#\n..#", "###\n#..\n###\n..#\n###",
    "###\n#..\n###\n# #\n###", "###\n..#\n..#\n.#.\n.#.", "###\n# #\n###\n# #\n###",
    "###\n# #\n###\n..#\n###",
  ].map { $0.replacing(".", with: " ") }

  /// The number that the large figures make, read back from the cells of the screen.
  private func clock(of replay: Replay) -> String? {
    guard let rect = replay.state.layout.clock?.inset(by: 1) else { return nil }
    let screen = replay.session.screen
    let rows = (rect.y..<rect.y + ClockPane.rows).map { y in
      (rect.x..<rect.maxX).map { screen.cells[y * screen.size.columns + $0].scalar == 0x2588 }
    }
    let isInk = (0..<rect.width).map { x in rows.contains { $0[x] } }
    guard let first = isInk.firstIndex(of: true) else { return nil }
    // The point is one square wide: it tells how many columns a square has.
    let runs = isInk[first...].split(separator: false)
    let scale = runs.map(\.count).min() ?? 1
    return runs.map { run in
      let text = rows.map { row in
        stride(from: run.startIndex, to: run.endIndex, by: scale).map { row[$0] ? "#" : " " }
          .joined()
      }.joined(separator: "\n")
      return run.count == scale ? "." : Self.figures.firstIndex(of: text).map(String.init) ?? "?"
    }.joined()
  }

  @Test(
    "has t in large figures, the plot, one chart and no milliseconds, whatever was asked before",
    arguments: sizes)
  func whole(columns: Int, rows: Int) throws {
    var replay = try smallReplay(columns: columns, rows: rows)
    try replay.run("train 400\ni\nwait 0.2\nZ\nEnd\nwait 1")
    #expect(clock(of: replay) == "1.00")
    var seen: Set<String> = []
    for _ in 0..<12 {
      try replay.run("Left\nwait 0.5")
      let shown = try #require(clock(of: replay))
      #expect(shown == NumberFormat.fixed(replay.state.playback.clock.t, 2))
      seen.insert(shown)
    }
    #expect(seen.count > 8)
    #expect(replay.state.layout.panes.map(\.pane) == [.loss])
    #expect(replay.state.layout.filmRows == 0)
    for word in [" ms", "frames/s", "KB"] {
      #expect(!replay.text.contains(word), "\(word)\n\(replay.text)")
    }
    #expect(replay.text.contains("loss") && replay.text.contains("particles"))
    try replay.run("Z\nwait 0.1")
    #expect(replay.state.layout.clock == nil && clock(of: replay) == nil)
    #expect(replay.text.contains(" ms") || columns < 160)
  }

  @Test("has its figures on a sphere and over compared lanes", arguments: sizes.dropFirst())
  func kinds(columns: Int, rows: Int) throws {
    var options = AppState.Options()
    options.lecture = true
    var replays = [
      try spaceReplay("sphere-land", columns: columns, rows: rows, options: options),
      try smallReplay(columns: columns, rows: rows, options: options),
    ]
    try replays[0].run("train 20\nHome\nwait 0.5")
    try replays[1].run("train 100\n|\nEnd\nwait 2")
    #expect(replays.map { clock(of: $0) } == ["0.00", "1.00"])
    for replay in replays { #expect(!replay.text.contains(" ms")) }
  }
}
