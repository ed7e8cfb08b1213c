import FlowMatching
import TerminalCanvas

/// How good training is by now, and whether it gets better: in words that follow from what was measured.
struct TrainingVerdict: Equatable {
  /// Where the loss stands above what no network can undercut.
  enum Level: Equatable {
    /// The excess is no more than what is called near.
    case atFloor
    /// It fell by more than a twentieth since half of the steps.
    case falling
    /// Neither that nor the next.
    case levelled
    /// It is more than a quarter above what it was at half of the steps.
    case rising
  }

  /// What has fallen by less since half of the steps has levelled off.
  static let fallShare = 0.95
  /// What has risen by less has not: an excess is measured on draws.
  static let riseShare = 1.25

  let level: Level
  /// By how much W₂ is above what two samples of the target differ by; 0 where it is within two of their
  /// deviations, nil where it was not measured.
  let apart: Double?
  let isOver: Bool

  /// Nil where nothing was measured that tells, or training failed; an excess up to `near` is called near the
  /// floor, and what was measured before a reflow is of another flow.
  init?(
    _ report: TrainingReport, near: Double?, of steps: Int, tellsDistance: Bool = true
  ) {
    if report.status.isFailure { return nil }
    let measured = report.measurements.filter { $0.step > report.reflowStep ?? -1 }
    let known = measured.filter { $0.excess?.isFinite ?? false }
    let distance = measured.last { $0.w2?.isFinite ?? false }?.w2
    apart = (tellsDistance ? distance : nil).flatMap { distance in
      report.noiseFloor.map {
        distance <= $0.mean + 2 * $0.deviation ? 0 : distance - $0.mean
      }
    }
    guard let last = known.last, let value = last.excess else { return nil }
    isOver = report.status == .finished
    let before = known.last { 2 * $0.step <= last.step }?.excess
    if let near, value <= near {
      level = .atFloor
    } else if let before, value < TrainingVerdict.fallShare * before {
      level = .falling
    } else if before == nil || !isOver && 10 * last.step < steps {
      // Most begin on a level of their own: of so few steps nothing can be said yet.
      return nil
    } else if let before, value > TrainingVerdict.riseShare * before {
      level = .rising
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
    case .rising: isOver ? "was better before" : "getting worse"
    }
  }

  /// What its samples do; nil where that is not known.
  var distanceWords: String? {
    apart.map {
      $0 == 0
        ? "W₂ within noise" : "W₂ \(NumberFormat.significant($0, 2)) above noise"
    }
  }
}

extension AppState {
  /// The verdict on the training that the charts show; nil while nothing is known, and of older weights.
  var trainingVerdict: TrainingVerdict? {
    guard training.travel == nil else { return nil }
    return TrainingVerdict(
      charted, near: nearExcess, of: trainedSteps, tellsDistance: showsUsualObservation)
  }

  /// The step at which training ends, as it was asked for.
  var trainedSteps: Int {
    max(training.report.goal, training.report.step, experiment.steps)
  }

  /// The excess that is called near its floor: a hundredth of its size, where both are squares of velocities; of
  /// likelihoods and letters, whose floor may be of either sign, a fiftieth of a nat; nil where their units differ.
  private var nearExcess: Double? {
    guard traits.followsPath || experiment.space != nil else { return 0.02 }
    let isOfVelocities =
      !traits.isMap && experiment.prediction == .velocity && experiment.loss == .squared
      && charted.lossFloorCrop == nil
    return isOfVelocities ? charted.lossFloor.flatMap { $0 != 0 ? 0.01 * abs($0) : nil } : nil
  }
}
