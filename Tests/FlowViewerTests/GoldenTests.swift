import FlowMatching
import Foundation
import TerminalCanvas
import Testing

@testable import FlowViewer

// The screens in Golden/ are what scripted replays must show, character by character. When a change
// of the screen is meant, write them anew and read the difference before it is committed:
//
//   FLOWSCOPE_RECORD_GOLDEN=1 swift test --filter GoldenTests

@Suite("Golden screens")
struct GoldenTests {
  /// A screen at the end of a short script.
  struct Scene: Sendable, CustomTestStringConvertible {
    let name: String
    let size: Size
    let script: String
    let preset: String?
    /// A data set in a curved space.
    var curved: String?

    var testDescription: String { name }

    init(
      _ name: String, _ columns: Int, _ rows: Int, _ script: String, preset: String? = nil,
      curved: String? = nil
    ) {
      self.name = name
      self.preset = preset
      self.curved = curved
      size = Size(columns: columns, rows: rows)
      self.script = script
    }

    static let all = [
      Scene("watch-80x24", 80, 24, "train 300\nspace\nwait 2.2"),
      Scene("watch-160x48", 160, 48, "train 300\nspace\nwait 2.2"),
      Scene("field-80x24", 80, 24, "train 300\nspace\nwait 2.2\nspace\nv\nwait 0.1"),
      Scene("field-160x48", 160, 48, "train 300\nspace\nwait 2.2\nspace\nv\no\nwait 0.1"),
      Scene("density-80x24", 80, 24, "train 600\nEnd\nwait 1\nh\nwait 2"),
      Scene("warp-80x24", 80, 24, "train 600\nEnd\nwait 1\nv\nv\nv\nwait 0.2"),
      Scene("paths-80x24", 80, 24, "train 600\nEnd\nwait 1\n7\nV\nV\nV\nV\nV\no\nwait 0.2"),
      Scene("coupling-80x24", 80, 24, "train 600\n5\nwait 1\nV\nV\nV\nV\nwait 0.2"),
      Scene("world-80x24", 80, 24, "train 60\n5\nwait 1\nV\nV\nwait 1"),
      Scene("palette-120x36", 120, 36, "train 300\nEnd\nwait 1\n:\ns\no\nl\nDown"),
      Scene("parameters-80x24", 80, 24, "train 300\nEnd\nwait 1\nDown\nDown\nDown\n9\n9\n9\nEnter"),
      Scene("particle-120x36", 120, 36, "train 600\n6\nwait 1\nf\nf\nwait 0.2"),
      Scene("help-120x36", 120, 36, "train 600\nEnd\nwait 1.5\n?"),
      Scene("compare-160x48", 160, 48, "train 600\n|\n|\nEnd\nwait 4"),
      Scene("couplings-120x36", 120, 36, "train 60\n5\nspace\nwait 0.5", preset: "affine-layers"),
      Scene("couplings-80x24", 80, 24, "train 60\n|\nh\n3\nwait 1", preset: "affine-layers"),
      Scene("trainings-160x48", 160, 48, "train 60\nEnd\nwait 1", preset: "two-trainings"),
      Scene("trainings-80x24", 80, 24, "train 60\nEnd\nM\nwait 2", preset: "two-trainings"),
      Scene("score-80x24", 80, 24, "train 600\n6\nwait 1\nu\no\no\no\nwait 0.2"),
      Scene("drawing-80x24", 80, 24, "train 60\nT\nB\nspace\nclick 30,6\nUp\nUp\nspace"),
      Scene("velocities-120x36", 120, 36, "train 600\nT\n|\n|\nz\nTab\nz\nz\no\n5\nf\nwait 4"),
      Scene("sliced-120x36", 120, 36, "train 600\nEnd\nwait 1\nk\nwait 0.5"),
      Scene("words-160x48", 160, 48, "train 60\nEnd\nwait 1\n7\nwait 2", preset: "words"),
      Scene("words-80x24", 80, 24, "train 60\nEnd\nEsc\nwait 2", preset: "words"),
      Scene("words-lanes-120x36", 120, 36, "train 60\nEnd\nEsc\nwait 2", preset: "words-alone"),
      Scene(
        "caption-120x36", 120, 36,
        "train 60\n:\nw\nh\na\nt\nspace\ns\nc\no\nr\ne\nEnter\ny\nwait 0.4"),
      Scene("globe-160x48", 160, 48, "train 200\nEnd\nwait 6", curved: "sphere-land"),
      Scene("globe-80x24", 80, 24, "train 200\n5\nt\n)\nK\nwait 6", curved: "sphere-land"),
      Scene("globe-lanes-120x36", 120, 36, "train 200\n|\n|\nEnd\nwait 3", curved: "sphere-vmf"),
      Scene("globe-field-80x24", 80, 24, "train 200\n7\nwait 1\nv\nwait 4", curved: "sphere-vmf"),
      Scene(
        "globe-density-80x24", 80, 24, "train 200\nEnd\nwait 1\nh\nwait 5", curved: "sphere-vmf"),
      Scene("globe-pairs-80x24", 80, 24, "train 20\n5\nV\nwait 1", curved: "sphere-vmf"),
      Scene("torus-160x48", 160, 48, "train 200\n9\nwait 6", curved: "torus-checkerboard"),
    ]
  }

