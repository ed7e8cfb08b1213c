/// The state of a solve at one time: a point of the trajectory of every particle.
public struct Knot: Sendable, Hashable {
  /// The time.
  public var t: Double
  /// The positions, `d×n`.
  public var x: Batch
  /// The velocities u_t(x) there, `d×n`.
  public var velocity: Batch

  /// A knot with its velocities.
  public init(t: Double, x: Batch, velocity: Batch) {
    precondition(
      x.dimension == velocity.dimension && x.count == velocity.count,
      "positions and velocities need the same shape")
    self.t = t
    self.x = x
    self.velocity = velocity
  }

  /// A knot whose velocities are not known yet: zeros.
  public init(t: Double, x: Batch) {
    self.init(t: t, x: x, velocity: Batch(dimension: x.dimension, count: x.count))
  }
}
