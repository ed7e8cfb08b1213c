/// A batch of points X_t on a path together with their conditional velocities.
public struct PathSample: Sendable, Hashable {
  /// The points X_t, `d×n`.
  public var x: Batch
  /// The velocities u_t(X_t | x₀, x₁) that a network is to predict, `d×n`.
  public var velocity: Batch

  /// Room for `count` points.
  public init(dimension: Int, count: Int) {
    x = Batch(dimension: dimension, count: count)
    velocity = x
  }

  /// Stops where the ends and their times do not fit each other or this sample.
  func requireShape(of x0: Batch, _ x1: Batch, _ t: [Double]) {
    precondition(x1.hasShape(of: x0), "both ends need the same shape")
    precondition(t.count == x0.count, "every pair needs a time")
    precondition(
      x.hasShape(of: x0) && velocity.hasShape(of: x0), "the sample needs the shape of the ends")
  }
}

/// A way from x₀ to x₁: the distribution of X_t given both ends.
public protocol ProbabilityPath: Sendable {
  /// Draws X_t and its velocity for every pair (x₀, x₁), pair `j` at time `t[j]` in [0, 1].
  ///
  /// All batches are `d×n` and `t` has `n` entries. Paths with noise of their own draw it from
  /// `random`; the others leave it untouched.
  func sample(
    from x0: Batch, to x1: Batch, at t: [Double], using random: inout Random,
    into sample: inout PathSample)
}
