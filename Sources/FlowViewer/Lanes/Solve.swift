import FlowMatching

/// One solve: one set of weights carries one noise from t = 0 to 1, and every knot is kept.
///
/// A solve never changes its weights. Going back is a look-up in the trajectory; going forward beyond
/// the last knot integrates, in slices that a budget of point evaluations bounds.
struct Solve: Sendable {
  /// The training step of the weights.
  let weightsStep: Int
  /// How it steps.
  let settings: LaneSettings
  /// The number of particles.
  let count: Int
  private var transport: any Transport
  private(set) var trajectory: Trajectory
  /// Point evaluations of a common network that one of this field's costs.
  private var costOfEvaluation = 1
  /// Every knot's time and the evaluations per trajectory spent up to it. The trajectory may drop
  /// knots for want of memory; steps and evaluations must not change with it.
  private var times: [Double] = []
  private var evaluations: [Int] = []

  /// A solve of a state along any flow; `chunkSize` points are the unit of work.
  init(
    _ flow: any Flow, carrying cargo: Cargo = .points, weightsStep: Int, settings: LaneSettings,
    noise: Batch, memoryLimit: Int, chunkSize: Int = Integrator.largestChunk,
    adding added: AddedNoise? = nil
  ) {
    self.weightsStep = weightsStep
    self.settings = settings
    count = noise.count
    transport = flow.transport(
      noise, as: cargo, from: 0, to: 1, settings.plan(chunkSize: chunkSize, adding: added))
    trajectory = Trajectory(
      dimension: noise.dimension, count: noise.count, memoryLimit: memoryLimit,
      isStepwise: flow.traits.isStepwise && cargo == .points,
      on: flow.regularity.space)
    if let knot = transport.knot { note(knot) }
  }

  /// Points that a unit of work evaluates: whole panels of the kernels, and so few that six stages
  /// of a wide network stay well below a frame.
  static func chunkSize(for shape: MLPShape) -> Int {
    let panels = (1 << 26) / shape.parameterCount / 32
    return min(Integrator.largestChunk, max(1, panels) * 32)
  }

  /// The same for a network with its divergence, which costs a few times as much.
  static func chunkSizeWithDensity(for shape: MLPShape) -> Int {
    max(32, chunkSize(for: shape) / 4)
  }

  /// A solve along a network's field as the settings say: under another schedule, with noise, or
  /// along another field; in units that a network of its size does in time.
  init(
    _ fields: LaneFields, weightsStep: Int, settings: LaneSettings, noise: Batch, memoryLimit: Int
  ) {
    self.init(
      fields.flow(settings), weightsStep: weightsStep, settings: settings, noise: noise,
      memoryLimit: memoryLimit, chunkSize: fields.chunkSize(settings),
      adding: fields.noise(settings))
    costOfEvaluation = fields.cost(settings)
  }

  /// The same along the learned field alone, trained under conditional OT unless told otherwise.
  init(
    network: LearnedField, trained: Scheduler = .conditionalOT, weightsStep: Int,
    settings: LaneSettings, noise: Batch, memoryLimit: Int
  ) {
    self.init(
      LaneFields(network: network, trained: trained), weightsStep: weightsStep, settings: settings,
      noise: noise, memoryLimit: memoryLimit)
  }

  /// The last time that is known; 0 before the first evaluation.
  var frontier: Double { times.last ?? 0 }

  /// Whether nothing is left to integrate.
  var isOver: Bool { status != .running }

  private var status: Integrator.Status { transport.status }

  /// Where the points are at the last knot: the trajectory keeps them as Floats, this does not.
  var end: Batch { transport.state }

  /// Where the points are at t, which is known.
  func position(at t: Double) -> Batch {
    var points = Batch(dimension: trajectory.dimension, count: count)
    trajectory.position(at: t, into: &points)
    return points
  }

