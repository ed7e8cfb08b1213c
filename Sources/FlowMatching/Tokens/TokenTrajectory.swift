/// The states of a way of sequences that are kept, so that going back is a look-up.
///
/// Between knots letters stand still: the state at a time is that of the last knot before. Where the
/// knots need more memory than allowed, every other one is dropped.
public struct TokenTrajectory: Sendable {
  /// A state and its time.
  public struct Knot: Sendable, Hashable {
    /// The time.
    public let t: Double
    /// The steps that lead to it.
    public let step: Int
    /// The sequences.
    public let state: TokenSequences
  }

  /// The knots, in the order of their steps; the first and the last are always there.
  public private(set) var knots: [Knot] = []
  /// The most bytes that the letters of all knots may need, two knots at least.
  public let limit: Int
  /// Every how many steps a knot is kept.
  public private(set) var stride = 1

  /// A trajectory that begins with the state of a sampler.
  public init(_ sampler: TokenSampler, limit: Int = 64 << 20) {
    self.limit = limit
    note(sampler)
  }

  /// Adds the sampler's state where it is new.
  public mutating func note(_ sampler: TokenSampler) {
    if let last = knots.last, last.step >= sampler.steps { return }
    // The last knot was off the stride: it was kept as the latest only.
    if let last = knots.last, last.step % stride != 0 { knots.removeLast() }
    knots.append(Knot(t: sampler.t, step: sampler.steps, state: sampler.state))
    while knots.count > 2 && knots.count * 2 * sampler.state.values.count > limit { thin() }
  }

  /// The last knot at or before a time; the first where there is none.
  public func knot(at t: Double) -> Knot {
    knots[max(0, (knots.firstIndex { $0.t > t } ?? knots.count) - 1)]
  }

  /// The last knot with no more steps than that; the first where there is none.
  public func knot(atStep step: Int) -> Knot {
    knots[max(0, (knots.firstIndex { $0.step > step } ?? knots.count) - 1)]
  }

  private mutating func thin() {
    stride *= 2
    let last = knots.count - 1
    knots = knots.enumerated().filter { $0 == last || $1.step % stride == 0 }.map(\.element)
  }
}
