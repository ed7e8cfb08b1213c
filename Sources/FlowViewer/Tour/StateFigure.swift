import FlowMatching
import TerminalCanvas

/// A number of the state by its name, as captions write it and claims compare it.
struct StateFigure: Sendable {
  let name: String
  /// How it is written.
  let text: @Sendable (Double) -> String
  /// Nil where it is not known, or not yet.
  let value: @Sendable (AppState) -> Double?

  init(
    _ name: String, _ text: @escaping @Sendable (Double) -> String,
    _ value: @escaping @Sendable (AppState) -> Double?
  ) {
    self.name = name
    self.text = text
    self.value = { state in value(state).flatMap { $0.isFinite ? $0 : nil } }
  }

  /// One that is written with two digits.
  init(_ name: String, _ value: @escaping @Sendable (AppState) -> Double?) {
    self.init(name, StateFigure.number, value)
  }

  /// Every figure.
  static let all: [StateFigure] =
    ofTraining + ofParticles + ofStudies + ofKinds + ofLooks + ofWorld + (1...4).flatMap(ofLane)
    + PaneName.allCases.map { pane in
      StateFigure("shows \(pane.rawValue)") { $0.layout.rect(of: pane) == nil ? 0 : 1 }
    }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// The figure of that name.
  static func named(_ name: String) -> StateFigure? { byName[name] }

  /// A text with the figures that it names in braces; `…` for what is not known yet.
  static func filled(_ text: String, _ state: AppState) -> String {
    text.split(separator: "{", omittingEmptySubsequences: false).enumerated().map { index, part in
      guard index > 0, let end = part.firstIndex(of: "}") else { return String(part) }
      let figure = named(String(part[..<end]))
      let words = figure.flatMap { figure in figure.value(state).map(figure.text) } ?? "…"
      return words + part[part.index(after: end)...]
    }.joined()
  }

  @Sendable static func number(_ value: Double) -> String { NumberFormat.significant(value, 2) }
  @Sendable static func three(_ value: Double) -> String { NumberFormat.significant(value, 3) }
  @Sendable static func whole(_ value: Double) -> String {
    NumberFormat.grouped(Int(saturating: value.rounded()))
  }
  @Sendable static func percent(_ value: Double) -> String { whole(value) + " %" }
  @Sendable static func thousandths(_ value: Double) -> String { NumberFormat.fixed(value, 3) }
  @Sendable static func tenths(_ value: Double) -> String { NumberFormat.fixed(value, 1) }
}

extension StateFigure {
  private static let ofTraining = [
    StateFigure("step", whole) { Double($0.training.shownReport.step) },
    StateFigure("loss", three) { $0.training.shownReport.averageLoss },
    StateFigure("floor", three) { $0.training.shownReport.lossFloor },
    StateFigure("excess") { $0.excessFigure?.value },
    StateFigure("w2") { $0.distanceFigure?.value },
    StateFigure("w2 of noise") { $0.training.shownReport.noiseFloor?.mean },
    StateFigure("former floor", three) { $0.training.shownReport.formerFloor },
    StateFigure("NLL", three) { $0.likelihood(ofMatching: false)?.value },
    StateFigure("NLL of matching", three) { $0.likelihood(ofMatching: true)?.value },
    StateFigure("steps of matching", whole) {
      $0.training.shownReport.rival.map { Double($0.step) }
    },
  ]

  private static let ofParticles = [
    StateFigure("t", number) { $0.playback.clock.t },
    StateFigure("near", percent) { $0.summary.clusters.map { 100 * $0.near } },
    StateFigure("rarest cluster", percent) {
      $0.summary.clusters.flatMap { clusters in clusters.shares.min().map { 100 * $0 } }
    },
    // Of the followed particle: where it may still end.
    StateFigure("goals", whole) { state in
      state.openGoals.map { Double($0.count { $0 > 0.02 }) }
    },
    StateFigure("likeliest", percent) { $0.openGoals?.max().map { 100 * $0 } },
    StateFigure("on data", percent) { $0.supportShare.map { 100 * $0 } },
    StateFigure("trails") { $0.look.scenery.trails ? 1 : 0 },
  ]

