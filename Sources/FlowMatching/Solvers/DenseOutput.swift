/// The positions of a batch at any time within one accepted step.
///
/// x(t) = h₀₀(s)x₀ + h₁₀(s)h u₀ + h₀₁(s)x₁ + h₁₁(s)h u₁ + s²(1 − s)² h Σ d_i k_i, s = (t − t₀)/h: the
/// cubic Hermite interpolant of the two knots and, where the method has its own dense output of
/// order 4, its quartic term (Dormand and Prince: HNW I, II.6, eq. 6.13; Tsitouras, 2011, §3). A
/// quartic that meets both positions and both velocities can differ from the Hermite interpolant by
/// a multiple of s²(1 − s)² alone.
public struct DenseOutput: Sendable, Hashable {
  /// The knots where the step began and ended.
  public let start, end: Knot
  /// h Σ d_i k_i, `d×n`, as `Integrator.quarticTerm` gives it; nil for the Hermite interpolant.
  public let quarticTerm: Batch?

  /// The interpolant between two knots of one shape at different times.
  public init(from start: Knot, to end: Knot, quarticTerm: Batch? = nil) {
    precondition(end.x.hasShape(of: start.x), "both knots need the same shape")
    precondition(start.t != end.t, "a step needs a length")
    precondition(quarticTerm == nil || quarticTerm!.hasShape(of: start.x), "a term for each point")
    self.start = start
    self.end = end
    self.quarticTerm = quarticTerm
  }

  /// Writes the positions at `t`, `d×n`; outside the step it extrapolates.
  public func position(at t: Double, into points: inout Batch) {
    precondition(points.hasShape(of: start.x), "the batch has another shape")
    let weights = DenseWeights(t, from: start.t, to: end.t)
    for k in 0..<points.values.count {
      points.values[k] =
        weights.start * start.x.values[k] + weights.startSlope * start.velocity.values[k]
        + weights.end * end.x.values[k] + weights.endSlope * end.velocity.values[k]
    }
    guard let quarticTerm else { return }
    for k in 0..<points.values.count {
      points.values[k] += weights.quartic * quarticTerm.values[k]
    }
  }
}

/// The weights of the dense output's parts at one time.
struct DenseWeights {
  let start, startSlope, end, endSlope, quartic: Double

  init(_ t: Double, from t0: Double, to t1: Double) {
    let step = t1 - t0
    let s = (t - t0) / step
    start = (1 + 2 * s) * (1 - s) * (1 - s)
    end = s * s * (3 - 2 * s)
    startSlope = s * (1 - s) * (1 - s) * step
    endSlope = s * s * (s - 1) * step
    quartic = s * s * (1 - s) * (1 - s)
  }
}
