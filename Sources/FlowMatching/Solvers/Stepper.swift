/// A one-step method for dx/dt = u_t(x).
public protocol Stepper: Sendable {
  /// The order of convergence.
  var order: Int { get }

  /// Evaluations of the field per step, when the first stage is reused from the step before.
  var stages: Int { get }

  /// Takes one step of size `h` from `start`.
  ///
  /// `start.velocity` is the first stage and is never evaluated again; `end.velocity` is always
  /// evaluated at the new point, so that the next step reuses it. `error` becomes the estimate of
  /// the local error, or zeros where the method has none. All batches are `d×n`.
  mutating func step(
    _ field: inout some VelocityField, from start: Knot, by h: Double, to end: inout Knot,
    error: inout Batch)
}
