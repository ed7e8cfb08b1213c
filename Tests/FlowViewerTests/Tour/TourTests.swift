import FlowMatching
import Foundation
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The guided tour")
struct TourTests {
  /// Those whose network or studies take seconds.
  private static let dear: Set<String> = ["doughnut", "diffusion"]
  private static let isPatient =
    ProcessInfo.processInfo.environment["FLOWSCOPE_LONG_TESTS"] != nil

  @Test(
    "A chapter is told to its end, and what it says is so",
    arguments: Chapter.all.filter { !$0.isLong }.map(\.name)
      .filter { isPatient || !dear.contains($0) })
  func told(name: String) throws {
    let chapter = try Chapter.named(name)
    var quiet = try QuietSession(chapter.preset, chapter: chapter)
    #expect(quiet.tell() == [])
    #expect(quiet.state.isChapterOver)
  }

  @Test(
    "A chapter that learns for minutes is told to its end, where there is the time",
    .enabled(if: isPatient),
    arguments: Chapter.all.filter(\.isLong).map(\.name))
  func toldLong(name: String) throws {
    let chapter = try Chapter.named(name)
    var quiet = try QuietSession(chapter.preset, chapter: chapter, isWhole: true)
    #expect(quiet.tell() == [])
  }

  @Test("Every caption has two lines at most at 80 columns, and names figures that there are")
  func captions() {
    #expect(Set(Chapter.all.map(\.name)).count == Chapter.all.count && Chapter.all.count >= 14)
    for chapter in Chapter.all {
      #expect(chapter.title.count <= 44)
      for scene in chapter.scenes {
        for words in [scene.words, scene.then] {
          let mark = scene.guess != nil && words == scene.then ? "× not so. " : ""
          // A figure is seldom wider than its name, and no name is narrower than a figure.
          let text = mark + words.replacing(#/\{[^}]*\}/#, with: "0.0000")
          let lines = Paragraph.lines(text, width: 76)
          let room = scene.guess != nil && words == scene.words ? 1 : 2
          #expect(lines.count <= room, "\(chapter.name): \(words)")
          for match in words.matches(of: #/\{([^}]*)\}/#) {
            #expect(StateFigure.named(String(match.1)) != nil, "\(chapter.name): \(match.1)")
          }
        }
        for claim in scene.until + scene.shows {
          #expect(StateFigure.named(claim.figure) != nil, "\(claim)")
          if let unit = claim.unit { #expect(StateFigure.named(unit) != nil, "\(claim)") }
        }
        #expect(
          scene.then.isEmpty == (scene.guess == nil && scene.until.isEmpty) || scene.guess == nil,
          "\(chapter.name): \(scene.words)")
        guard let guess = scene.guess else { continue }
        #expect(guess.answers.indices.contains(guess.right - 1))
        #expect(guess.answers.reduce(0) { $0 + $1.count + 6 } <= 76, "\(guess.answers)")
      }
    }
  }

  @Test(
    "Enter goes on, Backspace back, a digit answers, Esc ends; other keys do what they always do")
  func keys() throws {
    let chapter = try Chapter.named("flow")
    var state = slowState(budget: 1 << 20, columns: 80, rows: 24) { $0.chapter = chapter }
    state.tick()
    #expect(state.dialogue.tour == Tour(chapter: 0) && state.dialogue.caption == nil)
    let first = try #require(state.tourText)
    #expect(state.drawn().text().contains(Paragraph.lines(first, width: 76)[0]))
    #expect(state.playback.clock.t == 0)
    // A digit is a time where nothing is asked, and an answer where something is.
    state.press("5")
    state.tick(3)
    state.settle()
    #expect(state.playback.clock.t == 0.5 && state.dialogue.tour?.scene == 0)
    state.press("Enter")
    #expect(state.openAnswer == 2 && state.drawn().text().contains("2 arrows at every place"))
    let question = state.tourText
    state.press("1")
    #expect(state.openAnswer == nil && state.tourText != question)
    #expect(state.drawn().text().contains("× not so."))
    state.press("Backspace")
    state.tick(3)
    state.settle()
    #expect(state.dialogue.tour?.scene == 0 && state.playback.clock.t == 0)
    state.press("Enter", "Enter")
    #expect(state.openAnswer == nil && !state.drawn().text().contains("not so"))
    state.press("Enter")
    #expect(state.awaitsMoment && state.playback.clock.isPlaying)
    #expect(state.drawn().text().contains("waiting"))
    state.tick(40, seconds: 0.1)
    #expect(!state.awaitsMoment && state.tellsEnd)
    // What a click explains lies over the tour until Esc.
    state.explain(Glossary.all[0])
    state.press("Escape")
    #expect(state.dialogue.caption == nil && state.dialogue.tour != nil)
    state.press("Escape")
    #expect(state.dialogue.tour == nil && state.layout.caption == nil)
  }

  @Test("A chapter of another experiment trains anew, on the way without a question")
  func chapters() throws {
    var state = slowState()
    let other = try Chapter.named("likelihood")
    _ = state.beginTour(other)
    guard case .question(let question) = state.dialogue.overlay else {
      Issue.record("it did not ask")
      return
    }
    #expect(question.experiment == other.preset.experiment)
    let effects = state.press("y")
    #expect(effects.contains { if case .trainer(.restart) = $0 { true } else { false } })
    #expect(state.chapter?.name == "likelihood" && state.experiment == other.preset.experiment)
    let count = try #require(state.chapter?.scenes.count)
    let next = Chapter.all[Chapter.all.firstIndex { $0.name == "likelihood" }! + 1]
    for _ in 0..<3 * count where state.chapter?.name == "likelihood" { state.press("Enter") }
    #expect(state.chapter?.name == next.name && state.dialogue.overlay == nil)
    #expect(state.experiment == next.preset.experiment)
    state.press("Backspace")
    #expect(state.chapter?.name == "likelihood" && state.dialogue.tour?.scene == 0)
  }

  @Test("Nothing is cut of any scene at 80×24, with figures or without")
  func fits() throws {
    for chapter in Chapter.all where chapter.preset.experiment == Experiment() {
      var state = slowState(budget: 1 << 18, columns: 80, rows: 24, particles: 256) {
        $0.chapter = chapter
      }
      for scene in chapter.scenes.indices {
        _ = state.tell(
          Tour(chapter: Chapter.all.firstIndex { $0.name == chapter.name }!, scene: scene))
        state.tick()
        let text = state.drawn().text()
        for line in Paragraph.lines(state.tourText ?? "", width: 76) {
          #expect(text.contains(line), "\(chapter.name) \(scene): \(line)")
        }
        #expect(text.contains("\(scene + 1) of \(chapter.scenes.count)"))
        #expect(text.contains("Esc ends"))
        for answer in state.told?.guess?.answers ?? [] { #expect(text.contains(answer)) }
      }
    }
  }
}
