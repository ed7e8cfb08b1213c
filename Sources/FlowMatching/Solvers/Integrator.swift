#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A resumable solve of dx/dt = u_t(x) for a whole batch with one shared step size.
///
/// Work is done in units of one chunk of at most 2 048 points times one step, so that a caller can
/// stop after any number of evaluations; the result is the same to the bit whatever the budgets.
/// There is no clock in it: a budget counts evaluations at points. Steps end where the field has
/// kinks in time, and none goes over one.
public struct Integrator: Sendable {
  /// The method.
  public let tableau: ButcherTableau
  /// How steps are chosen.
  public let control: StepControl
  /// The times where the solve begins and ends; it runs backwards where the end is less.
  public let start, end: Double

  /// Where the solve stands.
  public private(set) var status = Status.running
  /// The last accepted state; its velocities are there once `isKnotReady`.
  public private(set) var knot: Knot
  /// Whether `knot` has its velocities: false only until the field was evaluated at the start.
  public private(set) var isKnotReady = false
  /// Every step that was tried.
  public private(set) var attempts: [StepAttempt] = []
  /// How many of them were accepted.
  public private(set) var stepsAccepted = 0
  /// NFE: evaluations of the field per trajectory up to `knot`, rejected steps included, reused
  /// stages not; nor the velocity at the last knot, which only drawing needs.
  public private(set) var evaluations = 0
  /// By how many times the estimated errors of accepted steps exceed the tolerance at most, since the
  /// field's own rounding lets them fall no further; 1 where the tolerance is kept.
  public private(set) var roundingExcess = 1.0

  private(set) var losses: LostPoints
  private enum Phase { case start, probe, noise, step }
  private var phase = Phase.start
  private var chunk = 0
  private let chunks: Int
  private let chunkSize: Int
  /// For a full chunk and for the last, shorter one.
  private var workspaces: [ChunkWorkspace]
  private var next: Knot
  /// The estimates of the local error; empty with fixed steps.
  private var errors: Batch
  private var controller: StepSizeController?
  /// The size of the next adaptive step, without its sign.
  private var stepSize = 0.0
  /// The times that steps must meet; known with the field.
  private var times: StepTimes
  /// The scatter of the field's values, and the number of tried steps after which it is measured.
  private var noise: RoundingNoise?
  private var nextNoise = RoundingNoise.stepsBetween
  private var rejected: (h: Double, error: Double)?

  /// The most points that are evaluated at once, unless a solve asks for fewer.
  public static let largestChunk = 2048
  static let attemptLimit = 100_000

  /// A solve that has not begun, from positions `x0` at time `start` to time `end`.
  ///
  /// Adaptive steps need a method with an error estimate. `chunkSize` points times one step is the
  /// least that `advance` does: where a field is slow, a caller that must not wait asks for less.
  public init(
    _ tableau: ButcherTableau, control: StepControl, from x0: Batch, start: Double = 0,
    end: Double = 1, chunkSize: Int = largestChunk
  ) {
    precondition(start.isFinite && end.isFinite, "a solve needs finite times")
    precondition(chunkSize > 0, "a chunk needs a point")
    self.chunkSize = chunkSize
    self.tableau = tableau
    self.control = control
    self.start = start
    self.end = end
    times = StepTimes(from: start, to: end)
    switch control {
    case .fixed(let steps): precondition(steps > 0, "a solve needs a step")
    case .grid(let grid):
      precondition(
        zip(grid, grid.dropFirst()).allSatisfy { $0 < $1 }, "the times of a grid must rise")
    case .adaptive(let relative, let absolute):
      precondition(tableau.hasErrorEstimate, "adaptive steps need an embedded method")
      controller = StepSizeController(
        relative: relative, absolute: absolute, order: tableau.order)
    }
    knot = Knot(t: start, x: x0)
    next = knot
    losses = LostPoints(of: x0.count)
    chunks = max(1, (x0.count + chunkSize - 1) / chunkSize)
    let d = x0.dimension
    errors = Batch(dimension: d, count: controller == nil ? 0 : x0.count)
    workspaces = [
      ChunkWorkspace(tableau, dimension: d, count: chunks > 1 ? chunkSize : 0),
      ChunkWorkspace(tableau, dimension: d, count: x0.count - (chunks - 1) * chunkSize),
    ]
  }

