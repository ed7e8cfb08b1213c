/// The map of any velocity field, by a solve as tight as is asked for.
///
/// What is solved for is the mean velocity itself, dy/ds = u(x + (r − t)y, t + s(r − t)) from y = 0 to
/// s = 1, so that nothing cancels where r is near t, and at r = t it is the velocity.
public struct SolvedMap: TwoTimeMap {
  private let field: any VelocityField
  private let tolerance: Double

  /// The map of a field, at a relative and absolute tolerance of DOP853.
  public init(_ field: any VelocityField, tolerance: Double = 1e-10) {
    self.field = field
    self.tolerance = tolerance
  }

  public var dimension: Int { field.dimension }

  /// Points that cannot be carried so far are NaN.
  public func meanVelocity(
    _ x: Batch, from t: Times, to r: Times, into velocity: inout Batch
  ) {
    precondition(x.dimension == dimension && velocity.hasShape(of: x), "the shapes differ")
    guard x.count > 0 else { return }
    let (starts, ends) = (t.each(x.count), r.each(x.count))
    var way: any VelocityField = MeanVelocityField(
      base: field, origin: x, starts: starts, spans: zip(starts, ends).map { $1 - $0 })
    // The field knows its points by their places: one chunk holds all.
    var solve = Integrator(
      .dop853, control: .adaptive(relative: tolerance, absolute: tolerance),
      from: Batch(dimension: x.dimension, count: x.count), chunkSize: x.count)
    solve.finish(&way)
    velocity = solve.knot.x
    if solve.status != .finished {
      for k in velocity.values.indices { velocity.values[k] = .nan }
    }
  }
}

/// u(x + (r − t)y, t + s(r − t)) as a field of y and s.
private struct MeanVelocityField: VelocityField {
  var base: any VelocityField
  let origin: Batch
  let starts, spans: [Double]

  var dimension: Int { base.dimension }

  mutating func evaluate(_ y: Batch, at s: Times, into velocity: inout Batch) {
    var x = origin
    let n = x.count
    for i in 0..<x.dimension {
      for j in 0..<n { x.values[i * n + j] += spans[j] * y.values[i * n + j] }
    }
    base.evaluate(
      x, at: .each((0..<n).map { starts[$0] + s[$0] * spans[$0] }), into: &velocity)
  }
}
