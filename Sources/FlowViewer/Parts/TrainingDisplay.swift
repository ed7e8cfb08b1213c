import FlowMatching
import TerminalCanvas

/// Training as it was last told and as it is shown, and which of its weights are on show.
public struct TrainingDisplay: Sendable {
  public internal(set) var report: TrainingReport
  public internal(set) var shownReport: TrainingReport
  public internal(set) var speedHistory: [Double] = []
  /// The run before, whose curves stand behind; nil where there was none.
  var former: GhostRun?
  /// Another run whose curves were asked for; they stay.
  var overlay: GhostRun?
  var generation = 0
  var nextNumbersTime = 0.0
  var nextStepTime = 0.0
  var nextDistanceID = 0
  var nextTheoryTime = 0.0
  /// When the followed file was last read anew, and what is said of it.
  var lastReading = 0.0
  var shownFollowWords: String?
  /// The step of the newest weights that a file keeps.
  var keptStep: Int?
  /// The step of the kept weights on show; nil follows the newest.
  public internal(set) var travel: Int?
  public internal(set) var bookmarks: [Bookmark] = []
  var bookmark = 0

  /// Training before its first step.
  init(_ experiment: Experiment) {
    report = TrainingReport(of: experiment)
    shownReport = report
  }

  /// The runs whose curves stand behind.
  var ghosts: [GhostRun] { [overlay, former].compactMap { $0 } }

  /// Copies the trainer's numbers to the screen: the step ten times a second, the rest four times; true
  /// where something is new.
  mutating func refresh(at now: Double) -> Bool {
    if now >= nextNumbersTime - 1e-9 {
      nextNumbersTime = now + 0.25
      guard
        shownReport.step != report.step || shownReport.status != report.status
          || shownReport.doctor?.finding?.step != report.doctor?.finding?.step
          || shownReport.history != report.history
      else { return false }
      shownReport = report
      speedHistory.append(report.stepsPerSecond)
      if speedHistory.count > 32 { speedHistory.removeFirst() }
      return true
    }
    guard report.step != shownReport.step, now >= nextStepTime - 1e-9 else { return false }
    shownReport.step = report.step
    nextStepTime = now + 0.1
    return true
  }

  /// Soon while training runs or its numbers are not on the screen yet.
  var delay: Double? { report.status == .training || report.step != shownReport.step ? 0.1 : nil }
}
