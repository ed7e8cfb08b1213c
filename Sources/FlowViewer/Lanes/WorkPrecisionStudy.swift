import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Error against evaluations for the lanes' methods, over step counts or tolerances: one curve each.
///
/// It runs on the weights of the lanes, on the points that their W2 judges, in the time that frames
/// leave over. Errors are distances to `ExactPlaces`. Only the ends of its solves count, so that
/// their trajectories hold no more than two knots.
struct WorkPrecisionStudy: Sendable {
  /// No curve goes beyond so many evaluations per trajectory.
  static let largestEvaluations = 256

  /// One solve of the study.
  struct Point: Sendable, Hashable {
    let evaluations: Int
    let error: Double
  }

  /// A method's curve, in order of work.
  struct Curve: Sendable {
    let method: String
    /// Evaluations of one step of a fixed-step method: no number between its multiples is its cost.
    var evaluationsPerStep: Int?
    /// Whether it is of one number of steps, whose times are no others'.
    var isOfOneGrid = false
    var points: [Point] = []
    /// Evaluations of the finest solve that broke down: what is coarser is on no curve.
    var failed: Int?

    /// The slope of log(error) over log(evaluations), negated: the order as it shows itself.
    ///
    /// Errors near the data's own `scale` saturate, and those near the reference's `resolution` are
    /// partly its own, or the rounding of a network in Float32, which moves a solve by a millionth of the
    /// scale at most.
    func order(scale: Double = 1, resolution: Double = 0) -> Double? {
      let least = ReferenceSolve.leastOfOrders(rounding: scale * 2e-6 / 3, error: resolution)
      let usable = points.filter { $0.error < 0.3 * scale && $0.error > least }
      guard usable.count >= 3 else { return nil }
      let last = usable.suffix(4)
      let xs = last.map { log(Double($0.evaluations)) }
      let ys = last.map { log($0.error) }
      let mx = xs.reduce(0, +) / Double(xs.count)
      let my = ys.reduce(0, +) / Double(ys.count)
      let sxy = zip(xs, ys).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
      let sxx = xs.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
      return sxx > 0 ? -sxy / sxx : nil
    }

    /// The evaluations at which the curve crosses an error, by interpolation in log–log.
    func evaluations(forError error: Double) -> Double? {
      for (a, b) in zip(points, points.dropFirst()) where a.error >= error && b.error <= error {
        let fraction =
          (log(a.error) - log(error))
          / max(1e-300, log(a.error) - log(b.error))
        let (from, to) = (log(Double(a.evaluations)), log(Double(b.evaluations)))
        return exp(from + fraction * (to - from))
      }
      return nil
    }

    /// What an error costs: the least whole number of steps that gets there, as measured, or so
    /// rounded up where it is read between two measured points.
    func cost(ofError error: Double) -> (value: Double, isInterpolated: Bool)? {
      if isOfOneGrid {
        return points.first { $0.error <= error }.map { (Double($0.evaluations), false) }
      }
      if let failed, let first = points.first, first.error <= error {
        let isTight = evaluationsPerStep.map { first.evaluations - failed <= $0 } ?? false
        return (Double(first.evaluations), !isTight)
      }
      guard let work = evaluations(forError: error) else { return nil }
      guard let step = evaluationsPerStep else {
        return (work, !points.contains { Double($0.evaluations) == work })
      }
      let whole = Int(saturating: (work / Double(step) - 1e-9).rounded(.up)) * step
      func measured(_ work: Int) -> Double? { points.first { $0.evaluations == work }?.error }
      let isTight =
        (measured(whole).map { $0 <= error } ?? false)
        && (whole == step || (measured(whole - step).map { $0 > error } ?? false))
      return (Double(whole), !isTight)
    }

