/// The optimal transport from N(0, I) to a finite target, learned once: every x₀ goes to the point of its
/// Laguerre cell, whatever else is in the batch, so that small batches cost no more than large ones.
public struct SemidiscreteTransport: Coupling {
  /// The cells.
  public let cells: LaguerreCells
  private var own: [Int] = []
  private var scores: [Double] = []

  public var drawsNothing: Bool { true }

  /// A coupling by learned cells.
  public init(_ cells: LaguerreCells) { self.cells = cells }

  public mutating func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random) {
    // The loss of a batch that is not finite stops training by itself.
    guard x0.isFinite else { return }
    cells.assign(x0, into: &own, &scores)
    let n = cells.count
    for k in 0..<x1.dimension {
      for (j, cell) in own.enumerated() {
        x1.values[k * own.count + j] = cells.target.points.values[k * n + cell]
      }
    }
  }
}

extension Dataset {
  /// The same target with a transport that was learned for it, for the coupling `semidiscrete`.
  public func with(_ plan: SemidiscretePlan) -> Dataset {
    precondition(plan.cells.dimension == dimension, "the transport is of another dimension")
    var dataset = self
    dataset.semidiscrete = plan
    return dataset
  }
}