  /// Works until a new knot is there (the start with its velocities, or an accepted step), the
  /// solve ends, or at least `budget` evaluations at points were spent; returns how many were.
  ///
  /// Does nothing unless the status is `running`; else at least one unit of work.
  public mutating func advance(_ field: inout any VelocityField, budget: Int) -> Int {
    precondition(field.dimension == knot.x.dimension, "the field has another dimension")
    var spent = 0
    while status == .running {
      let (cost, hasNewKnot) = work(&field)
      spent += cost
      if hasNewKnot || spent >= budget { break }
    }
    return spent
  }

  /// One unit of work: the current phase for the current chunk.
  private mutating func work(_ field: inout some VelocityField) -> (cost: Int, hasNewKnot: Bool) {
    let range = chunk * chunkSize..<min((chunk + 1) * chunkSize, knot.x.count)
    let (isLast, workspace) = chunk == chunks - 1 ? (true, 1) : (false, 0)
    let h = nextStep
    var cost = range.count
    switch phase {
    case .start:
      if chunk == 0 { plan(field.regularity) }
      workspaces[workspace].evaluate(&field, at: &knot, range)
    case .probe, .noise: workspaces[workspace].evaluate(&field, at: &next, range)
    case .step:
      workspaces[workspace].step(&field, from: knot, by: h, range, into: &next, &errors)
      cost *= tableau.evaluationsPerStep
    }
    chunk = isLast ? 0 : chunk + 1
    guard isLast else { return (cost, false) }
    switch phase {
    case .start: completeStart()
    case .probe: completeProbe()
    case .noise:
      completeNoise()
      return (cost, false)
    case .step: return (cost, completeStep(h))
    }
    return (cost, isKnotReady && phase != .probe)
  }

  private var direction: Double { end < start ? -1 : 1 }

  /// The signed size of the step in hand.
  private var nextStep: Double {
    switch control {
    case .fixed, .grid: times.time(ofStep: stepsAccepted + 1) - knot.t
    case .adaptive: reachesStop ? stop - knot.t : direction * stepSize
    }
  }

  /// The next time that a step must meet.
  private var stop: Double { times.stop(after: knot.t) }

  /// Whether the adaptive step in hand reaches that time, or as good as.
  private var reachesStop: Bool { abs(stop - knot.t) - stepSize < smallestStep }

  private mutating func plan(_ field: Regularity) {
    times =
      switch control {
      case .grid(let grid): StepTimes(from: start, to: end, grid: grid)
      case .fixed(let steps): StepTimes(from: start, to: end, kinks: field.kinks, steps: steps)
      case .adaptive: StepTimes(from: start, to: end, kinks: field.kinks)
      }
    if !field.isRounded { nextNoise = .max }
    for k in workspaces.indices { workspaces[k].space = field.space }
  }

  /// Below this a step is lost in the rounding of the time.
  private var smallestStep: Double { 16 * max(knot.t.ulp, start.ulp, end.ulp) }

  private mutating func completeStart() {
    losses.mark(knot)
    isKnotReady = true
    if tableau.isFirstSameAsLast { evaluations += 1 }
    phase = .step
    if losses.isEverything {
      status = .failed(.notFinite(start))
    } else if start == end {
      status = .finished
    } else if let controller {
      let trial = controller.trialStep(
        positionNorm: controller.norm(of: knot.x, knot.x, knot.x, excluding: lost),
        velocityNorm: controller.norm(of: knot.velocity, knot.x, knot.x, excluding: lost),
        span: abs(end - start))
      stepSize = trial
      next.t = start + direction * trial
      for k in 0..<next.x.values.count {
        next.x.values[k] = knot.x.values[k] + direction * trial * knot.velocity.values[k]
      }
      phase = .probe
    }
  }