  private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")
  private static let isRecording =
    ProcessInfo.processInfo.environment["FLOWSCOPE_RECORD_GOLDEN"] != nil

  @Test("A replay ends on its golden screen", arguments: Scene.all)
  func scene(_ scene: Scene) throws {
    var replay = try scene.preset.map { try presetReplay($0, scene.size) }
    if let curved = scene.curved {
      replay = try spaceReplay(
        curved, columns: scene.size.columns, rows: scene.size.rows, particles: nil)
    }
    if replay == nil {
      replay = try smallReplay(
        columns: scene.size.columns, rows: scene.size.rows, particles: nil, steps: 600,
        learningRate: 1e-2)
    }
    try replay?.run(scene.script)
    try check(replay?.text ?? "", scene.name + ".txt")
  }

  @Test("A session of play, pause, steps, scrubbing, lanes and sizes passes its golden screens")
  func session() throws {
    var replay = try smallReplay(
      columns: 120, rows: 36, particles: nil, steps: 600,
      learningRate: 1e-2)
    let snapshots = try replay.run(try text("session.keys"))
    #expect(snapshots.count == 9)
    for (name, screen) in snapshots.sorted(by: { $0.key < $1.key }) {
      try check(screen.text(), name)
    }
  }

  @Test("Every file among the golden screens belongs to a scene or to the session")
  func noOrphans() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path())
    let commands = try ReplayScript(try text("session.keys")).commands
    let snapshots = commands.compactMap { command in
      if case .snapshot(let name) = command { name } else { nil }
    }
    #expect(Set(files) == Set(Scene.all.map { $0.name + ".txt" } + snapshots + ["session.keys"]))
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: Self.directory.appending(path: name), encoding: .utf8)
  }

  /// Compares a screen with its file, or writes the file.
  private func check(_ screen: String, _ name: String) throws {
    if Self.isRecording {
      try (screen + "\n").write(
        to: Self.directory.appending(path: name), atomically: true, encoding: .utf8)
      return
    }
    if let difference = Self.difference(expected: try text(name), actual: screen + "\n") {
      Issue.record("\(name): \(difference)")
    }
  }

  /// What differs first, row against row with a mark below; nil where nothing does.
  static func difference(expected: String, actual: String) -> String? {
    guard expected != actual else { return nil }
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let seen = actual.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let count = max(wanted.count, seen.count)
    func row(_ rows: [String], _ index: Int) -> String? {
      index < rows.count ? rows[index] : nil
    }
    let differing = (0..<count).filter { row(wanted, $0) != row(seen, $0) }
    let first = differing[0]
    let (a, b) = (row(wanted, first) ?? "", row(seen, first) ?? "")
    let column = zip(a, b).prefix { $0 == $1 }.count
    return """
      \(differing.count) of \(count) rows differ, first row \(first) from column \(column)
      expected │\(a)
      actual   │\(b)
                \(String(repeating: " ", count: column))^
      """
  }

  @Test("A difference names its row, its column and both texts")
  func readable() throws {
    #expect(Self.difference(expected: "a\nb\n", actual: "a\nb\n") == nil)
    let text = try #require(Self.difference(expected: "a\nbcd\ne\n", actual: "a\nbxd\ne\n"))
    #expect(text.contains("1 of 4 rows differ, first row 1 from column 1"))
    #expect(text.contains("expected │bcd\nactual   │bxd\n           ^"))
    let longer = try #require(Self.difference(expected: "a\n", actual: "a\nb\n"))
    #expect(longer.contains("first row 1"))
  }
}
