import FlowMatching
import TerminalCanvas

/// What compared lanes are judged by: the exact places, the curves of work and precision, the distances.
public struct LaneStudies: Sendable {
  var study: WorkPrecisionStudy?
  var shownStudy: ShownStudy?
  /// What a study that was replaced knew of the places it measured by.
  var keptPlaces: ExactPlaces?
  /// The own error of the reference on the way, as it was last measured at its end.
  var referenceSolveError: Double?
  /// W2 of the solve that lanes are compared with, and how far the question for it is.
  var exactDistance: JudgedDistance?
  var exactJudgement = Lane.Judgement.due
  var nextStudyTime = 0.0
  /// Until when compared lanes wait with newer weights, so that rows, dots, curves and verdicts are of
  /// one step and stay long enough to be read.
  var hold = 0.0

}
