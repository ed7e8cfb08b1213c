/// The exact optimal transport between the points of a batch by the squared geodesic distance.
///
/// O(n²) memory and some n³/10 steps: about ten times as long as flat transport, which knows its cost
/// without a table.
public struct GeodesicTransport: Coupling {
  /// The space of both ends.
  public let space: any Space
  private var assignment = CostAssignment()
  private var costs: [Double] = []
  private var sorted: [Double] = []

  /// A coupling in the space.
  public init(on space: any Space) { self.space = space }

  public mutating func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random) {
    // The loss of a batch that is not finite stops training by itself.
    guard x0.count > 0, x0.isFinite, x1.isFinite else { return }
    let n = x0.count
    assign(x0, x1)
    if sorted.count != x1.values.count { sorted = x1.values }
    for i in 0..<n {
      let j = assignment.columnOfRow[i]
      for k in 0..<x1.dimension { sorted[k * n + i] = x1.values[k * n + j] }
    }
    swap(&sorted, &x1.values)
  }

  /// The least mean squared distance of the points of two finite batches of equal shape, over all
  /// matchings of them.
  public mutating func meanSquare(_ x0: Batch, _ x1: Batch) -> Double {
    let n = x0.count
    assign(x0, x1)
    return (0..<n).reduce(0) { $0 + costs[$1 * n + assignment.columnOfRow[$1]] } / Double(max(1, n))
  }

  private mutating func assign(_ x0: Batch, _ x1: Batch) {
    let n = x0.count
    if costs.count != n * n { costs = [Double](repeating: 0, count: n * n) }
    var (start, way) = (x1, x1)
    for i in 0..<n {
      for k in 0..<x0.dimension {
        for j in 0..<n { start.values[k * n + j] = x0.values[k * n + i] }
      }
      space.way(from: start, to: x1, into: &way)
      for j in 0..<n { costs[i * n + j] = 0 }
      for k in 0..<x0.dimension {
        for j in 0..<n { costs[i * n + j] += way.values[k * n + j] * way.values[k * n + j] }
      }
    }
    assignment.solve(costs, count: n)
  }
}
