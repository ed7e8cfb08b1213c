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
  /// The points must be finite, and their squares too. O(n) memory; about 13 ms for 1000 and 70 ms
  /// for 2048 points in the plane on one core without wide instructions.
  public static func assignment(from a: Batch, to b: Batch) -> Assignment {
    precondition(a.hasShape(of: b), "an assignment needs clouds of equal shape")
    let size = (a.values + b.values).reduce(0) { $0 + $1 * $1 }
    precondition(size.isFinite, "an assignment needs finite points")
    let n = a.count
    var permutation = [Int](repeating: 0, count: n)
    var rowDuals = [Double](repeating: 0, count: n)
    var columnDuals = rowDuals
    AssignmentKernel.solve(
      dimension: a.dimension, count: n, from: a.values, to: b.values, columnOfRow: &permutation,
      rowDuals: &rowDuals, columnDuals: &columnDuals)
    var cost = 0.0
    for i in 0..<n {
      for k in 0..<a.dimension {
        let difference = a[k, i] - b[k, permutation[i]]
        cost += difference * difference
      }
    }
    return Assignment(
      permutation: permutation, rowDuals: rowDuals, columnDuals: columnDuals, cost: cost)
  }
}
