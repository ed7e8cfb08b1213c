import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Error against evaluations for the lanes' methods, over step counts or tolerances: one curve each.
///
/// It runs on the weights of the lanes, on fewer particles, in the time that frames leave over. Only
/// the ends of its solves count, so that their trajectories hold no more than two knots.
struct WorkPrecisionStudy: Sendable {
  /// Particles whose root-mean-square error is plotted: those of the endpoint error.
  static let count = Ensemble.errorCount
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
    var points: [Point] = []

    /// The slope of log(error) over log(evaluations), negated: the order as it shows itself.
    var order: Double? {
      // Above .3 the error saturates; below 1e-5 the Float32 network's own rounding takes over.
      let usable = points.filter { $0.error < 0.3 && $0.error > 1e-5 }
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
  }

  /// The training step of the weights that were studied.
  let weightsStep: Int
  private(set) var curves: [Curve]
  /// Evaluations of the reference solve.
  private(set) var referenceEvaluations = 0

  private let noise: Batch
  private let field: LearnedField
  private let trained: Scheduler
  private var reference: Solve
  private var jobs: [(curve: Int, settings: LaneSettings)]
  private var running: Solve?
  private var exact: Batch
  private var end: Batch

  init(
    network: LearnedField, step: Int, noise: Batch, lanes: [LaneSettings],
    trained: Scheduler = .conditionalOT
  ) {
    self.trained = trained
    weightsStep = step
    self.noise = noise.prefix(WorkPrecisionStudy.count)
    field = network
    reference = Solve(
      network: field, weightsStep: step,
      settings: LaneSettings(.dormandPrince, toleranceExponent: -6), noise: self.noise,
      memoryLimit: 0)
    exact = Batch(dimension: noise.dimension, count: self.noise.count)
    end = exact
    var names: [String] = []
    // What adds noise or follows another field ends elsewhere: there is nothing to compare it with.
    for lane in lanes where lane.hasReference && !names.contains(lane.method) {
      names.append(lane.method)
    }
    curves = names.map { Curve(method: $0) }
    jobs = []
    for (index, name) in names.enumerated() {
      guard let lane = lanes.first(where: { $0.method == name }) else { continue }
      var job = lane
      if lane.isAdaptive {
        for exponent in stride(from: -1, through: -5, by: -1) {
          job.toleranceExponent = exponent
          jobs.append((index, job))
        }
      } else {
        var steps = 1
        while steps * lane.solver.evaluationsPerStep <= WorkPrecisionStudy.largestEvaluations {
          job.steps = steps
          jobs.append((index, job))
          steps *= 2
        }
      }
    }
    jobs.reverse()
  }

  /// Whether every curve is complete.
  var isOver: Bool { jobs.isEmpty && running == nil }

  /// Works on until the budget is used up; true if a point was added.
  mutating func advance(budget: inout Int) -> Bool {
    reference.advance(to: 1, budget: &budget)
    guard reference.isOver else { return false }
    if referenceEvaluations == 0 {
      referenceEvaluations = reference.evaluationsDone
      reference.trajectory.position(at: 1, into: &exact)
    }
    var added = false
    while budget > 0, !isOver {
      if running == nil {
        running = Solve(
          network: field, trained: trained, weightsStep: weightsStep,
          settings: jobs[jobs.count - 1].settings,
          noise: noise, memoryLimit: 0)
      }
      running?.advance(to: 1, budget: &budget)
      guard let done = running, done.isOver else { break }
      let job = jobs.removeLast()
      running = nil
      // What broke down on the way has no error at t = 1.
      if done.failure != nil || reference.failure != nil { continue }
      done.trajectory.position(at: 1, into: &end)
      let square = zip(end.values, exact.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let error = (square / Double(noise.count)).squareRoot()
      curves[job.curve].points.append(
        Point(evaluations: done.evaluationsDone, error: error))
      added = true
    }
    return added
  }
}

extension AppState {
  /// When the next study begins, if one is wanted: after a change at once, for newer weights in time.
  var nextStudy: Double? {
    guard isComparing, layout.showsWorkPrecision, !comparesTrainings else {
      return nil
    }
    guard let study else { return now }
    return study.isOver && study.weightsStep != ensemble.weightsStep ? nextStudyTime : nil
  }

  /// Runs the study while lanes are compared and parked; anew when the weights have moved on.
  mutating func advanceStudy(budget: inout Int) {
    if isParked, successor == nil, let time = nextStudy, now >= time {
      study = WorkPrecisionStudy(
        network: ensemble.network, step: ensemble.weightsStep, noise: noise,
        lanes: lanes.map(\.settings), trained: experiment.scheduler)
      nextStudyTime = now + 3
    }
    guard isComparing, isParked, study?.isOver == false else { return }
    // A quarter of a frame's budget: the study is never in a hurry.
    var share = min(budget, evaluationBudget / 4)
    let before = share
    defer { budget -= before - share }
    if study?.advance(budget: &share) == true {
      shownStudy = study?.curves ?? []
      shownStudyReference = study?.referenceEvaluations ?? 0
      revision += 1
    }
  }
}
