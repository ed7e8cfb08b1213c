/// The cheapest assignment of n rows to n columns by any finite cost table, with its proof: no matching
/// costs less than Σ rowDuals + Σ columnDuals, and this one costs just that.
///
/// Columns are reduced to begin with, then every row left over finds its shortest augmenting path
/// (Jonker and Volgenant, Computing 38 (1987), 325–340, without their reduction transfer).
public struct CostAssignment: Sendable {
  /// Row `i` goes with column `columnOfRow[i]`.
  public private(set) var columnOfRow: [Int] = []
  /// The duals of the rows.
  public private(set) var rowDuals: [Double] = []
  /// The duals of the columns.
  public private(set) var columnDuals: [Double] = []
  private var rowOfColumn: [Int] = []
  private var distances: [Double] = []
  private var predecessors: [Int] = []
  /// The columns, those with known shortest paths first.
  private var order: [Int] = []

  /// An assignment that has solved nothing yet.
  public init() {}

  /// Solves for the `n×n` costs, row after row.
  public mutating func solve(_ costs: [Double], count n: Int) {
    precondition(costs.count == n * n, "a cost for every pair")
    columnOfRow = [Int](repeating: -1, count: n)
    rowOfColumn = columnOfRow
    columnDuals = [Double](repeating: 0, count: n)
    distances = columnDuals
    predecessors = columnOfRow
    order = Array(0..<n)
    for j in 0..<n {
      var best = 0
      for i in 1..<max(n, 1) where costs[i * n + j] < costs[best * n + j] { best = i }
      columnDuals[j] = costs[best * n + j]
      if columnOfRow[best] < 0 {
        columnOfRow[best] = j
        rowOfColumn[j] = best
      }
    }
    for row in 0..<n where columnOfRow[row] < 0 { augment(row, costs, n) }
    rowDuals = (0..<n).map { costs[$0 * n + columnOfRow[$0]] - columnDuals[columnOfRow[$0]] }
  }

  /// Finds the shortest augmenting path from a free row, by Dijkstra's algorithm on reduced costs.
  private mutating func augment(_ free: Int, _ costs: [Double], _ n: Int) {
    for j in 0..<n {
      distances[j] = costs[free * n + j] - columnDuals[j]
      predecessors[j] = free
    }
    var (known, end, least) = (0, -1, 0.0)
    while end < 0 {
      var nearest = known
      for k in known..<n where distances[order[k]] < distances[order[nearest]] { nearest = k }
      order.swapAt(known, nearest)
      let column = order[known]
      known += 1
      least = distances[column]
      let row = rowOfColumn[column]
      if row < 0 {
        end = column
        break
      }
      let shift = least - (costs[row * n + column] - columnDuals[column])
      for k in known..<n {
        let j = order[k]
        let length = costs[row * n + j] - columnDuals[j] + shift
        if length < distances[j] {
          distances[j] = length
          predecessors[j] = row
        }
      }
    }
    for k in 0..<known { columnDuals[order[k]] += distances[order[k]] - least }
    while true {
      let row = predecessors[end]
      rowOfColumn[end] = row
      swap(&columnOfRow[row], &end)
      if row == free { break }
    }
  }
}
