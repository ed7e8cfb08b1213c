import FlowMatching
import TerminalCanvas

/// What compared lanes are judged by: the exact places, the curves of work and precision, the distances.
public struct LaneStudies: Sendable {
  private(set) var study: WorkPrecisionStudy?
  private(set) var shownStudy: ShownStudy?
  /// What a study that was replaced knew: other lanes of the same weights go on from it.
  private(set) var known: WorkPrecisionStudy.Known?
  /// The own error of the reference on the way, as it was last measured at its end.
  private(set) var referenceSolveError: Double?
  /// W2 of the solve that lanes are compared with, and how far the question for it is.
  private(set) var exactDistance: JudgedDistance?
  private(set) var exactJudgement = Lane.Judgement.due
  private(set) var nextStudyTime = 0.0
  /// Until when compared lanes wait with newer weights, so that rows, dots, curves and verdicts are of
  /// one step and stay long enough to be read.
  private(set) var hold = 0.0

  /// What can happen to them.
  enum Change {
    /// Lanes follow newer weights from a moment on.
    case hold(until: Double)
    /// A study begins now; `holds` where the lanes wait for it, though not for ever.
    case begin(WorkPrecisionStudy, now: Double, holds: Bool)
    /// Studies anew; curves of methods that are still there stay until theirs is done.
    case forgetStudy(keeping: Set<String>)
    /// Other weights or other points: nothing holds that was measured.
    case forgetMeasurements
    /// What the reference on the way was off, at its end.
    case reference(error: Double)
    /// The distance is to be asked for anew; `forgetting` what is known of it.
    case judge(forgetting: Bool)
    case ask(DistanceRequest.ID)
    case answer(JudgedDistance)
  }

  /// Applies a change.
  mutating func update(_ change: Change) {
    switch change {
    case .hold(let time): hold = time
    case .begin(let study, let now, let holds):
      self.study = study
      nextStudyTime = now + 3
      // A study that takes longer must not keep the lanes from following the training for ever.
      if holds { hold = now + 10 }
    case .forgetStudy(let methods):
      known = study?.known ?? known
      study = nil
      shownStudy?.keep(methods.contains)
    case .forgetMeasurements:
      study = nil
      shownStudy = nil
      known = nil
      referenceSolveError = nil
    case .reference(let error): referenceSolveError = error
    case .judge(let forgetting):
      exactJudgement = .due
      if forgetting { exactDistance = nil }
    case .ask(let id): exactJudgement = .asked(id)
    case .answer(let distance):
      exactDistance = distance
      exactJudgement = .answered
    }
  }

  /// Works on the study; true when there is more to show.
  mutating func advance(now: Double, budget: inout Int) -> Bool {
    guard study?.isOver == false, study?.advance(budget: &budget) == true, let study else {
      return false
    }
    shownStudy = ShownStudy.next(after: shownStudy, study)
    if study.isOver { hold = min(hold, now + 4) }
    return true
  }
}
