#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A distribution q of sequences whose probabilities are all known.
public protocol TokenDistribution: Sendable {
  /// The space of its sequences.
  var space: TokenSpace { get }
  /// The letters behind the numbers; nil where they are only numbers.
  var alphabet: Alphabet? { get }
  /// H(q) = −Σ q ln q in nats.
  var entropy: Double { get }

  /// q of one sequence of L letters; 0 off the support and where a position is masked.
  func probability(of sequence: [UInt16]) -> Double

  /// `count` independent draws.
  func sample(count: Int, using random: inout Random) -> TokenSequences

  /// The exact posterior p_{1|t} of its letters along a path.
  func posterior(along path: TokenPath) -> any TokenPosterior

  /// The least losses along a path, with their error; see `TokenOptimum`.
  func optimum(along path: TokenPath, until end: Double) -> TokenOptimum
}

extension TokenDistribution {
  /// The share of sequences that q can yield: of a list, the share of real words.
  public func supportShare(of x: TokenSequences) -> Double {
    precondition(x.space == space, "the sequences are from another space")
    guard x.count > 0 else { return 0 }
    let inside = (0..<x.count).count { probability(of: x.sequence($0)) > 0 }
    return Double(inside) / Double(x.count)
  }
}
