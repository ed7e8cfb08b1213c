import FlowMatching
import Foundation

/// One line on standard error that follows a training run; nothing where that is not a terminal.
struct ProgressBar {
  private let first: Int
  private let total: Int
  private let isShown: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant

  init(first: Int = 0, total: Int, isShown: Bool) {
    self.first = first
    self.total = total
    self.isShown = isShown && ProgressLine.width != nil
    start = clock.now
    lastDrawn = start
  }

  /// Redraws at most ten times a second.
  mutating func update(_ run: TrainingRun) {
    guard isShown, let width = ProgressLine.width else { return }
    let done = run.trainer.stepsDone
    let now = clock.now
    guard now - lastDrawn >= .milliseconds(100) || done == total else { return }
    lastDrawn = now
    let seconds = (now - start) / .seconds(1)
    let speed = Double(done - first) / max(seconds, 1e-9)
    let left = ProgressLine.duration(Double(total - done) / speed)
    let share = Double(done) / Double(max(1, total))
    let parts =
      [("\(done)/\(total)", 5)] + ProgressBar.figures(run)
      + [(String(format: "%.0f steps/s", speed), 1), ("ETA \(left)", 4)]
    ProgressLine.show(
      ProgressLine.fitted(
        share: share, parts.map { (text: $0.0, weight: $0.1) }, width: width))
  }

  /// What is known of the run, each with its weight where room is short.
  private static func figures(_ run: TrainingRun) -> [(String, Int)] {
    let loss = TableFigure.text(run.trainer.averageLoss, digits: 4)
    var parts = [(run.trainer.experiment.kind.words.name + " " + loss, 3)]
    if let floor = run.lossFloor {
      let error = run.lossFloorError.flatMap { $0 > 0 ? String(format: " ± %.2g", $0) : nil }
      parts.append(("floor " + TableFigure.text(floor, digits: 4) + (error ?? ""), 0))
    }
    if let excess = run.measurements.last?.excess {
      parts.append(("excess " + TableFigure.text(excess, digits: 3), 2))
    }
    return parts
  }

  /// Leaves the line free for what follows.
  mutating func finish() {
    if isShown { ProgressLine.show("") }
  }
}
