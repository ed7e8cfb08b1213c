import FlowMatching
import TerminalCanvas

/// Whether the lanes have one p_t, in words.
struct MarginalLines {
  let theme: Theme

  /// The longest sentence for which there is room; nil for a single lane, or without room for any.
  func line(_ state: AppState, width: Int) -> [Run]? {
    guard let verdict = state.marginalVerdict else { return nil }
    let lead = [theme.run("same p_t?  ", .label)]
    return choices(verdict, state).map { lead + $0 }.first { $0.columns <= width }
  }

  /// The same in a few letters, for the header.
  func brief(_ state: AppState) -> [Run] {
    guard let verdict = state.marginalVerdict else { return [] }
    let lead = theme.run("same p_t? ", .label)
    switch verdict {
    case .same: return [lead, yes, theme.run(" within noise", .label)]
    case .different(let pairs):
      let ratio = pairs[0].outcome.map { " " + MarginalLines.times($0) + " noise" } ?? ""
      return [lead, no, theme.run(ratio, .label)]
    case .measuring: return [lead, theme.run("…", .hint)]
    case .moving, .apart, .lost, .ends: return []
    }
  }

  private var yes: Run { theme.run("✓ yes", .good, bold: true) }
  private var no: Run { theme.run("× no", .bad, bold: true) }

  private func choices(_ verdict: MarginalVerdict, _ state: AppState) -> [[Run]] {
    func words(_ role: Role, _ texts: String...) -> [[Run]] { texts.map { [theme.run($0, role)] } }
    switch verdict {
    case .moving: return words(.hint, "judged once t stops (space)")
    case .apart: return words(.hint, "not judged: the lanes are at different t", "at different t")
    case .lost: return words(.hint, "not judged: points were lost")
    case .measuring: return words(.hint, "measuring …")
    case .ends(let lane):
      let name = [theme.run("● ", .lane(lane)), theme.run(state.name(ofLane: lane), .value)]
      return [
        theme.run(" has the same ends and another p_t between: stop on the way", .label),
        theme.run(" has another p_t between the ends", .label), theme.run(": not between", .label),
      ].map { name + [$0] }
    case .same(let outcome, let limit):
      let distance = NumberFormat.significant(outcome.distance, 2)
      let most = NumberFormat.significant(limit, 2)
      return [
        ", within sampling noise: energy distance \(distance), chance makes up to \(most) of "
          + "2 × \(outcome.count) points",
        ", within sampling noise: \(distance) apart, chance makes up to \(most)",
        ", within sampling noise (\(distance) of \(most))", ", within sampling noise", "",
      ].map { [yes, theme.run($0, .label)] }
    case .different(let pairs): return differences(pairs, state)
    }
  }

  private func differences(_ pairs: [MarginalStudy.Pair], _ state: AppState) -> [[Run]] {
    guard let worst = pairs.first, let outcome = worst.outcome else { return [] }
    func named(_ lane: Int) -> [Run] {
      [theme.run("● ", .lane(lane)), theme.run(state.name(ofLane: lane), .value, bold: true)]
    }
    let times = MarginalLines.times(outcome)
    let (distance, noise) = MarginalLines.figures(outcome)
    let both = named(worst.first) + [theme.run(" and ", .label)] + named(worst.second)
    let others = pairs.count > 1 ? ", and \(pairs.count - 1) more" : ""
    return [
      [no, theme.run(": ", .label)] + both
        + [theme.run(" are \(times) noise apart (\(distance), noise \(noise))\(others)", .label)],
      [no, theme.run(": ", .label)] + both + [theme.run(" \(times) noise\(others)", .label)],
      [no, theme.run(", \(times) noise", .label)], [no],
    ]
  }

  /// “4.1 ×”.
  static func times(_ outcome: TwoSampleTest.Outcome) -> String {
    outcome.noise > 0
      ? VerdictLines.figure(outcome.distance / outcome.noise) + " ×" : NumberFormat.missing
  }

  private static func figures(_ outcome: TwoSampleTest.Outcome) -> (String, String) {
    (NumberFormat.significant(outcome.distance, 2), NumberFormat.significant(outcome.noise, 2))
  }
}
