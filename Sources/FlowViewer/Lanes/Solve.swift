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
  private var field: any VelocityField
  private var integrator: Integrator
  /// In a stochastic lane, which solves an SDE instead.
  private var diffusion: StochasticIntegrator?
  /// For a flow of couplings, which needs no solver: its layers in closed form.
  private var layers: LayerSolve?
  private(set) var trajectory: Trajectory
  /// Point evaluations of a common network that one of this field's costs.
  private var costOfEvaluation = 1
  /// Every knot's time and the evaluations per trajectory spent up to it. The trajectory may drop
  /// knots for want of memory; steps and evaluations must not change with it.
  private var times: [Double] = []
  private var evaluations: [Int] = []

  /// A solve along any field; `chunkSize` points are the unit of work.
  init(
    field: any VelocityField, weightsStep: Int, settings: LaneSettings, noise: Batch,
    memoryLimit: Int, chunkSize: Int = Integrator.largestChunk
  ) {
    self.field = field
    self.weightsStep = weightsStep
    self.settings = settings
    count = noise.count
    integrator = Integrator(
      settings.solver, control: settings.control, from: noise, chunkSize: chunkSize)
    trajectory = Trajectory(
      dimension: noise.dimension, count: noise.count, memoryLimit: memoryLimit)
    if let flow = field.layers {
      let layers = LayerSolve(flow, from: noise, start: 0, end: 1, steps: settings.steps)
      self.layers = layers
      note(layers.knot, evaluations: 0)
    }
  }

  /// Points that a unit of work evaluates: whole panels of the kernels, and so few that six stages
  /// of a wide network stay well below a frame.
  static func chunkSize(for shape: MLPShape) -> Int {
    let panels = (1 << 26) / shape.parameterCount / 32
    return min(Integrator.largestChunk, max(1, panels) * 32)
  }

  /// The same for a field with its divergence, which costs a few times as much.
  static func chunkSizeWithDensity(for field: any DivergenceField) -> Int {
    let network = field as? LearnedField ?? (field as? RescheduledField<LearnedField>)?.base
    return max(32, network.map { chunkSize(for: $0.weights.shape) / 4 } ?? 0)
  }

  /// A solve along a network's field as the settings say: under another schedule, with noise, or
  /// along another field; in units that a network of its size does in time.
  init(
    _ fields: LaneFields, weightsStep: Int, settings: LaneSettings, noise: Batch, memoryLimit: Int
  ) {
    let field = fields.field(settings)
    let cost = fields.cost(settings)
    let chunkSize = max(
      32, Solve.chunkSize(for: fields.network(settings).weights.shape) / cost / 32 * 32)
    self.init(
      field: field, weightsStep: weightsStep, settings: settings,
      noise: noise, memoryLimit: memoryLimit, chunkSize: chunkSize)
    costOfEvaluation = cost
    if let stepper = settings.stochastic {
      let score = VelocityScore(field, scheduler: settings.scheduler ?? fields.trained(settings))
      diffusion = StochasticIntegrator(
        score, stepper, noise: settings.noise ?? LaneSettings.usualNoise, steps: settings.steps,
        from: noise, random: Random(seed: 0).stream("lane"), chunkSize: chunkSize)
      note(Knot(t: 0, x: noise), evaluations: 0)
    }
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

  private var status: Integrator.Status {
    if let layers { return layers.isOver ? .finished : .running }
    return diffusion?.status ?? integrator.status
  }

  /// Where the points are at the last knot: the trajectory keeps them as Floats, this does not.
  var end: Batch { layers?.knot.x ?? diffusion?.x ?? integrator.knot.x }

  /// Where the points are at t, which is known.
  func position(at t: Double) -> Batch {
    var points = Batch(dimension: trajectory.dimension, count: count)
    trajectory.position(at: t, into: &points)
    return points
  }

  /// Accepted steps so far.
  var stepsAccepted: Int {
    layers?.stepsTaken ?? diffusion?.stepsTaken ?? integrator.stepsAccepted
  }

  /// Every step that an adaptive method tried.
  var attempts: [StepAttempt] { integrator.attempts }

  /// How many points are no longer finite.
  var lostCount: Int { diffusion?.lostCount ?? integrator.lostCount }

  /// Evaluations of the field per trajectory so far.
  var evaluationsDone: Int {
    layers?.evaluations ?? diffusion?.evaluations ?? integrator.evaluations
  }

  /// Whether the solve did not fail before t.
  func reaches(_ t: Double) -> Bool { failure == nil || t <= frontier }

  /// Why and where the solve ended early, if it did.
  var failure: Integrator.Failure? {
    if case .failed(let failure) = status { return failure }
    return nil
  }

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
    let before = stepsAccepted
    if layers != nil {
      budget -= max(1, layers!.advance())
      if let layers, stepsAccepted > before { note(layers.knot, evaluations: layers.evaluations) }
      return
    }
    if diffusion != nil {
      budget -= costOfEvaluation * max(1, diffusion!.advance(budget: share(of: budget)))
      // Without velocities: between two knots of an SDE there is no way to show but an even one.
      if stepsAccepted > before {
        note(Knot(t: diffusion!.t, x: diffusion!.x), evaluations: diffusion!.evaluations)
      }
      return
    }
    budget -= costOfEvaluation * max(1, integrator.advance(&field, budget: share(of: budget)))
    let isStart = times.isEmpty && integrator.isKnotReady
    if isStart || stepsAccepted > before {
      note(integrator.knot, evaluations: integrator.evaluations)
    }
  }

  private func share(of budget: Int) -> Int { max(1, budget / costOfEvaluation) }

  private mutating func note(_ knot: Knot, evaluations spent: Int) {
    trajectory.append(knot, evaluations: spent)
    times.append(knot.t)
    evaluations.append(spent)
  }

  /// The first knot after t, if it is known.
  func knot(after t: Double) -> Double? { times.first { $0 > t + 1e-9 } }

  /// The last knot before t.
  func knot(before t: Double) -> Double? { times.last { $0 < t - 1e-9 } }

  /// Accepted steps that end at or before t.
  func steps(at t: Double) -> Int {
    max(0, times.count { $0 <= t + 1e-9 } - 1)
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
  var totalEvaluations: Int {
    if let layers { return layers.totalEvaluations }
    if isOver || settings.isAdaptive { return evaluationsDone }
    return settings.steps * settings.evaluationsPerStep
  }
}
