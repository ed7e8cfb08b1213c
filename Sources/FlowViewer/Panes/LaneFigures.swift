import FlowMatching
import TerminalCanvas

/// The figures of a lane as panes write them: `…` for what is still to come, `–` for what is not.
extension AppState {
  /// √(mean |x − x*|²) of a lane's particles at its time.
  func error(ofLane index: Int) -> String {
    if let error = lanes[index].error { return NumberFormat.significant(error) }
    return ensemble.isSettled(at: clock.t, leader: leadingLane) ? NumberFormat.missing : "…"
  }

  /// W₂ of a lane's samples to the target; only at t = 1.
  func distance(ofLane index: Int) -> String {
    let lane = lanes[index]
    guard lane.t == 1, particleCount >= DistanceRequest.count,
      ensemble.lanes[index].failure == nil
    else { return NumberFormat.missing }
    return lane.distance.map { NumberFormat.fixed($0, 2) } ?? "…"
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
