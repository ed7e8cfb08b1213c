/// A resumable solve of dx/dt = u_t(x) in which every particle chooses its own steps.
///
/// A particle's steps, and so its result to the bit, do not depend on the company it is in, as long
/// as the field's values do not. Particles are stepped together: s = (t − t_j)/h_j turns their steps
/// into steps of length 1 of dx/ds = h_j u, so that the one stage loop serves them, and the field is
/// asked with a time for each point. Those that have arrived leave the batch. Steps end where the
/// field has kinks in time, and none goes over one.
public struct ParticleIntegrator: Sendable {
  /// What moves the particles.
  public var field: any VelocityField { scaled.base }
  /// The method, with an error estimate.
  public let tableau: ButcherTableau
  /// The times where the solve begins and ends.
  public let start, end: Double
  /// Where the solve stands: `finished` when no particle is under way, also where some have failed.
  public private(set) var status = Integrator.Status.running
  /// The position of each particle after its last accepted step, `d×n`.
  public private(set) var x: Batch
  /// The time that each particle has reached.
  public private(set) var times: [Double]
  /// NFE of each particle: the field's evaluations at its points, rejected steps included.
  public private(set) var evaluations: [Int]
  /// The steps of each particle that were accepted.
  public private(set) var stepsAccepted: [Int]
  /// The steps of each particle that were tried in vain.
  public private(set) var stepsRejected: [Int]
  /// Why a particle could not reach the end; nil for all others.
  public private(set) var failures: [Integrator.Failure?]

  /// The most evaluations that a particle may take.
  public let evaluationLimit: Int

  /// The largest step; a limit for fields whose kinks in x hide between the stages of a longer one.
  public let largestStep: Double

  private let chunkSize: Int
  private let stops: StepTimes
  private let fresh: StepSizeController
  /// The first particle that has not begun.
  private var waiting = 0
  /// The particles under way, in the order of their places in the batches below.
  private var active: [Int] = []
  private var controllers: [StepSizeController] = []
  private var sizes: [Double] = []
  private var isProbed = true
  private var stepper: RungeKutta
  private var from: Knot
  private var to: Knot
  private var error: Batch
  private var scaled: ScaledField

  /// A solve that has not begun, from `x0` at time `start` to time `end`.
  ///
  /// At most `chunkSize` particles are under way at a time, the least that `advance` steps once. One
  /// that has taken `evaluationLimit` evaluations before the end fails.
  public init(
    _ field: any VelocityField, _ tableau: ButcherTableau, relative: Double, absolute: Double,
    from x0: Batch, start: Double = 0, end: Double = 1, chunkSize: Int = Integrator.largestChunk,
    evaluationLimit: Int = .max, largestStep: Double = .infinity
  ) {
    precondition(tableau.hasErrorEstimate, "adaptive steps need an embedded method")
    precondition(start.isFinite && end.isFinite, "a solve needs finite times")
    precondition(chunkSize > 0, "a chunk needs a point")
    precondition(field.dimension == x0.dimension, "the field has another dimension")
    self.tableau = tableau
    self.start = start
    self.end = end
    self.chunkSize = chunkSize
    self.evaluationLimit = evaluationLimit
    self.largestStep = largestStep
    stops = StepTimes(from: start, to: end, kinks: field.regularity.kinks)
    fresh = StepSizeController(
      relative: relative, absolute: absolute, order: tableau.order)
    x = x0
    times = [Double](repeating: start, count: x0.count)
    evaluations = [Int](repeating: 0, count: x0.count)
    stepsAccepted = evaluations
    stepsRejected = evaluations
    failures = [Integrator.Failure?](repeating: nil, count: x0.count)
    stepper = RungeKutta(tableau)
    stepper.space = field.regularity.space
    scaled = ScaledField(field)
    error = Batch(dimension: x0.dimension, count: 0)
    from = Knot(t: 0, x: error)
    to = from
    if x0.count == 0 || start == end { status = .finished }
  }

  /// The evaluations at points of the whole solve so far.
  public var totalEvaluations: Int { evaluations.reduce(0, +) }

  /// Works until the solve ends or at least `budget` evaluations at points were spent; returns how
  /// many were. Does nothing unless the status is `running`; else at least one step of one chunk.
  public mutating func advance(budget: Int) -> Int {
    var spent = 0
    while status == .running && spent < max(budget, 1) { spent += work() }
    return spent
  }

  /// Runs until every particle has arrived or failed.
  public mutating func finish() {
    while status == .running { _ = advance(budget: .max) }
  }

  /// The positions at `end`, `d×n`; NaN of particles that failed on the way, so that no comparison takes the
  /// place where one stopped for its end.
  public var ends: Batch {
    var ends = x
    for j in 0..<x.count where failures[j] != nil {
      for i in 0..<x.dimension { ends[i, j] = .nan }
    }
    return ends
  }

  private mutating func work() -> Int {
    let count: Int
    if active.isEmpty {
      count = begin()
    } else if !isProbed {
      count = probe()
    } else {
      count = step()
    }
    if active.isEmpty && waiting == x.count { status = .finished }
    return count
  }

  private var direction: Double { end < start ? -1 : 1 }

