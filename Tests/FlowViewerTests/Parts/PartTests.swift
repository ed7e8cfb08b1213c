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
    for page in 0..<pages {
      dialogue.turnHelp(on: size)
      #expect(dialogue.overlay == .help && dialogue.helpPage == page)
    }
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
}
