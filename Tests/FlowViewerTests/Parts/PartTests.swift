import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("The parts of the state, each by itself")
struct PartTests {
  @Test("What is said goes at its time and not before")
  func sayings() {
    var dialogue = Dialogue()
    dialogue.say(Saying("theme", "contrast"), until: 1.2)
    #expect(dialogue.flash?.text == "theme → contrast")
    let isEarly = !dialogue.hush(at: 1.1)
    #expect(isEarly && dialogue.flash != nil)
    #expect(dialogue.hush(at: 1.2) && dialogue.flash == nil)
    let again = dialogue.hush(at: 5)
    #expect(!again)
  }

  @Test("Help turns its pages and closes after the last")
  func helpPages() {
    let size = Size(columns: 80, rows: 24)
    var dialogue = Dialogue()
    let pages = HelpOverlay.pageCount(size, "")
    #expect(pages > 1)
    dialogue.turnHelp(on: size)
    for page in 0..<pages {
      #expect(dialogue.overlay == .help && dialogue.helpPage == page)
      dialogue.turnHelpPage(on: size)
    }
    #expect(dialogue.overlay == nil)
    dialogue.turnHelp(on: size)
    dialogue.turnHelp(on: size)
    #expect(dialogue.helpPage == HelpOverlay.keyPages(size, ""), "the words")
    dialogue.turnHelp(on: size)
    #expect(dialogue.overlay == nil)
  }

  @Test("A look says what it became, and as many turns as there are choices lead back")
  func looks() {
    var look = Look()
    #expect(look.perform(.axes) == Saying("axes", "off"))
    #expect(look.perform(.costs) == Saying("costs", "shown") && look.showsCosts)
    let first = look.appearance.map
    let said = ColorMap.sequential.map { _ in look.perform(.map).value }
    #expect(Set(said).count == ColorMap.sequential.count && look.appearance.map == first)
  }

  @Test("Charts that are held keep their report until they are turned on or let go")
  func heldCharts() {
    var charts = Charts()
    var report = TrainingReport(of: Experiment())
    report.step = 700
    #expect(charts.turn(report) == Saying("charts", "live tail") && charts.frozenReport == nil)
    #expect(charts.turn(report).value == "frozen" && charts.frozenReport?.step == 700)
    charts.release()
    #expect(charts.span == .whole && charts.frozenReport == nil)
    _ = charts.turn(report)
    charts.release()
    #expect(charts.span == .tail)
  }

  @Test("The step is shown ten times a second, the other numbers four times")
  func numbers() {
    var training = TrainingDisplay(Experiment())
    training.report.step = 1
    #expect(training.refresh(at: 0) && training.shownReport.step == 1)
    training.report.step = 2
    training.report.stepsPerSecond = 50
    #expect(training.refresh(at: 0.05) && training.shownReport.step == 2)
    #expect(training.shownReport.stepsPerSecond != 50)
    training.report.step = 3
    let isEarly = !training.refresh(at: 0.1)
    #expect(isEarly && training.shownReport.step == 2)
    #expect(training.refresh(at: 0.15) && training.shownReport.step == 3)
    training.report.step = 4
    #expect(training.refresh(at: 0.25) && training.shownReport.stepsPerSecond == 50)
    #expect(training.speedHistory.last == 50)
  }

  @Test("A tick may solve for twelve milliseconds, by what frames have cost")
  func pace() {
    var pace = Pace(weights: 9000, AppState.Options())
    for _ in 0..<100 {
      var cost = FrameCost()
      cost.evaluations = pace.evaluationBudget
      cost.solve = Double(cost.evaluations) / 1e6
      pace.receive(cost, adapts: true)
    }
    #expect(abs(pace.evaluationBudget - 12_000) <= 1)
    let before = pace.evaluationBudget
    var cost = FrameCost()
    (cost.evaluations, cost.solve) = (before, 1)
    pace.receive(cost, adapts: false)
    #expect(pace.evaluationBudget == before)
  }

  @Test("t is on its way while it plays, is sought or has steps to take")
  func moving() {
    var playback = Playback()
    #expect(!playback.isMoving)
    playback.pendingSteps = 1
    #expect(playback.isMoving)
    playback.pendingSteps = 0
    playback.clock.seek(0.5)
    #expect(playback.isMoving)
    playback.clock.arrive(at: 0.5)
    #expect(!playback.isMoving)
    playback.clock.isPlaying = true
    #expect(playback.isMoving)
  }

