import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Replays")
struct ReplayTests {
  @Test("The same script gives the same cells twice")
  func deterministic() throws {
    let script = "train 100\nspace\nwait 1\n|\nwait 0.5\ns\nN\nwait 0.5"
    var first = try smallReplay()
    var second = try smallReplay()
    try first.run(script)
    try second.run(script)
    #expect(first.session.screen.cells == second.session.screen.cells)
    #expect(first.session.screen.palette.paints == second.session.screen.palette.paints)
    #expect(first.text.unicodeScalars.contains { (0x2801...0x28ff) ~= $0.value })
  }

  @Test("The frame at t = 0.5 is the same directly, forwards and backwards")
  func half() throws {
    let prelude = "train 200\nT\nHome\nwait 3\n"
    func frame(_ way: String) throws -> [SeenCell] {
      var replay = try smallReplay()
      try replay.run(prelude + way + "\nwait 3")
      #expect(replay.state.playback.clock.t == 0.5)
      return replay.picture
    }
    let direct = try frame("5")
    #expect(try frame(String(repeating: "Right\n", count: 25)) == direct)
    #expect(try frame("End\nwait 1\n" + String(repeating: "S-Left\n", count: 5)) == direct)
    #expect(try frame("End\n" + String(repeating: ",\n", count: 10)) == direct)
    #expect(try frame(String(repeating: ".\n", count: 10)) == direct)
  }

  @Test("Frames at t = 0, 0.5 and 1 differ pairwise")
  func differ() throws {
    var replay = try smallReplay()
    let frames = try replay.run(
      "train 300\nT\nHome\nwait 2\nsnapshot a\n5\nwait 2\nsnapshot b\nEnd\nwait 2\nsnapshot c")
    let a = try #require(frames["a"]).picture
    let b = try #require(frames["b"]).picture
    let c = try #require(frames["c"]).picture
    #expect(a != b && b != c && a != c)
  }

  @Test("A parked picture follows newer weights, a playing one keeps its own")
  func weights() throws {
    var replay = try smallReplay(steps: 10_000)
    try replay.run("End\ntrain 50\nwait 0.1")
    try replay.run("train 500\nwait 2")
    let parked = replay.state.shownWeightsStep
    #expect(parked > 500)
    try replay.run("space\nwait 0.1")
    let begun = replay.state.shownWeightsStep
    try replay.run("wait 1")
    #expect(replay.state.playback.clock.isPlaying)
    #expect(replay.state.shownWeightsStep == begun)
    #expect(replay.state.training.report.step > begun)
  }

  @Test("After launch the picture is parked, then plays once and parks at t = 1")
  func opening() throws {
    var replay = try smallReplay(steps: 100_000)
    #expect(replay.state.playback.clock.t == 1 && !replay.state.playback.clock.isPlaying)
    try replay.run("wait 3")
    #expect(replay.state.playback.clock.isPlaying && replay.state.playback.clock.t < 0.5)
    try replay.run("wait 4")
    #expect(!replay.state.playback.clock.isPlaying && replay.state.playback.clock.t == 1)
  }
}
