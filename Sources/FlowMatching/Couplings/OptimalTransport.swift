import Kernels

/// The cheapest matching of two point clouds of equal size, with its proof of optimality.
///
/// No matching costs less than Σ rowDuals + Σ columnDuals, since rowDuals[i] + columnDuals[j] never
/// exceeds the cost of a pair; this one costs just that.
public struct Assignment: Sendable, Hashable {
  /// Point `i` of the first cloud goes with point `permutation[i]` of the second.
  public let permutation: [Int]
  /// The duals of the first cloud's points.
  public let rowDuals: [Double]
  /// The duals of the second cloud's points.
  public let columnDuals: [Double]
  /// The sum of the squared distances of the pairs.
  public let cost: Double
}

/// Optimal transport between samples.
public enum OptimalTransport {
  /// The exact assignment under squared Euclidean cost of two batches of equal shape.
  ///
  /// The points must be finite, and their squares too. O(n) memory. The matching does not depend on
  /// the instruction set where it is unique, and the cost is then the same to the last bit.
  public static func assignment(
    from a: Batch, to b: Batch, instructionSet: InstructionSet = .best
  ) -> Assignment {
    var matcher = Matcher(instructionSet: instructionSet)
    matcher.match(a, b)
    return Assignment(
      permutation: matcher.permutation, rowDuals: matcher.rowDuals,
      columnDuals: matcher.columnDuals, cost: matcher.cost(a, b))
  }
}