  private static let ofStudies = [
    StateFigure("crossings by chance", whole) { state in
      state.probes.pairs.map { Double($0.matchings[0].crossings) }
    },
    StateFigure("crossings matched", whole) { state in
      state.probes.pairs.map { Double($0.matchings[1].crossings) }
    },
    StateFigure("certificate holds") { state in
      state.transport?.plan.map { $0.certificate.holds ? 1 : 0 }
    },
    StateFigure("semidiscrete cost", three) { $0.transport?.plan?.certificate.dual.mean },
    StateFigure("cost of 16", three) { $0.transport?.ladder?.rungs.first?.cost.mean },
    StateFigure("cost of 1024", three) { state in
      state.transport?.ladder?.rungs.first { $0.count == 1024 }?.cost.mean
    },
    StateFigure("mass", thousandths) { $0.probes.shownDensity?.integral },
    StateFigure("surprise", three) { $0.probes.likelihood.shown?.nll?.mean },
    StateFigure("entropy", three) { $0.dataset.entropyFloor },
    StateFigure("same") { state in
      switch state.marginalVerdict {
      case .same: 1
      case .different: 0
      default: nil
      }
    },
    StateFigure("identities that hold", whole) { state in
      state.training.report.theory.map { Double($0.rows.count { $0.exact?.passes == true }) }
    },
  ]

  private static let ofWorld: [StateFigure] =
    [
      StateFigure("world floor", three) { $0.worldValues?.floor?.mean },
      StateFigure("world random pairs", three) { $0.worldValues?.independent },
      StateFigure("world least", three) { $0.worldValues?.least.mean },
      StateFigure("world flow", three) { $0.world?.flow?.cost?.mean },
      // How many particles are of the components as they stand.
      StateFigure("world share", percent) { $0.world?.flow.map { 100 * $0.share } },
    ]
    + SolverErrors.usual.map { method in
      StateFigure("world \(method.title)") { state in
        state.worldValues?.errors.rows.first { $0.method == method }?.error.mean
      }
    }

  /// A value of the lane of that number, counted from 1; nil where there is none such.
  static func lane<Value>(
    _ number: Int, _ value: @escaping @Sendable (AppState, Int) -> Value?
  ) -> @Sendable (AppState) -> Value? {
    { state in
      state.lanes.all.indices.contains(number - 1) ? value(state, number - 1) : nil
    }
  }

  private static func ofLane(_ number: Int) -> [StateFigure] {
    return [
      StateFigure("error \(number)", lane(number) { $0.comparison[$1]?.rms }),
      StateFigure("w2 \(number)", lane(number) { $0.currentDistance(ofLane: $1) }),
      StateFigure(
        "evaluations \(number)", whole, lane(number) { Double($0.evaluations(ofLane: $1)) }),
      StateFigure(
        "rejects \(number)", whole,
        lane(number) { Double($0.lanes.ensemble.lanes[$1].attempts.count { !$0.accepted }) }),
      StateFigure("order \(number)", tenths, lane(number) { $0.order(ofLane: $1) }),
      StateFigure("spread \(number)", lane(number) { $0.spread(ofLane: $1) }),
    ]
  }
}

extension AppState {
  /// The numbers of the exact world as it stands; nil while they are of an older one.
  fileprivate var worldValues: WorldFigures.Values? {
    world.flatMap { world in
      world.figures.shown.flatMap { $0.key.version == world.version ? $0 : nil }
    }
  }

  /// The probabilities of where the followed particle may still end; nil where none is followed, or they are
  /// not known.
  fileprivate var openGoals: [Double]? {
    let lane = lanes.all.count - 1
    guard let picked = particles.picked, picked < lanes.all[lane].positions.count,
      lanes.all[lane].positions.dimension == 2
    else { return nil }
    let place = lanes.all[lane].positions.point(picked)
    return posterior(x: place[0], y: place[1], lane: lane)?.map(\.weight)
  }

  /// The slope of a lane's curve of work and precision.
  fileprivate func order(ofLane index: Int) -> Double? {
    let (study, name) = (currentStudy, lanes.all[index].settings.curve)
    return study?.curves.first { $0.method == name }?
      .order(scale: scene.errorScale, resolution: study?.referenceError ?? 0)
  }

  /// A lane's W₂; nil while it is still of other weights than those that carry the particles.
  fileprivate func currentDistance(ofLane index: Int) -> Double? {
    lanes.all[index].distance.flatMap {
      $0.weightsStep == lanes.ensemble.weightsStep ? $0.w2 : nil
    }
  }

  /// The root mean square distance of a lane's particles from their middle.
  fileprivate func spread(ofLane index: Int) -> Double? {
    let points = lanes.all[index].positions
    guard traits.tokens == nil, points.count > 1 else { return nil }
    var sum = 0.0
    for i in 0..<points.dimension {
      let row = (0..<points.count).map { points[i, $0] }
      let mean = row.reduce(0, +) / Double(row.count)
      sum += row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
    }
    return sum.squareRoot()
  }
}
