import FlowMatching
import TerminalCanvas

/// The figures of a lane as panes write them: `…` for what is still to come, `–` for what is not.
extension AppState {
  /// A number of lanes in words.
  static func numeral(_ count: Int) -> String {
    ["none", "one", "two", "three", "four"][min(4, max(0, count))]
  }

  /// √(mean |x − x*|²) of a lane's particles at its time; “≤” what the reference itself may be off.
  func error(ofLane index: Int) -> String {
    guard let error = lanes[index].error else {
      return ensemble.isSettled(at: clock.t, leader: leadingLane) ? NumberFormat.missing : "…"
    }
    if error.rms > 0, let bound = error.bound { return "≤" + NumberFormat.significant(bound, 2) }
    return NumberFormat.significant(error.rms)
  }

  /// A W₂; `–` where its solve broke down.
  func text(of distance: JudgedDistance?, failed: Bool) -> String {
    if failed { return NumberFormat.missing }
    return distance.map { NumberFormat.fixed($0.w2, 2) } ?? "…"
  }

  /// W₂ of a lane's samples to the target at t = 1.
  func distance(ofLane index: Int) -> String {
    text(of: lanes[index].distance, failed: ensemble.lanes[index].failure != nil)
  }

  /// Whether a W₂ is that of the weights on show; newer weights' comes a moment after them.
  func isCurrent(_ distance: JudgedDistance?) -> Bool {
    distance.map { $0.weightsStep == ensemble.weightsStep } ?? true
  }

  /// What went wrong with a lane's solve, in a few words; nil where all is well.
  func trouble(ofLane index: Int) -> String? {
    let solve = ensemble.lanes[index]
    if solve.failure != nil {
      return "failed at t = " + NumberFormat.significant(solve.frontier, 2)
    }
    let lost = solve.lostCount
    return lost > 0 ? NumberFormat.grouped(lost) + " particles lost" : nil
  }
}
