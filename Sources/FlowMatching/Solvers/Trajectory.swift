/// The recorded knots of a solve, from which positions at any time are looked up.
///
/// Positions and velocities are kept as Float32. At a knot a look-up is exact, between knots it is
/// the cubic Hermite interpolant and nothing else, so that going back shows the same picture to the
/// bit, whatever was computed since. What jumps stands still between knots: there the state is that of the
/// last one.
public struct Trajectory: Sendable {
  /// The dimension `d` and the count `n` of the points.
  public let dimension, count: Int
  /// The curved space on to which positions between knots are brought, where the cubic leaves it; nil for
  /// a flat one. The state may have further rows.
  public let space: (any Space)?
  /// The most bytes that the knots may take; two knots are always kept.
  public let memoryLimit: Int
  /// Whether the points stand still between knots.
  public let isStepwise: Bool
  /// The times of the knots, rising, or falling for a solve that runs backwards.
  public private(set) var times: [Double] = []
  /// The number of evaluations per trajectory that were spent up to each knot.
  public private(set) var evaluations: [Int] = []
  /// Whether knots were dropped to stay within the memory limit.
  public private(set) var isThinned = false

  private var positions: [[Float]] = []
  private var velocities: [[Float]] = []
  /// Only every `stride`-th knot is kept, and the last one.
  private var stride = 1
  private var appended = 0

  /// An empty trajectory of `count` points.
  public init(
    dimension: Int, count: Int, memoryLimit: Int, isStepwise: Bool = false,
    on space: (any Space)? = nil
  ) {
    precondition(dimension > 0 && count >= 0, "a trajectory needs d ≥ 1 and n ≥ 0")
    self.dimension = dimension
    self.count = count
    self.memoryLimit = memoryLimit
    self.isStepwise = isStepwise
    self.space = space
  }

  /// The bytes that the knots take.
  public var bytes: Int { times.count * bytesPerKnot }

  /// Records a knot that lies beyond the last one; one at the last knot's own time is ignored.
  ///
  /// Beyond the memory limit every second knot is dropped, never the first or the last.
  public mutating func append(_ knot: Knot, evaluations spent: Int) {
    precondition(
      knot.x.dimension == dimension && knot.x.count == count, "the knot has another shape")
    if let last = times.last {
      if knot.t == last { return }
      let isForward = times.count < 2 || times[1] > times[0]
      precondition(times.count < 2 || (knot.t > last) == isForward, "knots come in order of time")
      // The last knot was kept only for being the last.
      if times.count > 1 && (appended - 1) % stride != 0 { removeLast() }
    }
    times.append(knot.t)
    evaluations.append(spent)
    positions.append(knot.x.values.map { Float($0) })
    velocities.append(knot.velocity.values.map { Float($0) })
    appended += 1
    while bytes > memoryLimit && times.count > 2 { thin() }
  }

  /// Writes the positions of a knot, `d×n`, to the bit as they were recorded, in single precision.
  public func position(knot index: Int, into points: inout Batch) {
    precondition(
      points.dimension == dimension && points.count == count, "the batch has another shape")
    for k in 0..<points.values.count { points.values[k] = Double(positions[index][k]) }
  }

  /// Writes the positions at time `t`, `d×n`; times outside the recorded range are clamped to it.
  ///
  /// The formula is that of `HermiteWeights`.
  public func position(at t: Double, into points: inout Batch) {
    precondition(!times.isEmpty, "nothing is recorded yet")
    let index = interval(of: t)
    if isStepwise || times[index] == t || index == times.count - 1 || isBefore(t, times[0]) {
      position(knot: index, into: &points)
      return
    }
    precondition(
      points.dimension == dimension && points.count == count, "the batch has another shape")
    let weights = HermiteWeights(t, from: times[index], to: times[index + 1])
    let (x0, x1) = (positions[index], positions[index + 1])
    let (u0, u1) = (velocities[index], velocities[index + 1])
    for k in 0..<points.values.count {
      points.values[k] =
        weights.start * Double(x0[k]) + weights.startSlope * Double(u0[k])
        + weights.end * Double(x1[k]) + weights.endSlope * Double(u1[k])
    }
    space?.settle(&points)
  }

  /// The same for the first points alone, as many as the batch has.
  public func positionOfFirst(at t: Double, into points: inout Batch) {
    precondition(!times.isEmpty, "nothing is recorded yet")
    precondition(
      points.dimension == dimension && points.count <= count, "the batch has more points")
    let index = interval(of: t)
    let isKnot =
      isStepwise || times[index] == t || index == times.count - 1 || isBefore(t, times[0])
    let weights = isKnot ? nil : HermiteWeights(t, from: times[index], to: times[index + 1])
    for i in 0..<dimension {
      for j in 0..<points.count {
        let k = i * count + j
        guard let weights else {
          points[i, j] = Double(positions[index][k])
          continue
        }
        points[i, j] =
          weights.start * Double(positions[index][k])
          + weights.startSlope * Double(velocities[index][k])
          + weights.end * Double(positions[index + 1][k])
          + weights.endSlope * Double(velocities[index + 1][k])
      }
    }
    if weights != nil { space?.settle(&points) }
  }

  /// The index of the last knot that is not after `t`; 0 for a time before all.
  public func interval(of t: Double) -> Int {
    var low = 0
    var high = times.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if isBefore(t, times[middle]) { high = middle } else { low = middle }
    }
    return low
  }

  private var bytesPerKnot: Int { 2 * MemoryLayout<Float>.stride * dimension * count }

  private func isBefore(_ a: Double, _ b: Double) -> Bool {
    times.count > 1 && times[1] < times[0] ? a > b : a < b
  }

  private mutating func removeLast() {
    times.removeLast()
    evaluations.removeLast()
    positions.removeLast()
    velocities.removeLast()
  }

  private mutating func thin() {
    stride *= 2
    isThinned = true
    let last = times.count - 1
    func thinned<Element>(_ knots: [Element]) -> [Element] {
      knots.indices.filter { $0 % 2 == 0 || $0 == last }.map { knots[$0] }
    }
    times = thinned(times)
    evaluations = thinned(evaluations)
    positions = thinned(positions)
    velocities = thinned(velocities)
  }
}
