import FlowMatching
import TerminalCanvas

/// How good training is by now, and whether it gets better: in words that follow from what was measured.
struct TrainingVerdict: Equatable {
  /// Where the loss stands above what no network can undercut.
  enum Level: Equatable {
    /// The excess is at most a hundredth of the floor.
    case atFloor
    /// It fell by more than a twentieth since half of the steps.
    case falling
    /// Neither.
    case levelled
  }

  /// The least of the excess that is called near, as a share of the floor.
  static let nearShare = 0.01
  /// What has fallen by less since half of the steps has levelled off.
  static let fallShare = 0.95

  let level: Level
  let excess: Double?
  /// By how much W₂ is above what two samples of the target differ by; 0 where it is within two of their
  /// deviations, nil where it was not measured.
  let apart: Double?
  let isOver: Bool

  /// Nil where nothing was measured that tells.
  init?(_ report: TrainingReport, floor: Double?, of steps: Int) {
    let known = report.measurements.filter { $0.excess?.isFinite ?? false }
    let last = known.last
    excess = last?.excess
    let distance = report.measurements.last { $0.w2 != nil }?.w2
    apart = distance.flatMap { distance in
      report.noiseFloor.map {
        distance <= $0.mean + 2 * $0.deviation ? 0 : distance - $0.mean
      }
    }
    guard let last, let value = last.excess else { return nil }
    isOver = report.status == .finished
    let before = known.last { 2 * $0.step <= last.step }?.excess
    if let floor, floor > 0, value <= TrainingVerdict.nearShare * floor {
      level = .atFloor
    } else if let before, value < TrainingVerdict.fallShare * before {
      level = .falling
    } else if before == nil || !isOver && 10 * last.step < steps {
      // Most begin on a level of their own: of so few steps nothing can be said yet.
      return nil
    } else {
      level = .levelled
    }
  }

  /// What the loss does.
  var words: String {
    switch level {
    case .atFloor: "near its floor"
    case .falling: isOver ? "stopped too soon" : "still falling"
    case .levelled: isOver ? "as good as it got" : "levelled off"
    }
  }

  /// What its samples do; nil where that is not known.
  var distanceWords: String? {
    apart.map {
      $0 == 0
        ? "W₂ within noise" : "W₂ \(NumberFormat.significant($0, 2)) above noise"
    }
  }

  /// Both in a sentence.
  var sentence: String {
    let own = excess.map { "\(words): excess \(NumberFormat.significant($0, 2))" } ?? words
    guard let apart else { return own }
    return own
      + (apart == 0
        ? "; W₂ within what two samples differ by"
        : "; W₂ \(NumberFormat.significant(apart, 2)) above what two samples differ by")
  }
}

extension AppState {
  /// The verdict on the training that the charts show; nil while nothing is known, and of older weights.
  var trainingVerdict: TrainingVerdict? {
    guard training.travel == nil else { return nil }
    return TrainingVerdict(charted, floor: charted.lossFloor, of: experiment.steps)
  }
}
