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

  /// Whether pairs are a function of the points alone, so that nothing is drawn and batches can be paired side
  /// by side.
  var drawsNothing: Bool { get }
}

extension Coupling {
  public var tally: CouplingTally? { nil }
  public var drawsNothing: Bool { false }
}

/// The exact optimal transport between the points of the batch: OT-CFM (Tong et al., 2024, §3.2;
/// Pooladian et al., 2023).
///
/// x₁ is permuted so that Σ|x₀ − x₁|² is least: every point is used once, where a draw from the plan
/// would use some twice and some never.
public struct MinibatchOptimalTransport: Coupling {
  private var matcher: Matcher
  private var sorted: [Double] = []
  private let potential: TransportPotential?

  public var drawsNothing: Bool { true }

  /// A coupling whose assignments run on the given instruction set, which must be available, and start from
  /// `potential`. That saves time; and since every batch starts from the same one, a batch in which several
  /// matchings are cheapest gets the same of them whatever was matched before.
  public init(instructionSet: InstructionSet = .best, after potential: TransportPotential? = nil) {
    matcher = Matcher(instructionSet: instructionSet)
    self.potential = potential
  }

  public mutating func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random) {
    // A matcher refuses what is not finite; the loss of such a batch stops training by itself.
    guard Matcher.canMatch(x0, x1) else { return }
    if let potential { matcher.match(x0, x1, after: potential) } else { matcher.match(x0, x1) }
    if sorted.count != x1.values.count { sorted = x1.values }
    let n = x1.count
    for i in 0..<n {
      let j = matcher.permutation[i]
      for k in 0..<x1.dimension { sorted[k * n + i] = x1.values[k * n + j] }
    }
    swap(&sorted, &x1.values)
  }
}
