/// A velocity field u_t(x), the right-hand side of dx/dt = u_t(x).
///
/// A network, the exact marginal field of a mixture and a rescheduled field are all velocity fields;
/// a solver does not tell them apart.
public protocol VelocityField: Sendable {
  /// The dimension `d` of the points.
  var dimension: Int { get }

  /// How smooth it is, which solvers go by.
  var regularity: Regularity { get }

  /// Writes u_t(x) for every point of the `d×n` batch `x` into `velocity`, of the same shape.
  ///
  /// Mutating because each copy owns its scratch memory: nothing is allocated after the first call
  /// of a given size, and copies on different threads need no lock.
  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch)
}

extension VelocityField {
  /// Smooth and in Double.
  public var regularity: Regularity { Regularity() }
}
