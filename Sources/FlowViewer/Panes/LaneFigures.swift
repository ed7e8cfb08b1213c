import FlowMatching
import TerminalCanvas

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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
    return distance.map { NumberFormat.significant($0.w2) } ?? "…"
  }

  /// A coordinate with as many decimals as tell the target's points apart: so many where they spread
  /// by about 1.
  func coordinate(_ x: Double, _ decimals: Int = 2) -> String {
    let shift = log10(scene.errorScale).rounded()
    return NumberFormat.fixed(x, max(0, decimals - Int(saturating: shift)))
  }

  /// W₂ of a lane's samples to the target at t = 1.
  func distance(ofLane index: Int) -> String {
    text(of: lanes[index].distance, failed: failure(ofLane: index) != nil)
  }

  /// Whether a W₂ is that of the weights on show; newer weights' comes a moment after them.
  func isCurrent(_ distance: JudgedDistance?) -> Bool {
    distance.map { $0.weightsStep == ensemble.weightsStep } ?? true
  }

  /// Evaluations per trajectory that a lane has spent where it stands: of the sample that its error
  /// is of, as soon as that has come so far.
  func evaluations(ofLane index: Int) -> Int {
    let t = lanes[index].t
    let judged = ensemble.judged.indices.contains(index) ? ensemble.judged[index] : nil
    let solve = judged.flatMap { $0.knows(t) ? $0 : nil } ?? ensemble.lanes[index]
    return solve.evaluations(at: t)
  }

  /// Why a lane did not arrive at t = 1; nil where it did, or is on its way.
  func failure(ofLane index: Int) -> Integrator.Failure? { ensemble.failure(ofLane: index) }

  /// What went wrong with a lane's solve, the longest words of at most so many columns; nil where
  /// all is well.
  func trouble(ofLane index: Int, columns: Int = .max) -> String? {
    if let failure = failure(ofLane: index) {
      let t = NumberFormat.significant(failure.time, 2)
      let (reason, choices) = (
        failure.reason, ["failed at t \(t): ", "failed t \(t): ", "failed: "]
      )
      return choices.map { $0 + reason }.first { CellText.columns($0) <= columns } ?? "failed"
    }
    let lost = ensemble.lanes[index].lostCount
    return lost > 0 ? NumberFormat.grouped(lost) + " particles lost" : nil
  }
}

extension Integrator.Failure {
  /// Where along t it happened.
  fileprivate var time: Double {
    switch self {
    case .stepTooSmall(let t), .notFinite(let t), .tooManySteps(let t): t
    }
  }

  /// What happened there, in a few words.
  fileprivate var reason: String {
    switch self {
    case .stepTooSmall: "steps too small"
    case .notFinite: "not finite"
    case .tooManySteps: "too many steps"
    }
  }
}