  private mutating func completeProbe() {
    guard let controller else { preconditionFailure("only adaptive steps are probed") }
    for k in 0..<errors.values.count {
      errors.values[k] = next.velocity.values[k] - knot.velocity.values[k]
    }
    stepSize = controller.firstStep(
      trial: stepSize,
      velocityNorm: controller.norm(of: knot.velocity, knot.x, knot.x, excluding: lost),
      curvatureNorm: controller.norm(of: errors, knot.x, knot.x, excluding: lost) / stepSize,
      span: abs(end - start))
    evaluations += 1
    phase = .step
  }

  /// Goes on with the measurement of the field's scatter, or back to the steps.
  private mutating func completeNoise() {
    guard let controller, noise != nil else {
      preconditionFailure("only adaptive steps measure it")
    }
    noise!.note(next.velocity, at: knot, controller, excluding: lost)
    evaluations += 1
    guard noise!.isOver else { return noise!.place(from: knot, into: &next) }
    phase = .step
    let counts = noise!.floor(stepSize, tableau) > 1
    nextNoise =
      attempts.count + (counts ? RoundingNoise.stepsWhereItCounts : RoundingNoise.stepsBetween)
  }

  private mutating func measureNoise(_ h: Double) {
    noise = RoundingNoise(at: knot, failed: h)
    noise!.place(from: knot, into: &next)
    phase = .noise
  }

  /// Accepts or rejects the step that all chunks have taken; true where it was accepted.
  private mutating func completeStep(_ h: Double) -> Bool {
    evaluations += tableau.evaluationsPerStep
    let t = knot.t
    guard let steps = times.steps else { return completeAdaptiveStep(h) }
    losses.mark(next)
    if losses.isEverything {
      attempts.append(StepAttempt(t: t, h: h, accepted: false))
      status = .failed(.notFinite(t))
      return false
    }
    accept(h, at: times.time(ofStep: stepsAccepted + 1))
    if stepsAccepted == steps { status = .finished }
    return true
  }

  private mutating func completeAdaptiveStep(_ h: Double) -> Bool {
    let (t, stop, meetsStop) = (knot.t, stop, reachesStop)
    let isFinite = losses.isFiniteElsewhere(next)
    let error =
      isFinite ? controller!.norm(of: errors, knot.x, next.x, excluding: lost) : .infinity
    // Below the field's own scatter an estimate is no reason for a smaller step.
    let allowed = max(1, noise?.floor(h, tableau) ?? 0)
    let verdict = controller!.judge(error: error / allowed)
    stepSize = abs(h) * verdict.factor
    if verdict.isAccepted {
      if error > 1 { roundingExcess = max(roundingExcess, error) }
      // An estimate that is scatter alone tells only that the step may be longer.
      if allowed > 1, error < 0.5 * allowed, rejected == nil {
        stepSize = max(stepSize, 1.5 * abs(h))
      }
      rejected = nil
      accept(h, at: meetsStop ? stop : t + h)
      if meetsStop && stop == end {
        status = .finished
      } else if attempts.count >= nextNoise {
        measureNoise(direction * min(stepSize, abs(self.stop - knot.t)))
      }
    } else {
      attempts.append(StepAttempt(t: t, h: h, accepted: false))
      if stepSize < smallestStep {
        status = .failed(isFinite ? .stepTooSmall(t) : .notFinite(t))
      } else if nextNoise < .max, let rejected, noise?.t != t,
        error > rejected.error * pow(abs(h / rejected.h), 0.5 * Double(tableau.order))
      {
        // It falls by far more slowly than a method of this order's.
        measureNoise(h)
      }
      rejected = isFinite ? (h, error) : nil
    }
    if status == .running && attempts.count >= Self.attemptLimit {
      status = .failed(.tooManySteps(knot.t))
    }
    return verdict.isAccepted
  }

  private mutating func accept(_ h: Double, at time: Double) {
    attempts.append(StepAttempt(t: knot.t, h: h, accepted: true))
    swap(&knot, &next)
    knot.t = time
    stepsAccepted += 1
  }
}