    /// The steps to try next for the least that get to an error, between those that are known not to
    /// and to; nil where nothing is left between them.
    func refinement(forError error: Double) -> Int? {
      guard let step = evaluationsPerStep, !isOfOneGrid else { return nil }
      if let failed, let first = points.first, first.error <= error {
        return first.evaluations - failed > step ? (failed + first.evaluations) / 2 / step : nil
      }
      guard let work = evaluations(forError: error),
        let (a, b) = zip(points, points.dropFirst()).first(where: {
          $0.error >= error && $1.error <= error
        }), b.evaluations - a.evaluations > step
      else { return nil }
      let guess = Int(saturating: (work / Double(step)).rounded(.up))
      return min(b.evaluations / step - 1, max(a.evaluations / step + 1, guess))
    }

    /// The error for so many evaluations: the measured one, or one between two measured points in
    /// log–log; nil beyond the curve's ends.
    func error(forEvaluations work: Int) -> (value: Double, isInterpolated: Bool)? {
      let exact = points.filter { $0.evaluations == work }.map(\.error).min()
      if let exact { return (exact, false) }
      for (a, b) in zip(points, points.dropFirst())
      where a.evaluations < work && work < b.evaluations && a.error > 0 && b.error > 0 {
        let fraction =
          log(Double(work) / Double(a.evaluations))
          / log(Double(b.evaluations) / Double(a.evaluations))
        return (a.error * exp(fraction * log(b.error / a.error)), true)
      }
      return nil
    }
  }

  /// What a solve came to.
  struct Outcome: Sendable {
    let evaluations: Int
    /// nil where it broke down or lost a point.
    let error: Double?
  }

  /// The solves that were done for these weights and points, so that lanes which change or come back solve
  /// nothing twice.
  struct Known: Sendable {
    let weightsStep: Int
    let outcomes: [LaneSettings: Outcome]
    /// The exact places that errors were measured by.
    let places: ExactPlaces
  }

  /// The training step of the weights that were studied.
  let weightsStep: Int
  private(set) var curves: [Curve]
  /// The curved space along which errors are measured; nil in the plane.
  var space: (any Space)?
  /// What errors are measured by.
  private(set) var places: ExactPlaces

  private let noise: Batch
  private let field: LearnedField
  private let trained: Scheduler
  private var jobs: [(curve: Int, settings: LaneSettings)]
  private var running: Solve?
  /// The error whose least cost is measured too.
  private let wantedError: Double?
  /// What was solved for it, so that nothing is solved twice.
  private var refined: Set<LaneSettings> = []
  private let lanes: [LaneSettings]
  private var outcomes: [LaneSettings: Outcome]

  /// Nothing is solved yet but what another study of the same weights and points has found.
  init(
    network: LearnedField, step: Int, noise: Batch, lanes: [LaneSettings],
    trained: Scheduler = .conditionalOT, known: Known? = nil, wantedError: Double? = nil
  ) {
    self.trained = trained
    self.wantedError = wantedError
    self.lanes = lanes
    weightsStep = step
    self.noise = noise
    field = network
    let known = known.flatMap { $0.weightsStep == step ? $0 : nil }
    places = known?.places ?? ExactPlaces(network, step: step, from: noise)
    outcomes = known?.outcomes ?? [:]
    var names: [String] = []
    // What adds noise or follows another field ends elsewhere: there is nothing to compare it with. And the
    // best steps have to be found first.
    let lanes = lanes.filter { $0.hasReference && !$0.isBeingPlaced }
    for lane in lanes where !names.contains(lane.curve) { names.append(lane.curve) }
    curves = names.map { name in
      let lane = lanes.first { $0.curve == name && !$0.isAdaptive }
      return Curve(
        method: name, evaluationsPerStep: lane?.solver.evaluationsPerStep,
        isOfOneGrid: lane?.hasOwnTimes ?? false)
    }
    jobs = names.enumerated().flatMap { index, name in
      WorkPrecisionStudy.jobs(lanes.filter { $0.curve == name }).map { (index, $0) }
    }
    jobs.reverse()
  }

