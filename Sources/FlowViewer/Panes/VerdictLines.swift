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
    let lead = lead(state, verdict)
    let within = "within \(LaneVerdict.tiePercent) %"
    guard let next = verdict.next, let factors = verdict.factors else {
      let same =
        verdict.isBelowResolution ? "not above the reference's own error" : "equal \(within)"
      return fitting(
        [": errors \(same) at \(cost) evaluations", ": errors \(same), NFE \(cost)"].map {
          lead + [theme.run($0, .label)]
        }, state, width)
    }
    let times = VerdictLines.times(factors)
    // Below what the reference may be off itself a factor is the least that it can be.
    let isBound = verdict.isBelowResolution
    let (about, near) =
      isBound ? ("≥", "≥") : verdict.isInterpolated ? ("about ", "~") : ("", "")
    let other = state.name(ofLane: next.lane)
    let tie =
      verdict.best.count == 1 ? "" : isBound ? "too exact to tell apart, " : "equal \(within), "
    return fitting(
      [
        ": \(tie)error \(about)\(times) smaller than \(other) at \(cost) evaluations",
        ": \(tie)error \(near)\(times) smaller than \(other), NFE \(cost)",
        ": \(tie)\(near)\(times) below \(other), NFE \(cost)",
        ": \(near)\(times) below \(other), NFE \(cost)",
      ].map { lead + [theme.run($0, .label)] }, state, width)
  }

  /// “RK4: cheapest for an error of 0.01, 12 evaluations, midpoint needs 14”.
  func cheapest(_ state: AppState, width: Int) -> [Run]? {
    guard state.currentStudy != nil, let verdict = state.cheapestVerdict else { return nil }
    let lead = lead(state, verdict)
    let error = NumberFormat.axis(state.judgedError)
    func work(_ figure: LaneVerdict.Figure, _ about: String) -> String {
      (figure.isInterpolated ? about : "") + "\(Int(saturating: figure.value.rounded(.up)))"
    }
    let costs = { (about: String) in
      // Equal within the threshold is not the same number.
      var seen: [String] = []
      for text in verdict.best.map({ work($0, about) }) where !seen.contains(text) {
        seen.append(text)
      }
      return seen.joined(separator: " and ")
    }
    var rest = ", no other gets there"
    if let next = verdict.next {
      rest = ", \(state.name(ofLane: next.lane)) needs \(work(next, "about "))"
    } else if verdict.best.count > 1 {
      rest = " (equal within \(LaneVerdict.tiePercent) %)"
    }
    return fitting(
      [
        ": cheapest for an error of \(error), \(costs("about ")) evaluations\(rest)",
        ": cheapest for error \(error), NFE \(costs("~"))\(rest)",
        ": cheapest for error \(error), NFE \(costs("~"))",
      ].map { lead + [theme.run($0, .label)] }, state, width)
  }

  /// 1.2× or 36×; 1.2–1.3× where several tie that are not quite equal.
  static func times(_ factors: ClosedRange<Double>) -> String {
    let (low, high) = (figure(factors.lowerBound), figure(factors.upperBound))
    return (low == high ? low : low + "–" + high) + "×"
  }

  /// 1.2, 36, 12 000 or 1.2e9.
  static func figure(_ factor: Double) -> String {
    factor < 9.95
      ? NumberFormat.fixed(factor, 1)
      : factor < 1e5
        ? NumberFormat.grouped(Int(saturating: factor.rounded()))
        : NumberFormat.scientific(factor, digits: 2)
  }

  private func waiting(_ state: AppState) -> [Run]? {
    guard state.ranksLanes, state.currentStudy?.isComplete != true
    else { return nil }
    let text =
      state.shownWeightsStep == 0 && state.training.report.status == .training
      ? "judged once something is learned"
      : state.isParked ? "which solver is best: measuring …" : "judged once t stops (space)"
    return [theme.run(text, .hint)]
  }

  /// The names of those that are best, each with its mark.
  private func lead(_ state: AppState, _ verdict: LaneVerdict) -> [Run] {
    var runs: [Run] = []
    let lanes = verdict.best.map(\.lane)
    for (index, lane) in lanes.enumerated() {
      if index > 0 { runs.append(theme.run(index == lanes.count - 1 ? " and " : ", ", .label)) }
      runs.append(theme.run("● ", .lane(lane)))
      runs.append(theme.run(state.name(ofLane: lane), .value, bold: true))
      // The lane itself has no solve to its end: its method has, in other numbers of steps.
      if state.failure(ofLane: lane) != nil { runs.append(theme.run(" with more steps", .warn)) }
    }
    return runs
  }

  /// The first that fits, said of the end where the lanes stand before it; nil where none does.
  private func fitting(_ choices: [[Run]], _ state: AppState, _ width: Int) -> [Run]? {
    let head = state.playback.clock.t < 1 ? [theme.run("at t = 1  ", .warn)] : []
    return choices.map { head + $0 }.first { $0.columns <= width }
  }
}