  /// What jumps, at t and one step before; the same where there is no step before.
  func jumps(at t: Double) -> (now: Batch, before: Batch) {
    var now = Batch(dimension: trajectory.dimension, count: count)
    let index = trajectory.interval(of: t)
    trajectory.position(knot: index, into: &now)
    guard index > 0 else { return (now, now) }
    var before = now
    trajectory.position(knot: index - 1, into: &before)
    return (now, before)
  }

  /// Accepted steps so far.
  var stepsAccepted: Int { transport.steps }

  /// Every step that an adaptive method tried.
  var attempts: [StepAttempt] { transport.attempts }

  /// How many points are no longer finite.
  var lostCount: Int { transport.lostCount }

  /// Evaluations of the field per trajectory so far.
  var evaluationsDone: Int { transport.evaluations }

  /// Whether the solve did not fail before t.
  func reaches(_ t: Double) -> Bool { failure == nil || t <= frontier }

  /// Why and where the solve ended early, if it did.
  var failure: Integrator.Failure? { transport.failure }

  /// Whether knots were dropped to stay within the memory limit: the picture is interpolated there.
  var isThinned: Bool { trajectory.isThinned }

  /// Whether position(at: t) is already a look-up.
  func knows(_ t: Double) -> Bool { isOver || (!times.isEmpty && t <= frontier) }

  /// Whether time(forEvaluations:) is final for that many.
  func knows(evaluations spent: Int) -> Bool { isOver || spent < (evaluations.last ?? 0) }

  /// Integrates until t is known or the budget of point evaluations is used up.
  mutating func advance(to t: Double, budget: inout Int) {
    while !knows(t) && budget > 0 { advanceOnce(&budget) }
  }

  /// Integrates until a knot after t is known, the solve is over or the budget is used up.
  mutating func advance(beyond t: Double, budget: inout Int) {
    while !isOver && frontier <= t + 1e-12 && budget > 0 { advanceOnce(&budget) }
  }

  /// Integrates until a knot cost more than that many evaluations, or the budget is used up.
  mutating func advance(beyondEvaluations spent: Int, budget: inout Int) {
    while !knows(evaluations: spent) && budget > 0 { advanceOnce(&budget) }
  }

  private mutating func advanceOnce(_ budget: inout Int) {
    let before = transport.t
    let share = max(1, budget / costOfEvaluation)
    budget -= costOfEvaluation * max(1, transport.advance(budget: share))
    if times.isEmpty || transport.t != before, let knot = transport.knot { note(knot) }
  }

  private mutating func note(_ knot: Knot) {
    trajectory.append(knot, evaluations: evaluationsDone)
    times.append(knot.t)
    evaluations.append(evaluationsDone)
  }

  /// The first knot after t, if it is known.
  func knot(after t: Double) -> Double? { times.first { $0 > t + 1e-9 } }

  /// The last knot before t.
  func knot(before t: Double) -> Double? { times.last { $0 < t - 1e-9 } }

  /// Accepted steps spent on what is shown at t: the one that is under way there is among them, as its
  /// evaluations are.
  func steps(at t: Double) -> Int {
    // Between the ends of jumps there are pictures, which are no steps.
    let knots = settings.jumps ?? times
    return knots.firstIndex { $0 >= t - 1e-9 } ?? max(0, knots.count - 1)
  }

  /// Evaluations per trajectory spent on what is shown at t: those of the knot that closes its step.
  func evaluations(at t: Double) -> Int {
    let index = times.firstIndex { $0 >= t - 1e-9 }
    return index.map { evaluations[$0] } ?? evaluations.last ?? 0
  }

  /// The last time whose knot cost no more than that many evaluations.
  func time(forEvaluations spent: Int) -> Double {
    let index = evaluations.lastIndex { $0 <= spent } ?? 0
    return times.isEmpty ? 0 : times[index]
  }

  /// Evaluations of the whole solve, as far as they can be told now.
  var totalEvaluations: Int { transport.totalEvaluations }
}
