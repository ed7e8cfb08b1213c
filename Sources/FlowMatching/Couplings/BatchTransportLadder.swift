/// What optimal transport within batches costs on average, for larger and larger batches: from above it falls
/// towards the cost of the semidiscrete transport, since a batch is matched to itself and not to the target.
public struct BatchTransportLadder: Sendable, Hashable {
  /// One size of batch.
  public struct Rung: Sendable, Hashable {
    /// The pairs of a batch.
    public let count: Int
    /// The mean of |x₀ − x₁|² over batches, in squared units of the data.
    public let cost: Estimate
  }

  /// The sizes that are measured, one after the other.
  public static let counts = [16, 64, 256, 1024]
  /// Those that have been.
  public private(set) var rungs: [Rung] = []
  private let cells: LaguerreCells
  private let random: Random
  private var costs: [Double] = []
  private var matcher = Matcher(instructionSet: .baseline)

  /// A ladder that has not begun.
  public init(to cells: LaguerreCells, seed: UInt64) {
    self.cells = cells
    random = Random(seed: seed).stream("ladder")
  }

  public static func == (a: Self, b: Self) -> Bool { a.rungs == b.rungs && a.cells == b.cells }
  public func hash(into hasher: inout Hasher) { hasher.combine(rungs) }

  /// Whether all are measured.
  public var isOver: Bool { rungs.count == BatchTransportLadder.counts.count }

  /// Batches of a size: some 16 000 pairs, and 8 batches at least.
  static func batches(of count: Int) -> Int { max(8, (1 << 14) / count) }

  /// Measures on until a budget, in comparisons of two points, is used up.
  public mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      let count = BatchTransportLadder.counts[rungs.count]
      costs.append(cost(count))
      budget -= 16 * count * count
      if costs.count == BatchTransportLadder.batches(of: count) {
        rungs.append(Rung(count: count, cost: estimate()))
        costs = []
      }
    }
  }

  /// The mean ⟨x₀, y⟩ of a batch that is matched at least cost.
  private mutating func cost(_ count: Int) -> Double {
    var random = random.stream("\(count) \(costs.count)")
    let d = cells.dimension
    var x = Batch(dimension: d, count: count)
    random.fillNormals(&x.values)
    var y = x
    let cumulative = cells.target.weights.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }
    for j in 0..<count {
      let u = random.uniform()
      let cell = min(cells.count - 1, cumulative.partitioningIndex { $0 > u } - 1)
      for k in 0..<d { y[k, j] = cells.place(k, of: cell) }
    }
    guard Matcher.canMatch(x, y) else { return .nan }
    matcher.match(x, y)
    var sum = 0.0
    for i in 0..<count {
      for k in 0..<d { sum += x[k, i] * y[k, matcher.permutation[i]] }
    }
    return sum / Double(count)
  }

  private func estimate() -> Estimate {
    let mean = Estimate(of: costs)
    let factor = 2 * cells.scale
    return Estimate(
      mean: cells.squares - factor * mean.mean, standardError: factor * mean.standardError)
  }
}

extension Array where Element == Double {
  /// The first index at which a monotone condition holds; `count` where it holds nowhere.
  fileprivate func partitioningIndex(_ holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
