/// The scratch memory with which an `Integrator` works on one chunk of the points of a batch.
///
/// The chunk is copied out, worked on and copied back; the copies cost a hundredth of what a
/// network does to the same points, and a field sees only batches of one size.
struct ChunkWorkspace: Sendable {
  private var stepper: RungeKutta
  /// The curved space of the points; nil for a flat one.
  var space: (any Space)? {
    get { stepper.space }
    set { stepper.space = newValue }
  }
  private var start: Knot
  private var end: Knot
  private var error: Batch

  init(_ tableau: ButcherTableau, dimension: Int, count: Int) {
    stepper = RungeKutta(tableau)
    error = Batch(dimension: dimension, count: count)
    start = Knot(t: 0, x: error)
    end = start
  }

  /// Writes the field at the knot's points of the range into its velocities.
  mutating func evaluate(
    _ field: inout some VelocityField, at knot: inout Knot, _ range: Range<Int>
  ) {
    start.x.load(knot.x, range)
    field.evaluate(start.x, at: .shared(knot.t), into: &start.velocity)
    start.velocity.store(into: &knot.velocity, range)
  }

  /// Takes one step of size `h` with the points of the range, into `next`, and into `errors`
  /// unless they are empty.
  mutating func step(
    _ field: inout some VelocityField, from knot: Knot, by h: Double, _ range: Range<Int>,
    into next: inout Knot, _ errors: inout Batch
  ) {
    start.t = knot.t
    start.x.load(knot.x, range)
    start.velocity.load(knot.velocity, range)
    stepper.step(&field, from: start, by: h, to: &end, error: &error)
    end.x.store(into: &next.x, range)
    end.velocity.store(into: &next.velocity, range)
    if errors.count > 0 { error.store(into: &errors, range) }
  }
}

extension Batch {
  /// Overwrites this batch with the points of the range of a larger one.
  mutating func load(_ other: Batch, _ range: Range<Int>) {
    for i in 0..<dimension {
      let shift = i * other.count + range.lowerBound
      values.replaceSubrange(
        i * count..<(i + 1) * count, with: other.values[shift..<shift + count])
    }
  }

  /// Overwrites the points of the range of a larger batch with this one.
  func store(into other: inout Batch, _ range: Range<Int>) {
    for i in 0..<dimension {
      let shift = i * other.count + range.lowerBound
      other.values.replaceSubrange(
        shift..<shift + count, with: values[i * count..<(i + 1) * count])
    }
  }
}
