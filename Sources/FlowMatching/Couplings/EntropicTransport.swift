import Kernels

/// Pairs drawn from the entropic optimal transport between the points of the batch, which with
/// ε = 2σ² belongs to the Schrödinger bridge of noise σ: SB-CFM (Tong et al., 2024, §3.3).
///
/// Every x₀ keeps its place and gets a partner drawn from the plan given it: ε → 0 is the exact
/// transport, ε → ∞ a draw that does not depend on x₀. Where ε is so small beside the batch's costs
/// that Sinkhorn's iteration would not end, the partners are those of the exact transport.
public struct EntropicTransport: Coupling {
  /// The plan of the last batch, with how exact it is.
  public private(set) var plan: Sinkhorn
  private var partners: [Int] = []
  private var drawn: [Double] = []

  /// The batches that were paired so far, those of them by exact transport, and the iterations of all.
  public var tally: CouplingTally? { counts }
  private var counts = CouplingTally()

  /// A coupling of regularisation ε > 0, in squared lengths.
  public init(regularisation: Double) { plan = Sinkhorn(regularisation: regularisation) }

  /// A coupling of a regularisation in squared lengths, or as a share of each batch's mean cost.
  public init(_ regularisation: Sinkhorn.Regularisation, instructionSet: InstructionSet = .best) {
    plan = Sinkhorn(regularisation, instructionSet: instructionSet)
  }

  public mutating func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random) {
    // The loss of a batch that is not finite stops training by itself.
    guard Matcher.canMatch(x0, x1) else { return }
    plan.solve(x0, x1)
    counts.batches += 1
    counts.exact += plan.isExact ? 1 : 0
    counts.iterations += plan.iterations
    let n = x1.count
    if partners.count != n { partners = [Int](repeating: 0, count: n) }
    if drawn.count != x1.values.count { drawn = x1.values }
    plan.drawPartners(into: &partners, using: &random)
    for i in 0..<n {
      for k in 0..<x1.dimension { drawn[k * n + i] = x1.values[k * n + partners[i]] }
    }
    swap(&drawn, &x1.values)
  }
}
