/// How the ends of a training batch are paired: an algorithm that turns independent draws into
/// draws of a joint distribution with the same marginals.
///
/// The choices that experiments name are those of `CouplingChoice`.
public protocol Coupling: Sendable {
  /// Pairs point `j` of `x0` with point `j` of `x1`, in place; both are `d×n` and hold independent
  /// draws of the source and of the target.
  ///
  /// Mutating because a coupling owns its scratch memory: nothing is allocated from the second
  /// batch of a size on. What it draws comes from `random`; nothing that changes a result is carried
  /// from one batch to the next, so a run can be resumed.
  mutating func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random)

  /// What it has cost so far; nil for couplings that always do what their name says.
  var tally: CouplingTally? { get }
}

extension Coupling {
  public var tally: CouplingTally? { nil }
}

/// The exact optimal transport between the points of the batch: OT-CFM (Tong et al., 2024, §3.2;
/// Pooladian et al., 2023).
///
/// x₁ is permuted so that Σ|x₀ − x₁|² is least: every point is used once, where a draw from the plan
/// would use some twice and some never.
public struct MinibatchOptimalTransport: Coupling {
  private var matcher: Matcher
  private var sorted: [Double] = []

  /// A coupling whose assignments run on the given instruction set, which must be available.
  public init(instructionSet: InstructionSet = .best) {
    matcher = Matcher(instructionSet: instructionSet)
  }

  public mutating func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random) {
    // A matcher refuses what is not finite; the loss of such a batch stops training by itself.
    guard Matcher.canMatch(x0, x1) else { return }
    // The last batch's potential saves time only: the cheapest matching is the same from anywhere.
    matcher.matchNext(x0, x1)
    if sorted.count != x1.values.count { sorted = x1.values }
    let n = x1.count
    for i in 0..<n {
      let j = matcher.permutation[i]
      for k in 0..<x1.dimension { sorted[k * n + i] = x1.values[k * n + j] }
    }
    swap(&sorted, &x1.values)
  }
}
