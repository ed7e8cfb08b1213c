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
    shownStudy.flatMap { $0.weightsStep == ensemble.weightsStep ? $0 : nil }
  }

  /// When the next study begins, if one is wanted: after a change at once, for newer weights in time.
  var nextStudy: Double? {
    guard isComparing, !comparesTrainings else { return nil }
    // Curves of weights that have learned nothing yet are of no use to anyone.
    if ensemble.weightsStep == 0, report.status == .training { return nil }
    guard let study else { return now }
    return study.isOver && study.weightsStep != ensemble.weightsStep ? nextStudyTime : nil
  }

  /// Runs the study while lanes are compared and parked; anew when the weights have moved on.
  mutating func advanceStudy(budget: inout Int) {
    if isParked, successor == nil, let time = nextStudy, now >= time {
      study = WorkPrecisionStudy(
        network: ensemble.network, step: ensemble.weightsStep, noise: scene.judges,
        lanes: lanes.map(\.settings), trained: experiment.scheduler, places: keptPlaces,
        wantedError: judgedError)
      nextStudyTime = now + 3
      // A study that takes longer must not keep the lanes from following the training for ever.
      if travel == nil, ranksLanes { studyHold = now + 10 }
    }
    guard isComparing, isParked, study?.isOver == false else { return }
    // Half of a frame's budget: the study is never in a hurry.
    var share = min(budget, evaluationBudget / 2)
    let before = share
    defer { budget -= before - share }
    if study?.advance(budget: &share) == true, let study {
      shownStudy = ShownStudy.next(after: shownStudy, study)
      if study.isOver { studyHold = min(studyHold, now + 4) }
      compareLanes()
      revision += 1
    }
  }

  /// Studies anew; curves of solvers that are still there stay until theirs is done.
  mutating func forgetStudy() {
    keptPlaces = study?.places ?? keptPlaces
    study = nil
    shownStudy?.keep { method in lanes.contains { $0.settings.method == method } }
  }

  /// Other weights or other points: nothing holds that was measured.
  mutating func forgetMeasurements() {
    study = nil
    shownStudy = nil
    keptPlaces = nil
    referenceSolveError = nil
  }
}
