/// Which solver a person should take, read off the curves of error against evaluations.
///
/// Everything it compares was measured at t = 1 on the same weights, so that it does not depend on
/// where the lanes stand just now.
struct LaneVerdict: Sendable, Equatable {
  /// A lane with the curve of its method.
  typealias Entry = (lane: Int, curve: WorkPrecisionStudy.Curve)

  /// Figures that differ by less count as equal.
  static let tie = 1.05

  /// The best lane, and those that tie with it, best first.
  let best: [Int]
  /// The next one's lane.
  let next: Int?
  /// How many times as large as the best one's figure the next one's is.
  let factor: Double?
  /// The best one's figure: its error, or its evaluations.
  let figure: Double
  /// Whether a figure lies between two measured points of its curve.
  let isInterpolated: Bool

  /// Whose error is smallest for that many evaluations; nil where fewer than two curves tell.
  ///
  /// Errors below `resolution`, the reference's own, are equal.
  init?(evaluations: Int, _ entries: [Entry], resolution: Double = 0) {
    let figures = entries.compactMap { entry in
      entry.curve.error(forEvaluations: evaluations).map {
        (entry.lane, max($0.value, resolution), $0.isInterpolated)
      }
    }
    guard figures.count >= 2 else { return nil }
    self.init(figures)
  }

  /// Who needs fewest evaluations for that error; nil where no curve tells.
  init?(error: Double, _ entries: [Entry]) {
    let figures = entries.compactMap { entry in
      entry.curve.evaluations(forError: error).map { (entry.lane, $0, true) }
    }
    guard !figures.isEmpty, entries.count >= 2 else { return nil }
    self.init(figures)
  }

  private init?(_ figures: [(lane: Int, value: Double, isInterpolated: Bool)]) {
    let ranked = figures.filter { $0.value > 0 && $0.value.isFinite }.sorted { $0.value < $1.value }
    guard let first = ranked.first else { return nil }
    let isTied = { (value: Double) in value < LaneVerdict.tie * first.value }
    let next = ranked.first { !isTied($0.value) }
    best = ranked.filter { isTied($0.value) }.map(\.lane)
    self.next = next?.lane
    factor = next.map { $0.value / first.value }
    figure = first.value
    isInterpolated = first.isInterpolated || next?.isInterpolated ?? false
  }
}

extension AppState {
  /// Whether lanes differ by what can be ranked: two solvers of one field at least.
  var ranksLanes: Bool {
    !comparesTrainings && lanes.count { $0.settings.hasReference } > 1
  }

  /// The lanes whose methods were studied, one for each method, with complete curves only.
  private var studied: [LaneVerdict.Entry] {
    guard let shownStudy, shownStudy.isComplete else { return [] }
    return shownStudy.curves.compactMap { curve in
      lanes.firstIndex { $0.settings.method == curve.method }.map { ($0, curve) }
    }
  }

  /// The evaluations that lanes are judged for: those of the whole focused lane.
  var judgedEvaluations: Int { ensemble.lanes[focused].totalEvaluations }

  /// The error that lanes are judged for: a hundredth of the data's scale.
  var judgedError: Double { 0.01 * scene.errorScale }

  /// Whose error is smallest for what the focused lane costs.
  var equalCostVerdict: LaneVerdict? {
    LaneVerdict(
      evaluations: judgedEvaluations, studied, resolution: shownStudy?.referenceError ?? 0)
  }

  /// Who is cheapest for the error that lanes are judged for.
  var cheapestVerdict: LaneVerdict? { LaneVerdict(error: judgedError, studied) }
}
