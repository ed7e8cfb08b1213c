/// Pairs drawn from the entropic optimal transport between the points of the batch, which with
/// ε = 2σ² belongs to the Schrödinger bridge of noise σ: SB-CFM (Tong et al., 2024, §3.3).
///
/// Every x₀ keeps its place and gets a partner drawn from the plan given it: ε → 0 is the exact
/// transport, ε → ∞ a draw that does not depend on x₀.
public struct EntropicTransport: Coupling {
  /// The plan of the last batch, with how exact it is.
  public private(set) var plan: Sinkhorn
  private var partners: [Int] = []
  private var drawn: [Double] = []

  /// A coupling of regularisation ε > 0, in squared lengths.
  public init(regularisation: Double) { plan = Sinkhorn(regularisation: regularisation) }

  public mutating func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random) {
    // The loss of a batch that is not finite stops training by itself.
    guard x0.isFinite && x1.isFinite else { return }
    plan.solve(x0, x1)
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
