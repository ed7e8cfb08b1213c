/// The exact solution of the assignment problem on squared Euclidean distances.
///
/// An ε-scaled auction (Bertsekas, 1988) finds good prices. Then every row takes its cheapest
/// column where that is free, rows left over are reduced against each other, and the last are
/// placed by shortest augmenting paths (Jonker and Volgenant, 1987). The later stages keep every
/// matched pair tight and every reduced cost non-negative, so the result is optimal however good
/// the auction was.
public enum AssignmentKernel {
  /// Matches row i to column `columnOfRow[i]` so that Σ|a_i − b_j|² is least.
  ///
  /// `from` and `to` are d×n, a row per coordinate, all finite. Also writes duals with
  /// rowDuals[i] + columnDuals[j] ≤ |a_i − b_j|², equal for matched pairs, up to rounding.
  public static func solve(
    dimension: Int, count: Int, from: UnsafePointer<Double>, to: UnsafePointer<Double>,
    columnOfRow: UnsafeMutablePointer<Int>, rowDuals: UnsafeMutablePointer<Double>,
    columnDuals: UnsafeMutablePointer<Double>
  ) {
    if count == 0 { return }
    var solver = AssignmentSolver(
      dimension: dimension, count: count, from: from, to: to, columnOfRow: columnOfRow)
    solver.auction()
    solver.matchTight()
    solver.reduceRows()
    solver.augment()
    solver.writeDuals(rowDuals, columnDuals)
    solver.deallocate()
  }
}
