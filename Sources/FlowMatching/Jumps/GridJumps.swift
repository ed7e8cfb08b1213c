/// What a step does to the points of a grid's cells: with which probability they leave, and where to.
public struct GridJumps: Sendable, Hashable {
  /// The probability of leaving each cell.
  public let leaving: [Double]
  /// The cumulative probabilities of the cells where jumps lead; empty where there are none.
  let arrivals: [Double]

  /// The least jumps from probabilities `p` to `q`: as little as can be leaves, and nothing arrives
  /// where something leaves.
  ///
  /// The rate λ = [∂_t p]₋/p with destinations ∝ [∂_t p]₊, over the whole of a step: [q − p]₋/p, so
  /// that p becomes q exactly, however long the step is.
  public init(from p: [Double], to q: [Double]) {
    precondition(p.count == q.count, "cells of one grid")
    leaving = zip(p, q).map { $0 > $1 ? ($0 - $1) / $0 : 0 }
    var sum = 0.0
    var arrivals: [Double] = []
    for (before, after) in zip(p, q) {
      sum += max(0, after - before)
      arrivals.append(sum)
    }
    self.arrivals = sum > 0 ? arrivals.map { $0 / sum } : []
  }

  /// The cell where a jump leads, from a uniform variate.
  func destination(_ u: Double) -> Int {
    var (low, high) = (0, arrivals.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if u < arrivals[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