  /// Evaluates the field at the start of the next chunk of particles.
  private mutating func begin() -> Int {
    let range = waiting..<min(waiting + chunkSize, x.count)
    waiting = range.upperBound
    active = Array(range)
    controllers = [StepSizeController](repeating: fresh, count: range.count)
    sizes = [Double](repeating: 0, count: range.count)
    from = Knot(t: 0, x: x.points(range))
    to = from
    error = from.velocity
    scaled.base.evaluate(from.x, at: .shared(start), into: &from.velocity)
    isProbed = false
    for j in active { evaluations[j] += 1 }
    for k in active.indices where !isFinite(from, k) { failures[active[k]] = .notFinite(start) }
    compact()
    return range.count
  }

  /// Chooses the first step of each particle by Hairer's rule, with one more evaluation.
  private mutating func probe() -> Int {
    let n = active.count
    let span = abs(end - start)
    for k in 0..<n {
      sizes[k] = fresh.trialStep(
        positionNorm: norm(from.x, k, from.x, from.x),
        velocityNorm: norm(from.velocity, k, from.x, from.x), span: span)
      for i in 0..<x.dimension {
        to.x[i, k] = from.x[i, k] + direction * sizes[k] * from.velocity[i, k]
      }
    }
    scaled.base.evaluate(to.x, at: .each(sizes.map { start + direction * $0 }), into: &to.velocity)
    for k in to.velocity.values.indices {
      error.values[k] = to.velocity.values[k] - from.velocity.values[k]
    }
    for k in 0..<n {
      sizes[k] = fresh.firstStep(
        trial: sizes[k], velocityNorm: norm(from.velocity, k, from.x, from.x),
        curvatureNorm: norm(error, k, from.x, from.x) / sizes[k], span: span)
      evaluations[active[k]] += 1
    }
    isProbed = true
    return n
  }

  /// Tries one step of every particle under way.
  private mutating func step() -> Int {
    let n = active.count
    scaled.fit(n)
    for k in 0..<n {
      let time = times[active[k]]
      let stop = stops.stop(after: time)
      sizes[k] = min(sizes[k], largestStep)
      let meetsStop = abs(stop - time) - sizes[k] < smallestStep(active[k])
      scaled.starts[k] = time
      scaled.steps[k] = meetsStop ? stop - time : direction * sizes[k]
      scaled.stops[k] = meetsStop ? stop : nil
    }
    scaled.scale(&from.velocity)
    stepper.step(&scaled, from: from, by: 1, to: &to, error: &error)
    scaled.unscale(&from.velocity)
    scaled.unscale(&to.velocity)
    for k in 0..<n { judge(k) }
    let spent = n * tableau.evaluationsPerStep
    compact()
    return spent
  }

  /// Accepts or rejects the step of the particle in place `k`.
  private mutating func judge(_ k: Int) {
    let j = active[k]
    evaluations[j] += tableau.evaluationsPerStep
    let isFinite = isFinite(to, k)
    let verdict = controllers[k].judge(error: isFinite ? norm(error, k, from.x, to.x) : .infinity)
    sizes[k] = abs(scaled.steps[k]) * verdict.factor
    if verdict.isAccepted {
      stepsAccepted[j] += 1
      times[j] = scaled.stops[k] ?? scaled.starts[k] + scaled.steps[k]
      for i in 0..<x.dimension {
        x[i, j] = to.x[i, k]
        from.x[i, k] = to.x[i, k]
        from.velocity[i, k] = to.velocity[i, k]
      }
    } else {
      stepsRejected[j] += 1
      if sizes[k] < smallestStep(j) {
        failures[j] = isFinite ? .stepTooSmall(times[j]) : .notFinite(times[j])
      }
    }
    let isSpent =
      evaluations[j] >= evaluationLimit
      || stepsAccepted[j] + stepsRejected[j] >= Integrator.attemptLimit
    if isSpent && times[j] != end && failures[j] == nil {
      failures[j] = .tooManySteps(times[j])
    }
  }

  private func smallestStep(_ j: Int) -> Double { 16 * max(times[j].ulp, start.ulp, end.ulp) }

  /// The weighted root mean square of one particle's coordinates.
  private func norm(_ batch: Batch, _ k: Int, _ a: Batch, _ b: Batch) -> Double {
    var sum = 0.0
    for i in 0..<batch.dimension {
      let scale = fresh.absolute + fresh.relative * max(abs(a[i, k]), abs(b[i, k]))
      sum += batch[i, k] * batch[i, k] / (scale * scale)
    }
    return (sum / Double(batch.dimension)).squareRoot()
  }

  private func isFinite(_ knot: Knot, _ k: Int) -> Bool {
    (0..<knot.x.dimension).allSatisfy { knot.x[$0, k].isFinite && knot.velocity[$0, k].isFinite }
  }

  /// Takes the particles that have arrived or failed out of the batches.
  private mutating func compact() {
    let kept = active.indices.filter { failures[active[$0]] == nil && times[active[$0]] != end }
    if kept.count == active.count { return }
    active = kept.map { active[$0] }
    controllers = kept.map { controllers[$0] }
    sizes = kept.map { sizes[$0] }
    from = Knot(t: 0, x: from.x.choosing(kept), velocity: from.velocity.choosing(kept))
    error = Batch(dimension: x.dimension, count: kept.count)
    to = Knot(t: 0, x: error)
  }
}
