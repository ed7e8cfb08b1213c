import FlowMatching

/// Which of the lanes that cost the same is nearest to the exact places.
struct LaneVerdict: Sendable, Equatable {
  /// Evaluations of the cheapest lane.
  let evaluations: Int
  /// The lane with the least error among those that cost as much.
  let best: Int
  /// The next one, whose error is `factor` times as large.
  let second: Int
  let factor: Double

  /// The verdict on lanes with so many evaluations and such errors; nil where fewer than two cost
  /// about the same (within a quarter), or where an error is not known.
  init?(evaluations: [Int], errors: [Double?]) {
    guard let least = evaluations.min(), least > 0 else { return nil }
    let equal = evaluations.indices.filter { 4 * evaluations[$0] <= 5 * least }
    let ranked = equal.compactMap { index in
      errors[index].flatMap { $0 > 0 && $0.isFinite ? (index: index, error: $0) : nil }
    }.sorted { $0.error < $1.error }
    guard ranked.count == equal.count, ranked.count >= 2 else { return nil }
    self.evaluations = least
    best = ranked[0].index
    second = ranked[1].index
    factor = ranked[1].error / ranked[0].error
  }
}

extension AppState {
  /// The verdict on the lanes at the times that they show.
  var laneVerdict: LaneVerdict? {
    LaneVerdict(
      evaluations: lanes.indices.map { ensemble.lanes[$0].evaluations(at: lanes[$0].t) },
      errors: lanes.map(\.error))
  }
}
