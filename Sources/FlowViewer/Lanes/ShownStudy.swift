import FlowMatching

/// The curves of error against work that are on show, with the weights that they belong to.
struct ShownStudy: Sendable {
  /// The training step of these weights.
  let weightsStep: Int
  private(set) var curves: [WorkPrecisionStudy.Curve]
  /// Evaluations of the reference.
  let referenceEvaluations: Int
  /// The reference's own error, once it is known.
  private(set) var referenceError: Double?
  /// Whether every curve is there to its end.
  private(set) var isComplete: Bool

  init(_ study: WorkPrecisionStudy) {
    weightsStep = study.weightsStep
    curves = study.curves
    referenceEvaluations = study.referenceEvaluations
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
    next.referenceError = next.referenceError ?? shown.referenceError
    return next
  }
}

extension AppState {
  /// The curves that belong to the weights of the lanes; nil where those on show are older.
  var currentStudy: ShownStudy? {
    shownStudy.flatMap { $0.weightsStep == ensemble.weightsStep ? $0 : nil }
  }

  /// The own error of the solve that lanes are compared with, as it was last measured.
  var referenceError: Double? {
    shownStudy?.referenceError.flatMap { $0.isFinite ? $0 : nil }
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
        network: ensemble.network, step: ensemble.weightsStep, noise: noise,
        lanes: lanes.map(\.settings), trained: experiment.scheduler)
      nextStudyTime = now + 3
    }
    guard isComparing, isParked, study?.isOver == false else { return }
    // A quarter of a frame's budget: the study is never in a hurry.
    var share = min(budget, evaluationBudget / 4)
    let before = share
    defer { budget -= before - share }
    if study?.advance(budget: &share) == true, let study {
      shownStudy = ShownStudy.next(after: shownStudy, study)
      revision += 1
    }
  }
}
