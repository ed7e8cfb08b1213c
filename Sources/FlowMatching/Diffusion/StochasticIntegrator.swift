/// A resumable solve of dX = [u + ½g²s]dt + g dW for a whole batch, in equal steps; backwards in time of
/// dX = [u − ½g²s]dt + g dW, which undoes it in distribution (Anderson, 1982).
///
/// The noise of a step is drawn at once for all points from the stream's own "diffusion", and work is
/// cut as in `Integrator`: the same seed gives the same bits whatever the budgets and the chunks. A step that
/// is not within the field's `scoreTimes` has no noise.
public struct StochasticIntegrator: Sendable {
  /// How much noise is added.
  public let noise: NoiseSchedule
  /// The number of steps of the whole way.
  public let stepCount: Int
  /// The times where the solve begins and ends.
  public let start, end: Double
  /// Where the solve stands.
  public private(set) var status = Integrator.Status.running
  /// The points after the last step, `d×n`.
  public private(set) var x: Batch
  /// The time they have reached.
  public private(set) var t: Double
  /// The steps that were taken.
  public private(set) var steps = 0
  /// Evaluations of the field per trajectory so far.
  public private(set) var evaluations = 0
  /// How many points are no longer finite; they do not stop the others.
  public private(set) var lostCount = 0

  private var field: any ScoreField
  private let chunkSize: Int
  private let chunks: Int
  private var chunk = 0
  private var random: Random
  /// The increments of the step in hand, and where it leads.
  private var increments: Batch
  private var next: Batch
  /// For a full chunk and for the last, shorter one.
  private var workspaces: [Workspace]

  /// A solve that has not begun, from `x0` at time `start` to `end` within [0, 1].
  ///
  /// `chunkSize` points times one step is the least that `advance` does.
  public init(
    _ field: any ScoreField, _ stepper: any StochasticStepper, noise: NoiseSchedule, steps: Int,
    from x0: Batch, start: Double = 0, end: Double = 1, random: Random,
    chunkSize: Int = Integrator.largestChunk
  ) {
    precondition(field.dimension == x0.dimension, "the field has another dimension")
    precondition(
      (0...1).contains(start) && (0...1).contains(end) && start != end, "a way between 0 and 1")
    precondition(steps > 0 && chunkSize > 0, "a solve needs a step and a chunk a point")
    self.field = field
    self.noise = noise
    stepCount = steps
    self.start = start
    self.end = end
    self.chunkSize = chunkSize
    self.random = random.stream("diffusion")
    x = x0
    t = start
    increments = Batch(dimension: x0.dimension, count: x0.count)
    next = increments
    chunks = max(1, (x0.count + chunkSize - 1) / chunkSize)
    workspaces = [
      Workspace(stepper, dimension: x0.dimension, count: chunks > 1 ? chunkSize : 0),
      Workspace(
        stepper, dimension: x0.dimension, count: x0.count - (chunks - 1) * chunkSize),
    ]
  }

  /// Works until a step is done, the solve ends, or at least `budget` evaluations at points were
  /// spent; returns how many were. Does nothing unless the status is `running`.
  public mutating func advance(budget: Int) -> Int {
    var spent = 0
    while status == .running {
      let before = steps
      spent += work()
      if steps > before || spent >= budget { break }
    }
    return spent
  }

  /// Evaluations of the field in one step.
  var evaluationsPerStep: Int { workspaces[1].stepper.evaluationsPerStep }

  private func time(ofStep index: Int) -> Double {
    index >= stepCount ? end : start + (end - start) * Double(index) / Double(stepCount)
  }

  /// One step of one chunk; returns the evaluations at points.
  private mutating func work() -> Int {
    let h = time(ofStep: steps + 1) - t
    let isKnown = field.scoreTimes.contains(t) && field.scoreTimes.contains(t + h)
    if chunk == 0 {
      random.fillNormals(&increments.values)
      let root = abs(h).squareRoot()
      for k in 0..<increments.values.count { increments.values[k] *= root }
    }
    let range = chunk * chunkSize..<min((chunk + 1) * chunkSize, x.count)
    let index = chunk == chunks - 1 ? 1 : 0
    workspaces[index].step(
      &field, noise: isKnown ? noise : .none, from: x, at: t, by: h, increments, range, into: &next)
    let perStep = workspaces[index].stepper.evaluationsPerStep
    chunk += 1
    if chunk == chunks { completeStep(evaluations: perStep) }
    return range.count * perStep
  }

  private mutating func completeStep(evaluations perStep: Int) {
    chunk = 0
    evaluations += perStep
    let before = t
    lostCount = max(lostCount, next.lostCount)
    if lostCount == x.count && lostCount > 0 {
      status = .failed(.notFinite(before))
      return
    }
    swap(&x, &next)
    steps += 1
    t = time(ofStep: steps)
    if steps == stepCount { status = .finished }
  }
}

/// The scratch memory for one chunk.
private struct Workspace: Sendable {
  var stepper: any StochasticStepper
  private var x: Batch
  private var increments: Batch
  private var next: Batch

  init(_ stepper: any StochasticStepper, dimension: Int, count: Int) {
    self.stepper = stepper
    x = Batch(dimension: dimension, count: count)
    increments = x
    next = x
  }

  mutating func step(
    _ field: inout any ScoreField, noise: NoiseSchedule, from all: Batch, at t: Double,
    by h: Double, _ allIncrements: Batch, _ range: Range<Int>, into allNext: inout Batch
  ) {
    x.load(all, range)
    increments.load(allIncrements, range)
    stepper.step(
      &field, noise: noise, from: x, at: t, by: h, increments: increments, into: &next)
    next.store(into: &allNext, range)
  }
}
