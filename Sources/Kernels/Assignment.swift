import CKernels

/// The exact solution of the assignment problem on squared Euclidean distances.
///
/// The problem owns its results and its scratch memory, O(n), and allocates only when a larger one
/// than before is solved.
public struct AssignmentKernel: Sendable {
  /// What the loops are compiled for.
  public let instructionSet: InstructionSet
  /// Row i goes with column `columnOfRow[i]`.
  public private(set) var columnOfRow: [Int] = []
  /// rowDuals[i] + columnDuals[j] ≤ |a_i − b_j|², equal for matched pairs, up to rounding.
  public private(set) var rowDuals: [Double] = []
  /// As above.
  public private(set) var columnDuals: [Double] = []
  /// The work that the last problem took, in blocks of 32 points that another was compared with.
  public private(set) var blocksSeen = 0
  private var scratch: [SIMD16<Float>] = []

  /// A problem not yet posed.
  public init(instructionSet: InstructionSet = .best) { self.instructionSet = instructionSet }

  /// Matches the columns of two d×n arrays, a row per coordinate, all finite, so that Σ|a_i − b_j|²
  /// is least.
  public mutating func solve(dimension: Int, from: [Double], to: [Double]) {
    solve(dimension: dimension, from, to, start: 0)
  }

  /// As above, from duals of the columns near the solution's: the nearer, the faster.
  public mutating func solve(
    dimension: Int, from: [Double], to: [Double], startingFrom duals: [Double]
  ) {
    precondition(duals.count * dimension == to.count, "a dual for each column")
    columnDuals.removeAll(keepingCapacity: true)
    columnDuals.append(contentsOf: duals)
    solve(dimension: dimension, from, to, start: 2)
  }

  /// As above, from the duals that the rows of another problem have at these columns: for clouds that are
  /// samples of the same two distributions as that one's. `points` are its rows, `d×m`, and `duals` theirs.
  public mutating func solve(
    dimension: Int, from: [Double], to: [Double], after points: [Double], duals: [Double]
  ) {
    precondition(points.count == dimension * duals.count, "a dual for each row")
    let count = to.count / dimension
    guard !duals.isEmpty, count > 0 else {
      solve(dimension: dimension, from: from, to: to)
      return
    }
    fit(&columnDuals, count)
    instructionSet.table.conjugate(
      dimension, duals.count, points, duals, count, to, &columnDuals)
    solve(dimension: dimension, from, to, start: 1)
    // A block is 32 points: the conjugate compared each column with all of them.
    blocksSeen += count * duals.count / 32
  }

  private mutating func solve(
    dimension: Int, _ from: [Double], _ to: [Double], start: Int32
  ) {
    precondition(from.count == to.count && from.count % dimension == 0, "clouds of equal shape")
    let count = from.count / dimension
    precondition(count <= Int32.max, "too many points")
    let table = instructionSet.table
    let size = (table.assignment_scratch(dimension, count) + 63) / 64
    if scratch.count < size { scratch = [SIMD16<Float>](repeating: SIMD16(), count: size) }
    fit(&columnOfRow, count)
    fit(&rowDuals, count)
    fit(&columnDuals, count)
    blocksSeen = table.assignment(
      dimension, count, from, to, &columnOfRow, &rowDuals, &columnDuals, start,
      &scratch)
  }

  private func fit<T: Numeric>(_ array: inout [T], _ count: Int) {
    if array.count != count { array = [T](repeating: 0, count: count) }
  }
}
