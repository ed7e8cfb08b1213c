/// Any explicit Runge–Kutta method: one stage loop over a tableau.
public struct RungeKutta: Stepper {
  /// The method.
  public let tableau: ButcherTableau
  /// The stages after the first, which is the start's velocity.
  private var slopes: [Batch] = []
  /// The point at which the next stage is evaluated.
  private var point = Batch(dimension: 1, count: 0)
  /// The second estimate of the error, for a method that has two.
  private var coarse = Batch(dimension: 1, count: 0)

  /// The curved space to which stages and steps are brought back; nil for a flat one. The order stays
  /// (Hairer, Lubich and Wanner, Geometric Numerical Integration, IV.4); a step of one stage follows the
  /// geodesic.
  var space: (any Space)?

  /// A stepper for the method; its scratch memory is allocated at the first step.
  public init(_ tableau: ButcherTableau) { self.tableau = tableau }

  public var order: Int { tableau.order }
  public var stages: Int { tableau.evaluationsPerStep }

  public mutating func step(
    _ field: inout some VelocityField, from start: Knot, by h: Double, to end: inout Knot,
    error: inout Batch
  ) {
    precondition(
      start.velocity.hasShape(of: start.x) && end.x.hasShape(of: start.x)
        && end.velocity.hasShape(of: start.x) && error.hasShape(of: start.x),
      "the end and the error need the shape of the start")
    reserve(for: start.x)
    for i in 1..<max(tableau.stages, 1) {
      combine(tableau.a[i], start, h, into: &point)
      space?.settle(&point)
      field.evaluate(point, at: .shared(start.t + tableau.c[i] * h), into: &slopes[i - 1])
    }
    end.t = start.t + h
    if let space, tableau.stages == 1 {
      for k in 0..<end.x.values.count { end.x.values[k] = start.x.values[k] }
      space.move(&end.x, along: start.velocity, by: h * tableau.b[0])
    } else {
      combine(tableau.b, start, h, into: &end.x)
      space?.settle(&end.x)
    }
    estimate(start, h, into: &error)
    if tableau.isFirstSameAsLast {
      // Swapped, not assigned: shared storage would be copied when the next step writes it.
      swap(&end.velocity, &slopes[tableau.stages - 2])
    } else {
      field.evaluate(end.x, at: .shared(end.t), into: &end.velocity)
    }
  }

  /// Writes x + h Σ w_i k_i, adding in the order of the stages.
  private func combine(_ weights: [Double], _ start: Knot, _ h: Double, into sum: inout Batch) {
    for k in 0..<sum.values.count { sum.values[k] = start.x.values[k] }
    accumulate(weights[...], start, h, into: &sum)
  }

  /// Writes h Σ (b_i − b̂_i) k_i, or zeros; with a second estimate ê, e²/√(e² + 0.01ê²).
  private mutating func estimate(_ start: Knot, _ h: Double, into error: inout Batch) {
    for k in 0..<error.values.count { error.values[k] = 0 }
    guard let weights = tableau.bError else { return }
    accumulate(weights[...], start, h, into: &error)
    guard let weights = tableau.bCoarseError else { return }
    for k in 0..<coarse.values.count { coarse.values[k] = 0 }
    accumulate(weights[...], start, h, into: &coarse)
    for k in 0..<error.values.count {
      let square = error.values[k] * error.values[k]
      let sum = square + 0.01 * coarse.values[k] * coarse.values[k]
      // Sums that underflow leave the estimate as it is, and NaN stays NaN.
      if sum != 0 { error.values[k] = square / sum.squareRoot() }
    }
  }

  private func accumulate(
    _ weights: ArraySlice<Double>, _ start: Knot, _ h: Double, into sum: inout Batch
  ) {
    for (i, weight) in weights.enumerated() where weight != 0 {
      let slope = i == 0 ? start.velocity : slopes[i - 1]
      let factor = h * weight
      for k in 0..<sum.values.count { sum.values[k] += factor * slope.values[k] }
    }
  }

  private mutating func reserve(for x: Batch) {
    if point.hasShape(of: x) { return }
    point = Batch(dimension: x.dimension, count: x.count)
    slopes = [Batch](repeating: point, count: tableau.stages - 1)
    if tableau.bCoarseError != nil { coarse = point }
  }
}
