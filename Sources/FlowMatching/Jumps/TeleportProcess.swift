/// A resumable way of points along a teleport mixture, in equal steps: between jumps they stand still.
///
/// The same seed gives the same bits whatever the budgets.
public struct TeleportProcess: Transport {
  public private(set) var status = Integrator.Status.running
  public private(set) var t: Double
  public private(set) var state: Batch
  public private(set) var steps = 0
  private let mixture: TeleportMixture
  private let start, end: Double
  private let stepCount: Int
  private var random: Random

  /// A way that has not begun, from `x0` at time `start` to `end`.
  public init(
    _ mixture: TeleportMixture, steps: Int, from x0: Batch, start: Double = 0, end: Double = 1,
    random: Random
  ) {
    precondition(steps > 0, "a way needs a step")
    precondition(start >= 0 && start < end && end <= 1, "jumps lead forwards, from 0 to 1")
    self.mixture = mixture
    (self.start, self.end, stepCount) = (start, end, steps)
    self.random = random.stream("teleport")
    (t, state) = (start, x0)
  }

  public var velocity: Batch? { nil }
  public var knot: Knot? { Knot(t: t, x: state) }
  public var progress: Double { Double(steps) / Double(stepCount) }
  /// Of the rate at each point, once a step.
  public var evaluations: Int { steps }
  public var totalEvaluations: Int { stepCount }
  public var lostCount: Int { state.lostCount }

  public mutating func advance(budget: Int) -> Int {
    guard status == .running else { return 0 }
    let index = steps + 1
    let next =
      index >= stepCount ? end : start + (end - start) * Double(index) / Double(stepCount)
    _ = mixture.step(&state, from: t, to: next, using: &random)
    t = next
    steps = index
    if steps == stepCount { status = .finished }
    // The densities of both ends, twice at the source's.
    return 3 * state.count
  }
}