  @Test("Linked windows are magnified and moved together, others one by one")
  func windows() {
    var window = Window(size: Size(columns: 80, rows: 24))
    #expect(window.update(.magnify(by: 2, around: nil, lane: 1)) == Saying("zoom", "×2.0"))
    #expect(window.viewports.allSatisfy { $0.zoom == 2 })
    #expect(window.update(.link(lane: 1)) == Saying("windows of lanes", "one by one"))
    window.update(.pan(x: 0.5, y: 0, lane: 2))
    #expect(window.viewports.map(\.x) == [0, 0, 0.25, 0])
    #expect(window.update(.fit(lane: 0)) == Saying("zoom", "fitted"))
    #expect(window.viewports.map(\.zoom) == [1, 2, 2, 2])
    // Linked again all are as the lane that the keys are turned to.
    window.update(.link(lane: 2))
    #expect(window.viewports.allSatisfy { $0.zoom == 2 && $0.x == 0.25 })
  }

  @Test("A place that is magnified around keeps its spot")
  func magnifiedPlace() {
    var window = Window(size: Size(columns: 80, rows: 24))
    window.update(.magnify(by: 4, around: (0.2, -0.1), lane: 0))
    let viewport = window.viewports[0]
    #expect(abs(viewport.zoom * (0.2 - viewport.x) - 0.2) < 1e-12)
    #expect(abs(viewport.zoom * (-0.1 - viewport.y) + 0.1) < 1e-12)
  }

  @Test("The border beside the plot stays on the screen, and a pointer that moved was no click")
  func border() {
    var window = Window(size: Size(columns: 100, rows: 30))
    for (column, share) in [(50, 0.5), (2, 0.1), (99, 0.9)] {
      window.update(.split(column: column))
      #expect(window.plotShare == share)
    }
    window.update(.press(Window.Drag(x: 3, y: 4, isOnLine: false, isOnSplit: false)))
    window.update(.drag(x: 3, y: 4))
    #expect(window.drag?.hasMoved == false)
    window.update(.drag(x: 4, y: 4))
    window.update(.drag(x: 4, y: 4))
    #expect(window.drag?.hasMoved == true && window.drag?.x == 4)
    window.update(.release)
    #expect(window.drag == nil)
  }

  @Test("Keys that turn to a pane take the whole body along where one had it")
  func expandedPane() {
    var window = Window(size: Size(columns: 100, rows: 30))
    window.update(.focus(.loss, follows: true))
    #expect(window.expanded == nil && window.focusedPane == .loss)
    #expect(window.update(.expand(.loss)) == Saying("loss", "expanded"))
    window.update(.focus(.plot, follows: true))
    #expect(window.expanded == .plot)
    #expect(window.update(.expand(nil)) == Saying("panes", "side by side"))
  }

  /// Particles in a row, a hundred of them.
  private func row() -> Particles {
    Particles(
      Batch(dimension: 2, values: (0..<200).map { $0 < 100 ? Double($0) : 0 }), chosenCount: nil)
  }

  @Test("Particles are followed round and round, and chosen in their range")
  func followed() {
    var particles = row()
    for (wanted, picked) in [(0, 0), (-1, 99), (100, 0), (205, 5)] {
      particles.update(.follow(wanted))
      #expect(particles.picked == picked)
    }
    #expect(particles.update(.follow(nil)) == Saying("particle", "none"))
    for (wanted, chosen) in [(1, 256), (1000, 1000), (1 << 30, 1 << 20)] {
      particles.update(.choose(wanted))
      #expect(particles.chosenCount == chosen)
    }
  }

  @Test(
    "A group is the nearest of the followed particle, goes at the second press and with the noise")
  func group() {
    var particles = row()
    particles.update(.follow(50))
    #expect(
      particles.update(.tag(particles.noise))
        == Saying("group", "16 particles near the followed one"))
    #expect(particles.tagged.count == 16 && particles.tagged.allSatisfy { abs($0 - 50) <= 8 })
    #expect(particles.update(.tag(particles.noise)) == Saying("group", "none"))
    #expect(particles.tagged.isEmpty)
    particles.update(.tag(particles.noise))
    let (source, random) = (StandardNormal(dimension: 2), Random(seed: 3))
    particles.update(.next)
    particles.update(.draw(count: 64, from: source, random))
    #expect(particles.tagged.isEmpty && particles.noise.count == 64)
    // The same noise again is the same particles.
    particles.update(.tag(particles.noise))
    particles.update(.draw(count: 64, from: source, random))
    #expect(particles.tagged.count == 16)
    let shown = particles.shownNoise
    particles.update(.show)
    #expect(shown.count == 100 && particles.shownNoise == particles.noise)
    particles.update(.restore(picked: 900, tagged: [3, 3, 64, -1, 2]))
    #expect(particles.picked == 63 && particles.tagged == [2, 3])
  }
}
