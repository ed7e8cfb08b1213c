import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// The first ten seconds: what is shown, when, and how it ends.
struct IntroductionTests {
  private func replay(
    _ columns: Int = 120, _ rows: Int = 36, reducedMotion: Bool = false
  ) throws -> Replay {
    var options = AppState.Options()
    options.introduces = true
    options.reducedMotion = reducedMotion
    return try smallReplay(columns: columns, rows: rows, particles: 400, options: options)
  }

  private func text(_ replay: Replay) -> String { replay.session.screen.text() }

  @Test func theDotsEndInTheLettersOfTheName() {
    var introduction = Introduction(seed: 1)
    introduction.advance(by: 2.4)
    let end = introduction.solve.position(at: 1)
    let places = NameInDots.mixture.means
    let near = (0..<end.count).filter { i in
      places.contains {
        abs($0[0] - end[0, i]) < NameInDots.pixel && abs($0[1] - end[1, i]) < NameInDots.pixel
      }
    }
    #expect(Double(near.count) >= 0.95 * Double(end.count))
    // Every letter is written: a ninth of the width holds at least a third of its share.
    for letter in 0..<9 {
      let left = -2.8 + 5.6 * Double(letter) / 9
      let count = (0..<end.count).filter { end[0, $0] >= left && end[0, $0] < left + 5.6 / 9 }.count
      #expect(count > end.count / 27)
    }
  }

  @Test func fiveSentencesFollowOneAnotherAndThenTheScreenIsWhole() throws {
    var replay = try replay()
    var seconds = 0.0
    for scene in Introduction.Scene.allCases {
      replay.perform(.wait((scene.start + scene.end) / 2 - seconds)) { _, _ in }
      seconds = (scene.start + scene.end) / 2
      #expect(replay.session.state.introduction?.scene == scene)
      #expect(text(replay).contains(scene.caption))
      #expect(text(replay).contains("loss") == (scene != .name))
      #expect(scene.caption.count <= 58)
    }
    replay.perform(.wait(2)) { _, _ in }
    #expect(replay.session.state.introduction == nil)
    #expect(!text(replay).contains("Your turn"))
  }

  @Test func aKeyEndsItAndDoesWhatItAlwaysDoes() throws {
    var replay = try replay()
    replay.perform(.wait(1)) { _, _ in }
    #expect(text(replay).contains("any key to begin"))
    replay.perform(.key(.character("?"))) { _, _ in }
    #expect(replay.session.state.introduction == nil)
    #expect(replay.session.state.dialogue.overlay == .help)
    replay.perform(.key(.escape)) { _, _ in }
    replay.perform(.wait(1)) { _, _ in }
    #expect(!text(replay).contains("any key to begin"))
  }

  @Test func itDoesNotComeOnSmallScreensNorWhereMotionIsReduced() throws {
    #expect(try replay(99, 36).session.state.introduction == nil)
    #expect(try replay(120, 29).session.state.introduction == nil)
    #expect(try replay(reducedMotion: true).session.state.introduction == nil)
    var shrunk = try replay()
    shrunk.perform(.resize(Size(columns: 80, rows: 24))) { _, _ in }
    shrunk.perform(.wait(0.1)) { _, _ in }
    #expect(shrunk.session.state.introduction == nil)
  }

  @Test func whatIsNotSpokenOfIsDarker() throws {
    var replay = try replay()
    replay.perform(.wait(3.5)) { _, _ in }
    let layout = replay.session.state.layout
    let loss = try #require(layout.rect(of: .loss))
    let distance = try #require(layout.rect(of: .distance))
    let screen = replay.session.screen
    func border(_ rect: Rect) -> Double {
      screen.palette[screen[rect.x, rect.y].foreground].color?.luminance ?? 0
    }
    #expect(border(loss) > 1.5 * border(distance))
  }

  @Test func withoutAKeyTheOpeningIsPlayedAgain() throws {
    var untouched = try smallReplay(particles: 100)
    var touched = untouched
    // 2.5 s at rest, 4 s of the way, and 2.5 s at rest again.
    untouched.perform(.wait(10)) { _, _ in }
    #expect(untouched.session.state.playback.clock.isPlaying)
    touched.perform(.wait(4)) { _, _ in }
    touched.perform(.key(.character("g"))) { _, _ in }
    touched.perform(.wait(6)) { _, _ in }
    #expect(touched.session.state.isParked)
    #expect(touched.session.state.playback.openingEnd == nil)
  }
}
