import FlowMatching
import TerminalCanvas

/// What a person decides between solvers by, in words: who has the smallest error for an equal cost,
/// and who is cheapest for an error.
struct VerdictLines {
  let theme: Theme

  /// “RK4: error 2.5× smaller than midpoint at 8 evaluations”, as long as there is room for; nil
  /// where there is nothing to decide.
  func equalCost(_ state: AppState, width: Int) -> [Run]? {
    guard state.currentStudy != nil, let verdict = state.equalCostVerdict else {
      return waiting(state)
    }
    let cost = state.judgedEvaluations
    let lead = lead(state, verdict.best)
    guard let next = verdict.next, let factor = verdict.factor else {
      let names = verdict.best.count == 2 ? "both" : "all"
      return fitting(
        [
          lead + [theme.run(": \(names) the same error at \(cost) evaluations", .label)],
          lead + [theme.run(": same error at NFE \(cost)", .label)],
        ], state, width)
    }
    let times = VerdictLines.times(factor)
    let (about, near) = verdict.isInterpolated ? ("about ", "~") : ("", "")
    let other = state.name(ofLane: next)
    return fitting(
      [
        ": error \(about)\(times) smaller than \(other) at \(cost) evaluations",
        ": error \(near)\(times) smaller than \(other), NFE \(cost)",
        ": error \(near)\(times) smaller, NFE \(cost)", ": best by \(near)\(times), NFE \(cost)",
      ].map { lead + [theme.run($0, .label)] }, state, width)
  }

  /// “RK4: cheapest for an error of 0.01, 9 evaluations, midpoint 14”.
  func cheapest(_ state: AppState, width: Int) -> [Run]? {
    guard state.currentStudy != nil, let verdict = state.cheapestVerdict else { return nil }
    let lead = lead(state, verdict.best)
    let error = NumberFormat.axis(state.judgedError)
    let work = Int(saturating: verdict.figure.rounded(.up))
    var rest = ", no other gets there"
    if let next = verdict.next, let factor = verdict.factor {
      rest =
        ", \(state.name(ofLane: next)) \(Int(saturating: (verdict.figure * factor).rounded(.up)))"
    } else if verdict.best.count > 1 {
      rest = " each"
    }
    return fitting(
      [
        lead + [
          theme.run(": cheapest for an error of \(error), \(work) evaluations\(rest)", .label)
        ],
        lead + [theme.run(": cheapest for error \(error), NFE \(work)\(rest)", .label)],
        lead + [theme.run(": cheapest for error \(error), NFE \(work)", .label)],
      ], state, width)
  }

  /// 1.2× or 36×.
  static func times(_ factor: Double) -> String {
    NumberFormat.fixed(factor, factor < 9.95 ? 1 : 0) + "×"
  }

  private func waiting(_ state: AppState) -> [Run]? {
    guard state.ranksLanes, state.currentStudy?.isComplete != true
    else { return nil }
    let text =
      state.shownWeightsStep == 0 && state.report.status == .training
      ? "judged once something is learned"
      : state.isParked ? "which solver is best: measuring …" : "judged when the clock is parked"
    return [theme.run(text, .hint)]
  }

  /// The names of those that are best, each with its mark.
  private func lead(_ state: AppState, _ lanes: [Int]) -> [Run] {
    var runs: [Run] = []
    for (index, lane) in lanes.enumerated() {
      if index > 0 { runs.append(theme.run(index == lanes.count - 1 ? " and " : ", ", .label)) }
      runs.append(theme.run("● ", .lane(lane)))
      runs.append(theme.run(state.name(ofLane: lane), .value, bold: true))
    }
    return runs
  }

  /// The first that fits, said of the end where the lanes stand before it; nil where none does.
  private func fitting(_ choices: [[Run]], _ state: AppState, _ width: Int) -> [Run]? {
    let tail = state.clock.t < 1 ? [theme.run(" (at t 1)", .warn)] : []
    return choices.map { $0 + tail }.first { $0.columns <= width }
  }
}
