import FlowMatching

/// Every solve of one set of weights from one noise: the lanes, their reference and the film strip.
///
/// Lanes, errors and film are only comparable when they follow the same weights, so they are replaced
/// together.
struct Ensemble: Sendable {
  /// Particles that have a reference; those beyond take their lane's density colour.
  static let referenceLimit = 4096
  /// How the places are solved for that lanes are compared with on the way to t = 1, and there
  /// until `ExactPlaces` are known.
  static let referenceSettings = LaneSettings(.dormandPrince, toleranceExponent: -6)
  /// Particles of the film strip.
  static let filmCount = 520

  /// The field of the averaged weights that every solve here follows, and what may be beside it.
  private(set) var fields: LaneFields
  /// That field.
  var network: LearnedField { fields.network }
  /// That of the training beside it, where there is one.
  var rival: LearnedField? { fields.rival }
  /// The training step of these weights.
  let weightsStep: Int
  /// Its weights.
  var weights: FlowWeights { network.weights }
  private(set) var lanes: [Solve]
  /// A tight Dormand–Prince solve of the same field, where lanes are compared.
  private(set) var reference: Solve?
  /// Every lane once more, carrying the sample that its error and W2 are of; empty where nobody asks.
  private(set) var judged: [Solve] = []
  /// The reference carrying that sample.
  private(set) var judgedReference: Solve?
  /// The focused solver on a few particles, always solved to the end so that the future can be shown.
  private(set) var film: Solve
  private let noise: Batch
  private let judges: Batch?
  private let memoryLimit: Int

  /// Nothing is solved yet but what lanes with weights of their own have solved `before`; all
  /// trajectories together hold at most `memoryLimit` bytes. Where `judges` are given, every lane
  /// carries that sample too: no figure may depend on how many particles a screen shows.
  init(
    _ fields: LaneFields, step: Int, noise: Batch, lanes settings: [LaneSettings], focused: Int,
    memoryLimit: Int, judges: Batch? = nil, before: Ensemble? = nil
  ) {
    self.fields = fields
    weightsStep = step
    self.noise = noise
    self.judges = judges
    self.memoryLimit = memoryLimit
    let laneMemory = Ensemble.laneMemory(memoryLimit, settings.count)
    let judgedMemory = Ensemble.judgedMemory(memoryLimit, settings.count)
    let isSame = before?.lanes.count == settings.count && before?.noise == noise
    let isSameTarget = before?.fields.target.isAlike(fields.target) ?? false
    lanes = settings.enumerated().map { index, settings in
      if isSame, settings.keepsWeights || isSameTarget && settings.followsKnown,
        let solve = before?.lanes[index], solve.settings == settings
      {
        return solve
      }
      return Solve(
        fields, weightsStep: step, settings: settings, noise: noise, memoryLimit: laneMemory)
    }
    film = Solve(
      fields, weightsStep: step, settings: settings[focused],
      noise: noise.prefix(Ensemble.filmCount(fields)), memoryLimit: memoryLimit / 16)
    if let judges {
      let knows = isSame && before?.judges == judges
      judged = settings.enumerated().map { index, settings in
        if knows, settings.keepsWeights || isSameTarget && settings.followsKnown,
          let solve = before?.judged[index], solve.settings == settings
        {
          return solve
        }
        return Solve(
          fields, weightsStep: step, settings: settings, noise: judges,
          memoryLimit: judgedMemory)
      }
    }
    // Layers in closed form are their own reference, and two trainings have none.
    let comparesSolvers =
      network.traits.needsSolver && network.traits.tokens == nil
      && !(rival != nil && settings.contains { $0.training == .matching })
    if settings.count > 1, comparesSolvers {
      reference = Solve(
        fields, weightsStep: step,
        settings: Ensemble.referenceSettings,
        noise: noise.prefix(Ensemble.referenceLimit), memoryLimit: memoryLimit / 8)
      judgedReference = judges.map {
        Solve(
          fields, weightsStep: step, settings: Ensemble.referenceSettings, noise: $0,
          memoryLimit: judgedMemory)
      }
    }
  }

