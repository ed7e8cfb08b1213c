/// Weighted sums over the neighbours of cells.
public struct SparseSums: Sendable {
  /// Where the neighbours of each cell begin, and where the last one's end.
  private var bounds: [Int32] = [0]
  private var neighbours: [Int32] = []
  private var weights: [Float] = []
  private var largest = -1

  /// No cells yet.
  public init() {}

  /// Adds a cell with its neighbours, which must be cells, and their weights.
  public mutating func append(_ cells: [Int], weights: [Float]) {
    precondition(cells.count == weights.count, "a weight for each neighbour")
    precondition(cells.allSatisfy { $0 >= 0 }, "every neighbour is a cell")
    largest = max(largest, cells.max() ?? -1)
    neighbours += cells.map { Int32($0) }
    self.weights += weights
    bounds.append(Int32(neighbours.count))
  }

  /// scale·Σ_k w_k·counts[j_k] for every cell.
  public func sums(of counts: [Float], scale: Float) -> [Float] {
    let cells = bounds.count - 1
    precondition(counts.count > largest, "every neighbour is a cell")
    var result = [Float](repeating: 0, count: cells)
    InstructionSet.best.table.sparse_sums(
      bounds, neighbours, weights, counts, cells, scale, &result)
    return result
  }
}