  /// From coarse to fine what is solved for one curve, with what the lanes themselves do, so that
  /// their marks lie on it; times that are given or found are of one number of steps alone.
  private static func jobs(_ lanes: [LaneSettings]) -> [LaneSettings] {
    guard let lane = lanes.first else { return [] }
    if lane.hasOwnTimes { return [lane] }
    var job = lane
    if lane.isAdaptive {
      return Set(Array(-5 ... -1) + lanes.map(\.toleranceExponent)).sorted(by: >).map {
        job.toleranceExponent = $0
        return job
      }
    }
    let most = max(1, largestEvaluations / lane.solver.evaluationsPerStep)
    let powers = (0..<9).map { 1 << $0 }.filter { $0 <= most }
    return Set(powers + lanes.map(\.steps)).sorted().map {
      job.steps = $0
      return job
    }
  }

  /// What the places may be off themselves, √(mean |x − x′|²); infinite where it cannot be known.
  var referenceError: Double? { places.error }

  /// What another study of the same weights and points need not solve again.
  var known: Known { Known(weightsStep: weightsStep, outcomes: outcomes, places: places) }

  /// Whether every curve is complete.
  var isOver: Bool { jobs.isEmpty && running == nil && places.isOver }

  /// Works on until the budget is used up; true if there is something new.
  mutating func advance(budget: inout Int) -> Bool {
    var isNews = false
    if !places.isOver {
      places.advance(budget: &budget)
      guard places.isOver else { return false }
      isNews = true
    }
    while budget > 0, !(jobs.isEmpty && running == nil) {
      let (curve, settings) = jobs[jobs.count - 1]
      if outcomes[settings] == nil, !solve(settings, budget: &budget) { break }
      jobs.removeLast()
      note(settings, curve)
      refine(curve)
      isNews = true
    }
    return isNews
  }

  /// Works on the solve of some settings; true once its outcome is there.
  private mutating func solve(_ settings: LaneSettings, budget: inout Int) -> Bool {
    if running == nil {
      running = Solve(
        network: field, trained: trained, weightsStep: weightsStep, settings: settings,
        noise: noise, memoryLimit: 0)
    }
    running?.advance(to: 1, budget: &budget)
    guard let done = running, done.isOver else { return false }
    running = nil
    let error = places.solve.map { done.end.rootMeanSquareDistance(to: $0.ends, on: space) }
    let isWhole = done.failure == nil && error?.isFinite == true
    outcomes[settings] = Outcome(
      evaluations: done.evaluationsDone, error: isWhole ? error : nil)
    return true
  }

  private mutating func note(_ settings: LaneSettings, _ curve: Int) {
    guard let outcome = outcomes[settings], places.solve != nil else { return }
    // What broke down on the way has no error at t = 1, nor has what lost a point; and no error can
    // be read off between a coarser solve that did not and a finer one.
    guard let error = outcome.error else {
      let cost =
        curves[curve].evaluationsPerStep.map { $0 * settings.steps } ?? outcome.evaluations
      curves[curve].failed = max(cost, curves[curve].failed ?? 0)
      curves[curve].points.removeAll { $0.evaluations <= cost }
      return
    }
    let point = Point(evaluations: outcome.evaluations, error: error)
    let index = curves[curve].points.firstIndex { $0.evaluations > point.evaluations }
    curves[curve].points.insert(point, at: index ?? curves[curve].points.count)
  }

  /// Once a curve is there, solves it at the steps between which its cost for the wanted error lies.
  private mutating func refine(_ curve: Int) {
    guard let wantedError, !jobs.contains(where: { $0.curve == curve }),
      let steps = curves[curve].refinement(forError: wantedError),
      var settings = lanes.first(where: { $0.curve == curves[curve].method })
    else { return }
    settings.steps = steps
    if refined.insert(settings).inserted { jobs.append((curve, settings)) }
  }
}
