#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The proof that Laguerre cells are an optimal transport, on fresh draws of the source N(0, I).
///
/// Two numbers bracket the least cost from these draws to the weights. The dual value is what the potentials
/// promise, Σ bᵢφᵢ + mean minᵢ(|x₀ − xᵢ|² − φᵢ); no plan costs less. The primal one is what a plan costs that
/// has exactly these weights: every draw goes to the point of its cell, and what is too much in one cell goes
/// from where it costs least to where it is too little. On the same draws the dual is never above the primal.
public struct TransportCertificate: Sendable, Hashable {
  /// The fresh draws.
  public let draws: Int
  /// The share of the draws in every cell, and the weights that they should be.
  public let masses, weights: [Double]
  /// ½Σ|mᵢ − bᵢ|, and what draws from exactly right cells would give on average.
  public let variation, variationNoise: Double
  /// Pearson's χ² of the masses as a standard normal number (Wilson and Hilferty, 1931): beyond 2.33 in one of
  /// a hundred draws of right cells; 0 for a single cell.
  public let chiScore: Double
  /// The dual value and the primal cost, in squared units of the data.
  public let dual, primal: Estimate
  /// The primal cost minus the dual value, at least 0.
  public var gap: Double { primal.mean - dual.mean }
  /// Whether the masses are the weights within their noise.
  public var holds: Bool { chiScore <= TransportCertificate.limit }

  /// One fair draw in a hundred lies beyond.
  public static let limit = 2.33

  /// So many draws are looked at of so many cells in so many dimensions: 32 a cell at least, while memory lasts.
  static func draws(cells: Int, dimension: Int) -> Int {
    max(1024, min(max(1 << 15, 32 * cells), (1 << 22) / dimension))
  }

  /// The certificate of cells on given draws, with the cells and the scores that they have.
  init(_ cells: LaguerreCells, _ x: Batch, _ own: [Int], _ scores: [Double]) {
    let (n, count) = (cells.count, Double(x.count))
    var counts = [Double](repeating: 0, count: n)
    for cell in own { counts[cell] += 1 }
    draws = x.count
    weights = cells.target.weights
    masses = counts.map { $0 / count }
    variation = 0.5 * zip(masses, weights).reduce(0) { $0 + abs($1.0 - $1.1) }
    variationNoise =
      0.5 * weights.reduce(0) { $0 + (2 * $1 * (1 - $1) / (.pi * count)).squareRoot() }
    chiScore = TransportCertificate.chiScore(masses, weights, count)
    var plan = SurplusMoves(cells, x, own, scores, counts)
    plan.settle()
    let heights = cells.heights
    let promised = zip(heights, weights).reduce(0) { $0 + $1.0 * $1.1 }
    // |x₀|² has a known mean, and what it tells of a cost need not be left to chance.
    let known = (0..<x.count).map { j in
      (0..<x.dimension).reduce(-Double(x.dimension)) { $0 + x[$1, j] * x[$1, j] }
    }
    let dualValues = scores.map { $0 - promised }
    let slope = TransportCertificate.slope(of: dualValues, on: known)
    func estimate(_ values: [Double]) -> Estimate {
      let mean = Estimate(of: zip(values, known).map { $0 - slope * $1 })
      let factor = -2 * cells.scale
      return Estimate(
        mean: cells.squares + factor * mean.mean, standardError: abs(factor) * mean.standardError)
    }
    dual = estimate(dualValues)
    // ⟨x₀, y⟩ of the point where a draw ends.
    primal = estimate((0..<x.count).map { scores[$0] - plan.regrets[$0] - plan.heights[$0] })
  }

  private static func chiScore(_ masses: [Double], _ weights: [Double], _ draws: Double) -> Double {
    let freedom = Double(masses.count - 1)
    guard freedom > 0 else { return 0 }
    let chi = zip(masses, weights).reduce(0) { sum, pair in
      let away = pair.0 - pair.1
      return sum + draws * away * away / pair.1
    }
    let spread = 2 / (9 * freedom)
    return (cbrt(chi / freedom) - (1 - spread)) / spread.squareRoot()
  }

  /// The slope of the least squares line.
  private static func slope(of values: [Double], on known: [Double]) -> Double {
    let n = Double(values.count)
    let (a, b) = (values.reduce(0, +) / n, known.reduce(0, +) / n)
    var (both, square) = (0.0, 0.0)
    for (value, k) in zip(values, known) {
      both += (value - a) * (k - b)
      square += (k - b) * (k - b)
    }
    return square > 0 ? both / square : 0
  }
}

/// Draws that are too many in a cell go, those that lose least first, to cells that have too few.
private struct SurplusMoves {
  private let cells: LaguerreCells
  private let x: Batch
  private let own: [Int]
  private let scores: [Double]
  private let ownHeights: [Double]
  /// What of a draw has not been moved yet.
  private var left: [Double]
  /// Draws in a cell, and how many too many, or too few below 0.
  private var surplus: [Double]
  /// Of every draw what it loses by moves, and the mean hᵢ of where it ends.
  private(set) var regrets, heights: [Double]

  init(_ cells: LaguerreCells, _ x: Batch, _ own: [Int], _ scores: [Double], _ counts: [Double]) {
    (self.cells, self.x, self.own, self.scores) = (cells, x, own, scores)
    let all = cells.heights
    ownHeights = all
    surplus = zip(counts, cells.target.weights).map { $0 - $1 * Double(own.count) }
    left = [Double](repeating: 1, count: own.count)
    regrets = [Double](repeating: 0, count: own.count)
    heights = own.map { all[$0] }
  }

  private static let nothing = 1e-9

  /// A move that is thought of.
  private struct Move {
    let draw, cell: Int
    let regret: Double
  }

  /// Every round the cheapest moves are made as long as there is room where they lead; those that find none
  /// look for another place in the next.
  mutating func settle() {
    while true {
      let free = surplus.indices.filter { surplus[$0] < -SurplusMoves.nothing }
      var moves = free.isEmpty ? [] : moves(to: free)
      guard !moves.isEmpty else { return }
      moves.sort { ($0.regret, $0.draw) < ($1.regret, $1.draw) }
      for move in moves { make(move) }
    }
  }

  private func moves(to free: [Int]) -> [Move] {
    var point = [Double](repeating: 0, count: x.dimension)
    var moves: [Move] = []
    for j in own.indices
    where left[j] > SurplusMoves.nothing && surplus[own[j]] > SurplusMoves.nothing {
      for k in point.indices { point[k] = x.values[k * x.count + j] }
      var (best, place) = (-Double.infinity, free[0])
      for cell in free {
        var score = ownHeights[cell]
        for k in point.indices { score += point[k] * cells.place(k, of: cell) }
        if score > best { (best, place) = (score, cell) }
      }
      moves.append(Move(draw: j, cell: place, regret: max(0, scores[j] - best)))
    }
    return moves
  }

  private mutating func make(_ move: Move) {
    let from = own[move.draw]
    let amount = min(left[move.draw], surplus[from], -surplus[move.cell])
    guard amount > SurplusMoves.nothing else { return }
    surplus[from] -= amount
    surplus[move.cell] += amount
    left[move.draw] -= amount
    regrets[move.draw] += amount * move.regret
    heights[move.draw] += amount * (ownHeights[move.cell] - ownHeights[from])
  }
}
