import Kernels

/// Solves one assignment after the other, for minibatch couplings: no allocation from the second
/// problem of a size on, and each may start from where the last ended.
public struct Matcher: Sendable {
  private var kernel: AssignmentKernel
  /// The first cloud of the last problem.
  private var previous: [Double] = []

  /// A matcher that has matched nothing yet.
  public init(instructionSet: InstructionSet = .best) {
    kernel = AssignmentKernel(instructionSet: instructionSet)
  }

  /// Point `i` of the first cloud goes with point `permutation[i]` of the second.
  public var permutation: [Int] { kernel.columnOfRow }
  /// The duals of the first cloud's points: see `Assignment`.
  public var rowDuals: [Double] { kernel.rowDuals }
  /// The duals of the second cloud's points.
  public var columnDuals: [Double] { kernel.columnDuals }

  /// Finds the cheapest matching under squared Euclidean cost of two batches of equal shape.
  public mutating func match(_ a: Batch, _ b: Batch) {
    check(a, b)
    kernel.solve(dimension: a.dimension, from: a.values, to: b.values)
    remember(a)
  }

  /// As above, from given duals of the second cloud: those of nearly the same clouds save most of the
  /// time, and bad ones lose some; the cost is the same.
  public mutating func match(_ a: Batch, _ b: Batch, startingFrom columnDuals: [Double]) {
    check(a, b)
    precondition(columnDuals.allSatisfy(\.isFinite), "an assignment needs finite duals")
    kernel.solve(
      dimension: a.dimension, from: a.values, to: b.values, startingFrom: columnDuals)
    remember(a)
  }

  /// As above, from the potential of the last problem: for a batch of the same two distributions.
  /// Worth a tenth of the time for up to about 1000 points, nothing beyond.
  ///
  /// The dual of a new point b is the greatest that the last ones f allow, minᵢ |aᵢ − b|² − fᵢ.
  public mutating func matchNext(_ a: Batch, _ b: Batch) {
    check(a, b)
    if previous.isEmpty || previous.count != a.dimension * kernel.rowDuals.count {
      match(a, b)
      return
    }
    kernel.solve(dimension: a.dimension, from: a.values, to: b.values, after: previous)
    remember(a)
  }

  /// The sum of the squared distances of the pairs of the last problem, always in the same order.
  public func cost(_ a: Batch, _ b: Batch) -> Double {
    var cost = 0.0
    for i in 0..<a.count {
      for k in 0..<a.dimension {
        let difference = a[k, i] - b[k, permutation[i]]
        cost += difference * difference
      }
    }
    return cost
  }

  /// Copies, since sharing would make the caller's next write allocate.
  private mutating func remember(_ a: Batch) {
    if previous.count != a.values.count {
      previous = [Double](repeating: 0, count: a.values.count)
    }
    for k in previous.indices { previous[k] = a.values[k] }
  }

  /// Whether the points and the sum of their squares are finite, as a matching needs.
  ///
  /// Points of 1e160 are finite, and their squared distances are not.
  public static func canMatch(_ a: Batch, _ b: Batch) -> Bool {
    var size = 0.0
    for value in a.values { size += value * value }
    for value in b.values { size += value * value }
    // A squared distance is at most twice the sum of both squares.
    return (4 * size).isFinite
  }

  private func check(_ a: Batch, _ b: Batch) {
    precondition(a.hasShape(of: b), "an assignment needs clouds of equal shape")
    precondition(Matcher.canMatch(a, b), "an assignment needs finite points")
  }
}
