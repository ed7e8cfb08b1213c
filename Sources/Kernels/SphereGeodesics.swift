/// Work on points of the unit sphere, many at a time, with the same bits whatever the instruction set.
public enum SphereGeodesics {
  /// Brings the vectors of a 3×n batch, which may have further rows, to the length 1.
  public static func settle(_ points: inout [Double], count: Int) {
    precondition(points.count >= 3 * count, "a vector has three coordinates")
    InstructionSet.best.table.sphere_settle(&points, count)
  }

  /// The place of every point of a 3×n batch on the chart: turns of longitude in [0, 1), and half turns
  /// from the north pole. What is not finite has a place that is none.
  public static func places(of points: [Double]) -> [SIMD2<Double>] {
    places(of: points, instructionSet: .best)
  }

  static func places(of points: [Double], instructionSet: InstructionSet) -> [SIMD2<Double>] {
    let count = points.count / 3
    return [SIMD2<Double>](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).withMemoryRebound(to: Double.self) {
        guard let start = $0.baseAddress else { return }
        instructionSet.table.sphere_places(points, count, start)
      }
      initialized = count
    }
  }

  /// Where the points of a 3×n batch are seen along `front`, by the axes `right` and `up`, as 2×n; what is
  /// behind is not a number.
  public static func view(
    of points: [Double], right: SIMD3<Double>, up: SIMD3<Double>, front: SIMD3<Double>
  ) -> [Double] {
    let axes = [right, up, front].flatMap { [$0.x, $0.y, $0.z] }
    let count = points.count / 3
    return [Double](unsafeUninitializedCapacity: 2 * count) { buffer, initialized in
      if let start = buffer.baseAddress {
        InstructionSet.best.table.sphere_view(points, count, axes, start)
      }
      initialized = 2 * count
    }
  }

  /// Writes the points γ(t) of the geodesics from unit vectors to others, 3×n, and their velocities γ̇(t);
  /// `times` has one for each, or one for all. Between antipodes there is no one way: there everything
  /// written is NaN.
  public static func write(
    from x0: [Double], to x1: [Double], times: [Double], points: inout [Double],
    velocities: inout [Double]
  ) {
    write(
      from: x0, to: x1, times: times, points: &points, velocities: &velocities,
      instructionSet: .best)
  }

  static func write(
    from x0: [Double], to x1: [Double], times: [Double], points: inout [Double],
    velocities: inout [Double], instructionSet: InstructionSet
  ) {
    let count = x0.count / 3
    precondition(
      x0.count == 3 * count && x1.count == x0.count && points.count == x0.count
        && velocities.count == x0.count, "all batches are 3×n")
    precondition(times.count == 1 || times.count == count, "a time for each, or one for all")
    instructionSet.table.sphere_geodesics(
      x0, x1, times, times.count == 1 ? 0 : 1, count, &points, &velocities)
  }
}
