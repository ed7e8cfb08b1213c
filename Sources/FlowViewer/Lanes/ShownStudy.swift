import FlowMatching

/// The curves of error against work that are on show, with the weights that they belong to.
struct ShownStudy: Sendable {
  /// The training step of these weights.
  let weightsStep: Int
  private(set) var curves: [WorkPrecisionStudy.Curve]
  /// The reference's own error, once it is known.
  let referenceError: Double?
  /// Whether every curve is there to its end.
  private(set) var isComplete: Bool

  init(_ study: WorkPrecisionStudy) {
    weightsStep = study.weightsStep
    curves = study.curves
    referenceError = study.referenceError
    isComplete = study.isOver
  }

  /// Drops the curves of methods that no lane has any more.
  mutating func keep(_ isWanted: (String) -> Bool) { curves.removeAll { !isWanted($0.method) } }

  /// What is shown when a study has come further. Complete curves of older weights stay, and say
  /// so, until those of newer ones are complete: half a curve says less.
  static func next(after shown: ShownStudy?, _ study: WorkPrecisionStudy) -> ShownStudy {
    guard let shown, !study.isOver else { return ShownStudy(study) }
    let old = study.curves.map { curve in shown.curves.first { $0.method == curve.method } }
    guard shown.weightsStep == study.weightsStep else {
      return shown.isComplete && !old.contains { $0 == nil } ? shown : ShownStudy(study)
    }
    var next = ShownStudy(study)
    for (index, curve) in old.enumerated() {
      // The same weights: what was measured holds until there is more.
      guard let curve, curve.points.count > next.curves[index].points.count else { continue }
      next.curves[index] = curve
    }
    return next
  }
}

extension AppState {
  /// The curves that belong to the weights of the lanes; nil where those on show are older.
  var currentStudy: ShownStudy? {
    studies.shownStudy.flatMap { $0.weightsStep == lanes.ensemble.weightsStep ? $0 : nil }
  }

  /// When the next study begins, if one is wanted: after a change at once, for newer weights in time.
  var nextStudy: Double? {
    guard isComparing, !comparesTrainings, traits.tokens == nil else { return nil }
    // Curves of weights that have learned nothing yet are of no use to anyone.
    if lanes.ensemble.weightsStep == 0, training.report.status == .training { return nil }
    guard let study = studies.study else { return now }
    return study.isOver && study.weightsStep != lanes.ensemble.weightsStep
      ? studies.nextStudyTime : nil
  }

  /// At once while a study runs, else when the next one may begin.
  var studyDelay: Double? {
    if let study = studies.study, !study.isOver { return 0 }
    return isParked ? nextStudy.map { $0 - now } : nil
  }

  /// Runs the study while lanes are compared and parked; anew when the weights have moved on.
  mutating func advanceStudy(budget: inout Int) {
    if isParked, lanes.successor == nil, let time = nextStudy, now >= time {
      var study = WorkPrecisionStudy(
        network: lanes.ensemble.network, step: lanes.ensemble.weightsStep, noise: scene.judges,
        lanes: lanes.all.map(\.settings), trained: experiment.scheduler, known: studies.known,
        wantedError: judgedError)
      study.space = experiment.curvedSpace
      let holds = training.travel == nil && ranksLanes
      studies.update(.begin(study, now: now, holds: holds))
    }
    guard isComparing, isParked else { return }
    if studies.advance(now: now, budget: &budget) {
      compareLanes()
      revision += 1
    }
  }

  /// Studies anew; curves of solvers that are still there stay until theirs is done, but one that has
  /// become another.
  mutating func forgetStudy(dropping curve: String? = nil) {
    let curves = Set(lanes.all.map(\.settings.curve)).filter { $0 != curve }
    studies.update(.forgetStudy(keeping: curves))
  }

  /// Other weights or other points: nothing holds that was measured.
  mutating func forgetMeasurements() {
    studies.update(.forgetMeasurements)
  }
}
