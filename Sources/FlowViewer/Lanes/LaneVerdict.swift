/// Which solver a person should take, read off the curves of error against evaluations.
///
/// Everything it compares was measured at t = 1 on the same weights, so that it does not depend on
/// where the lanes stand just now. The table's factors and the sentences below it are read off one
/// and the same verdict, so that they cannot contradict each other.
struct LaneVerdict: Sendable, Equatable {
  /// A lane with the curve of its method.
  typealias Entry = (lane: Int, curve: WorkPrecisionStudy.Curve)

  /// What one lane is judged by: its error, or its evaluations.
  struct Figure: Sendable, Equatable {
    let lane: Int
    let value: Double
    /// Whether it lies between two measured points of its curve.
    let isInterpolated: Bool
  }

  /// Figures that differ by less, in per cent, count as equal.
  static let tiePercent = 5

  /// Every lane that takes part, best first.
  let ranked: [Figure]
  /// How many of them tie for the best.
  private let tied: Int
  /// What the reference itself may be off, where errors are judged.
  private let resolution: Double

  /// Whose error is smallest for that many evaluations; nil where fewer than two curves tell.
  ///
  /// Errors below `resolution`, the reference's own, are equal.
  init?(evaluations: Int, _ entries: [Entry], resolution: Double = 0) {
    let figures = entries.compactMap { entry in
      entry.curve.error(forEvaluations: evaluations).map {
        Figure(
          lane: entry.lane, value: max($0.value, resolution), isInterpolated: $0.isInterpolated)
      }
    }
    guard figures.count >= 2 else { return nil }
    self.init(figures, resolution: resolution)
  }

  /// Who needs fewest evaluations for that error, in whole steps; nil where no curve tells.
  init?(error: Double, _ entries: [Entry]) {
    let figures = entries.compactMap { entry in
      entry.curve.cost(ofError: error).map {
        Figure(lane: entry.lane, value: $0.value, isInterpolated: $0.isInterpolated)
      }
    }
    guard !figures.isEmpty, entries.count >= 2 else { return nil }
    self.init(figures)
  }

  private init?(_ figures: [Figure], resolution: Double = 0) {
    ranked = figures.filter { $0.value > 0 && $0.value.isFinite }.sorted { $0.value < $1.value }
    guard let first = ranked.first else { return nil }
    let tie = 1 + Double(LaneVerdict.tiePercent) / 100
    tied = ranked.count { $0.value < tie * first.value }
    self.resolution = resolution
  }

  /// The best, and those that tie with it, best first.
  var best: [Figure] { Array(ranked.prefix(tied)) }

  /// The best that does not tie.
  var next: Figure? { ranked.dropFirst(tied).first }

  /// How many times as large as those of the best the next one's figure is: of the last that ties,
  /// and of the first.
  var factors: ClosedRange<Double>? {
    next.map { $0.value / ranked[tied - 1].value...$0.value / ranked[0].value }
  }

  /// Whether what is said of the best and the next is read between measured points.
  var isInterpolated: Bool { ranked.prefix(tied + 1).contains(where: \.isInterpolated) }

  /// Whether the best cannot be told from the reference itself.
  var isBelowResolution: Bool { ranked[0].value <= resolution }

  /// How many times as large as the best one's the figure of a lane is, 1 where it ties; nil where
  /// it takes no part.
  func factor(ofLane lane: Int) -> (value: Double, isInterpolated: Bool)? {
    guard let place = ranked.firstIndex(where: { $0.lane == lane }) else { return nil }
    if place < tied { return (1, ranked[place].isInterpolated) }
    return (
      ranked[place].value / ranked[0].value,
      ranked[place].isInterpolated || ranked[0].isInterpolated
    )
  }
}

extension AppState {
  /// Whether lanes differ by what can be ranked: two solvers of one field at least.
  var ranksLanes: Bool {
    !comparesTrainings && lanes.all.count { $0.settings.hasReference } > 1
  }

  /// The lanes whose methods were studied, one for each method, with complete curves only. A lane that
  /// failed stands for its method's other numbers of steps: a person may still take one of them.
  private var studied: [LaneVerdict.Entry] {
    guard let shownStudy = studies.shownStudy, shownStudy.isComplete else { return [] }
    return shownStudy.curves.compactMap { curve in
      lanes.all.indices.first { lanes.all[$0].settings.curve == curve.method }
        .map { ($0, curve) }
    }
  }

  /// The evaluations that lanes are judged for: those of the whole focused lane, or of the first that
  /// did not fail.
  var judgedEvaluations: Int {
    let lane =
      ([lanes.focused] + lanes.all.indices).first { failure(ofLane: $0) == nil } ?? lanes.focused
    return
      (lanes.ensemble.judged.indices.contains(lane) ? lanes.ensemble.judged : lanes.ensemble.lanes)[
        lane
      ]
      .totalEvaluations
  }

  /// The error that lanes are judged for: a hundredth of the data's scale.
  var judgedError: Double { 0.01 * scene.errorScale }

  /// Whose error is smallest for what the focused lane costs.
  var equalCostVerdict: LaneVerdict? {
    LaneVerdict(
      evaluations: judgedEvaluations, studied, resolution: studies.shownStudy?.referenceError ?? 0)
  }

  /// Who is cheapest for the error that lanes are judged for.
  var cheapestVerdict: LaneVerdict? { LaneVerdict(error: judgedError, studied) }

  /// Whether the lanes' W₂ lie so near to each other that another sample of the target could turn
  /// them round: within the spread of the noise floor.
  var distancesTie: Bool {
    guard let noise = training.shownReport.noiseFloor else { return false }
    let known = lanes.all.indices.compactMap {
      failure(ofLane: $0) == nil ? lanes.all[$0].distance?.w2 : nil
    }
    guard known.count > 1, let least = known.min(), let most = known.max() else { return false }
    return most - least <= noise.deviation
  }
}