  /// Of words a few are read, of points many are seen.
  private static func filmCount(_ fields: LaneFields) -> Int {
    fields.network.traits.tokens == nil ? filmCount : 64
  }

  /// Sixteenths of all memory: lanes eleven, the judged sample two, the reference two, the film one.
  private static func laneMemory(_ limit: Int, _ lanes: Int) -> Int { limit / 16 * 11 / lanes }
  private static func judgedMemory(_ limit: Int, _ lanes: Int) -> Int {
    limit / 16 * 2 / (lanes + 1)
  }

  /// Replaces one lane's solver, or what it keeps; the other weights and the noise stay.
  mutating func setLane(
    _ index: Int, to settings: LaneSettings, keeping kept: [Int: KeptTraining], focused: Bool
  ) {
    fields.keep(kept)
    lanes[index] = Solve(
      fields, weightsStep: weightsStep, settings: settings, noise: noise,
      memoryLimit: Ensemble.laneMemory(memoryLimit, lanes.count))
    if let judges {
      judged[index] = Solve(
        fields, weightsStep: weightsStep, settings: settings, noise: judges,
        memoryLimit: Ensemble.judgedMemory(memoryLimit, lanes.count))
    }
    if focused {
      film = Solve(
        fields, weightsStep: weightsStep, settings: settings,
        noise: noise.prefix(Ensemble.filmCount(fields)), memoryLimit: memoryLimit / 16)
    }
  }

  /// Whether every lane can show its picture for the clock's t: at that time, or with a `leader` as
  /// far as the evaluations go that the leader has spent by then.
  func knows(_ t: Double, leader: Int? = nil) -> Bool {
    guard let leader else { return lanes.allSatisfy { $0.knows(t) } }
    guard lanes[leader].knows(t) else { return false }
    let spent = lanes[leader].evaluations(at: t)
    return lanes.indices.allSatisfy { $0 == leader || lanes[$0].knows(evaluations: spent) }
  }

  /// The time that each lane shows for the clock's t, see `knows`.
  func times(at t: Double, leader: Int?) -> [Double] {
    let spent = leader.map { lanes[$0].evaluations(at: t) }
    return lanes.indices.map { index in
      guard let spent, index != leader else { return t }
      return lanes[index].time(forEvaluations: spent)
    }
  }

  /// Where the reference passes what a lane passes at t, and by what its places are to be scaled:
  /// it follows the schedule of training, a lane maybe another. Nil for a lane with noise, along
  /// another velocity or of another training, which passes other places.
  func place(ofLane index: Int, at t: Double) -> (time: Double, scale: Double)? {
    let settings = lanes[index].settings
    guard settings.hasReference else { return nil }
    let trained = fields.trained
    return trained.place(of: t, under: settings.scheduler ?? trained)
  }

  /// √(mean |x − x*|²) of the judged points where a lane is at t: at the end against the `exact`
  /// places, on the way and until those are known against the reference's; nil until both are there,
  /// and for what has failed.
  func judgedError(
    ofLane index: Int, at t: Double, _ place: (time: Double, scale: Double), exact: ReferenceSolve?
  ) -> (rms: Double, resolution: Double?)? {
    guard judged.indices.contains(index), let judgedReference, judged[index].failure == nil,
      judgedReference.reaches(place.time), judged[index].knows(t),
      judgedReference.knows(place.time)
    else { return nil }
    let isEnd = place.time == 1
    var places =
      isEnd ? exact?.ends ?? judgedReference.end : judgedReference.position(at: place.time)
    if place.scale != 1 {
      for k in places.values.indices { places.values[k] *= place.scale }
    }
    let positions = isEnd ? judged[index].end : judged[index].position(at: t)
    return (
      positions.rootMeanSquareDistance(to: places, on: fields.target?.experiment.curvedSpace),
      isEnd ? exact?.error : nil
    )
  }

