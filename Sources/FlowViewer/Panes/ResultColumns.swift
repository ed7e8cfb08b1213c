import FlowMatching
import TerminalCanvas

extension ResultPane {
  /// One column of the table of lanes.
  struct Column {
    /// What it says of a lane.
    enum Kind {
      case name, work, error, factor, distance, steps, order, time

      /// Whether it is left out for a lane that stands elsewhere than the others.
      var isOfComparison: Bool { [.error, .factor, .distance].contains(self) }
    }

    let kind: Kind
    let title: String
    let width: Int
    let value: (Int) -> String
  }

  /// The columns that fit; those that count less are dropped first.
  func columns(_ state: AppState, width: Int) -> [Column] {
    var kept: Set<Column.Kind> = []
    // Where no lane has a reference there is nothing to say of errors.
    let hasErrors = state.lanes.all.contains { $0.settings.hasReference }
    let all = allColumns(state).filter { hasErrors || ![.error, .order].contains($0.kind) }
    var used = 4
    for kind: Column.Kind in [.name, .work, .error, .distance, .factor, .steps, .order, .time] {
      guard let column = all.first(where: { $0.kind == kind }) else { continue }
      guard used + column.width <= width else { break }
      kept.insert(kind)
      used += column.width
    }
    return all.filter { kept.contains($0.kind) }
  }

  private func allColumns(_ state: AppState) -> [Column] {
    let errors: [Column] = [
      Column(kind: .name, title: state.comparesSolvers ? "solver" : "lane", width: 16) {
        state.name(ofLane: $0)
      },
      Column(kind: .work, title: "NFE", width: 5) { "\(state.evaluations(ofLane: $0))" },
      Column(kind: .error, title: "RMS error", width: 11) { state.error(ofLane: $0) },
    ]
    let distance = Column(kind: .distance, title: "W₂ t=1", width: 8) {
      state.text(of: state.lanes.all[$0].distance, failed: state.failure(ofLane: $0) != nil)
    }
    return errors + (state.ranksLanes ? [factor(state)] : []) + [distance] + work(state)
  }

  /// How a lane does for equal cost, whatever its own: read off the curves, as the verdict is.
  private func factor(_ state: AppState) -> Column {
    let isEnd = state.playback.clock.t == 1
    let title = (isEnd ? "at" : "t=1,") + " NFE \(state.judgedEvaluations)"
    let verdict = state.currentStudy == nil ? nil : state.equalCostVerdict
    return Column(kind: .factor, title: title, width: max(10, title.count + 2)) { index in
      // Lanes of one method have one curve.
      let method = state.lanes.all[index].settings.curve
      let lane = verdict?.ranked.first { state.lanes.all[$0.lane].settings.curve == method }?.lane
      guard let lane, let factor = verdict?.factor(ofLane: lane) else {
        return outside(state, method)
      }
      let about = factor.isInterpolated ? "~" : ""
      if factor.value == 1 { return about + "best" }
      let bound = verdict?.isBelowResolution == true ? "≥" : about
      return bound + VerdictLines.figure(factor.value) + "×"
    }
  }

  /// Why a method has no factor: it is still being measured, or has no solve of that cost.
  private func outside(_ state: AppState, _ method: String) -> String {
    guard let study = state.currentStudy, study.isComplete else { return "…" }
    let work = study.curves.first { $0.method == method }?.points.map(\.evaluations) ?? []
    guard let least = work.min(), let most = work.max() else { return NumberFormat.missing }
    if least > state.judgedEvaluations { return "needs \(least)" }
    return most < state.judgedEvaluations ? "up to \(most)" : NumberFormat.missing
  }

  private func work(_ state: AppState) -> [Column] {
    [
      Column(kind: .steps, title: "steps", width: 7) { index in
        // Accepted, and behind the plus what was rejected: those tries have been paid for too.
        let solve = state.lanes.ensemble.lanes[index]
        let t = state.lanes.all[index].t
        let rejected = solve.attempts.count { !$0.accepted && $0.t < t }
        return "\(solve.steps(at: t))" + (rejected > 0 ? "+\(rejected)×" : "")
      },
      Column(kind: .order, title: "order", width: 6) { index in
        let name = state.lanes.all[index].settings.curve
        let study = state.currentStudy
        let order = study?.curves.first { $0.method == name }?
          .order(scale: state.scene.errorScale, resolution: study?.referenceError ?? 0)
        // Steeper than a method can be: an unstable solve that has just become a stable one.
        guard let order, !state.lanes.all[index].settings.isAdaptive,
          order < Double(state.lanes.all[index].settings.solver.order) + 1
        else { return NumberFormat.missing }
        return NumberFormat.fixed(order, 1)
      },
      Column(kind: .time, title: "ms", width: 6) { index in
        // Nothing was measured where no clock runs, as in a replay; in a lecture nobody asks.
        guard state.pace.cost.isKnown, !state.look.isLecture else { return NumberFormat.missing }
        let solve = state.lanes.ensemble.lanes[index]
        let work = solve.evaluations(at: state.lanes.all[index].t) * solve.count
        return NumberFormat.fixed(1000 * Double(work) / state.pace.evaluationsPerSecond, 1)
      },
    ]
  }
}
