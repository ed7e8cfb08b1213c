/// Given pairs (x₀, x₁), of which batches are drawn with replacement.
public struct PairTable: Sendable, Hashable {
  /// The starts, `d×N`.
  public let x0: Batch
  /// The ends, `d×N`.
  public let x1: Batch

  /// At least one pair of finite points; start `j` belongs to end `j`.
  public init(x0: Batch, x1: Batch) {
    precondition(x0.hasShape(of: x1), "every start needs an end")
    precondition(x0.count > 0 && x0.isFinite && x1.isFinite, "pairs are finite points")
    self.x0 = x0
    self.x1 = x1
  }

  /// The number of pairs.
  public var count: Int { x0.count }
}

extension Dataset {
  /// The same target with pairs that lead to it, for the coupling `reflow`.
  public func with(_ pairs: PairTable) -> Dataset {
    precondition(pairs.x0.dimension == dimension, "the pairs have another dimension")
    var dataset = self
    dataset.pairs = pairs
    return dataset
  }
}