  /// Why a lane's particles or its judged points did not arrive; nil where all is well.
  func failure(ofLane index: Int) -> Integrator.Failure? {
    lanes[index].failure ?? (judged.indices.contains(index) ? judged[index].failure : nil)
  }

  private func referenceTimes(at t: Double, leader: Int?) -> [Double] {
    times(at: t, leader: leader).enumerated().compactMap { place(ofLane: $0, at: $1)?.time }
  }

  /// Turns the film to another lane.
  mutating func turnFilm(to index: Int) {
    guard film.settings != lanes[index].settings else { return }
    film = Solve(
      fields, weightsStep: weightsStep, settings: lanes[index].settings,
      noise: noise.prefix(Ensemble.filmCount(fields)), memoryLimit: memoryLimit / 16)
  }

  /// Whether lanes, reference and film have nothing left to do for t.
  func isSettled(at t: Double, leader: Int? = nil) -> Bool {
    guard knows(t, leader: leader), film.isOver else { return false }
    guard let reference else { return true }
    let isJudged = zip(judged, times(at: t, leader: leader)).allSatisfy { $0.knows($1) }
    return isJudged
      && referenceTimes(at: t, leader: leader).allSatisfy {
        reference.knows($0) && judgedReference?.knows($0) ?? true
      }
  }

  /// Whether nothing is left to solve at all.
  var isOver: Bool {
    lanes.allSatisfy(\.isOver) && (reference?.isOver ?? true) && film.isOver
      && judged.allSatisfy(\.isOver) && (judgedReference?.isOver ?? true)
  }

  /// Whether some lane has dropped knots for want of memory.
  var isThinned: Bool { lanes.contains(where: \.isThinned) }

  /// The latest time that every lane knows.
  var frontier: Double {
    lanes.map { $0.isOver ? 1 : $0.frontier }.min() ?? 1
  }

  /// Integrates towards t: the lanes first, in turn, then the reference, then the film to its end.
  mutating func advance(to t: Double, leader: Int? = nil, budget: inout Int) {
    if let leader {
      lanes[leader].advance(to: t, budget: &budget)
      guard lanes[leader].knows(t) else { return }
      let spent = lanes[leader].evaluations(at: t)
      for index in lanes.indices where index != leader {
        lanes[index].advance(beyondEvaluations: spent, budget: &budget)
      }
    } else {
      for index in lanes.indices { lanes[index].advance(to: t, budget: &budget) }
    }
    if knows(t, leader: leader) {
      let latest = referenceTimes(at: t, leader: leader).max() ?? t
      reference?.advance(to: latest, budget: &budget)
      if reference != nil {
        for (index, t) in times(at: t, leader: leader).enumerated()
        where judged.indices.contains(index) {
          judged[index].advance(to: t, budget: &budget)
        }
        judgedReference?.advance(to: latest, budget: &budget)
      }
    }
    film.advance(to: 1, budget: &budget)
  }

  /// Integrates everything to the end with what the budget has left. Totals and the marks of steps
  /// ahead must not depend on how far a person has once looked.
  mutating func finish(budget: inout Int) {
    for index in lanes.indices { lanes[index].advance(to: 1, budget: &budget) }
    reference?.advance(to: 1, budget: &budget)
    for index in judged.indices { judged[index].advance(to: 1, budget: &budget) }
    judgedReference?.advance(to: 1, budget: &budget)
  }

  /// Integrates one lane past t, so that its next knot is known.
  mutating func advanceLane(_ index: Int, beyond t: Double, budget: inout Int) {
    lanes[index].advance(beyond: t, budget: &budget)
  }

  /// Point evaluations that solving all of this to t takes, as far as they can be told.
  func cost() -> Int {
    let solves = lanes + judged + [film] + [reference, judgedReference].compactMap { $0 }
    return solves.reduce(0) { $0 + $1.totalEvaluations * $1.count }
  }
}
