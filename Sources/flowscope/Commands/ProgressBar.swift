import FlowMatching
import Foundation

/// One line on standard error that follows a training run; nothing where that is not a terminal.
struct ProgressBar {
  private static let width = 28
  private let first: Int
  private let total: Int
  private let isShown: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastDrawn: ContinuousClock.Instant

  init(first: Int = 0, total: Int, isShown: Bool) {
    self.first = first
    self.total = total
    self.isShown = isShown && isatty(STDERR_FILENO) == 1
    start = clock.now
    lastDrawn = start
  }

  /// Redraws at most ten times a second.
  mutating func update(_ run: TrainingRun) {
    guard isShown else { return }
    let trainer = run.trainer
    let done = trainer.stepsDone
    let now = clock.now
    guard now - lastDrawn >= .milliseconds(100) || done == total else { return }
    lastDrawn = now
    let seconds = (now - start) / .seconds(1)
    let speed = Double(done - first) / max(seconds, 1e-9)
    let filled = ProgressBar.width * done / max(1, total)
    var line = "\r" + String(repeating: "━", count: filled)
    line += String(repeating: "─", count: ProgressBar.width - filled)
    let isLikelihood = trainer.experiment.objective == .likelihood
    line += String(format: " %d/%d  ", done, total) + (isLikelihood ? "NLL" : "loss")
    line += String(format: " %.3f", trainer.averageLoss)
    if let floor = run.lossFloor {
      line += String(format: "  floor %.3f", floor)
      if let error = run.lossFloorError, error > 0 { line += String(format: " ± %.2g", error) }
    }
    if let excess = run.measurements.last?.excess {
      line += String(format: "  excess %.3f", excess)
    }
    line += String(format: "  %.0f steps/s  ETA ", speed)
    line += ProgressBar.duration(Double(total - done) / speed) + " "
    show(line)
  }

  /// A time as people say it: 40 s, 12m05s, 3h48m, 5d07h.
  static func duration(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "years" }
    let whole = Int(saturating: seconds.rounded())
    func pair(_ large: Int, _ first: String, _ small: Int, _ second: String) -> String {
      "\(large)\(first)\(small < 10 ? "0" : "")\(small)\(second)"
    }
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return pair(whole / 60, "m", whole % 60, "s")
    case ..<86_400: return pair(whole / 3600, "h", whole / 60 % 60, "m")
    default: return pair(whole / 86_400, "d", whole / 3600 % 24, "h")
    }
  }

  /// Leaves the line free for what follows.
  mutating func finish() {
    guard isShown else { return }
    show("\r\u{1b}[K")
  }

  private func show(_ text: String) {
    // A terminal that is gone must not end the training.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
