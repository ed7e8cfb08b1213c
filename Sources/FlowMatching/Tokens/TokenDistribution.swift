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

  /// How many sequences q can yield.
  var supportCount: Int { get }

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

  /// ½Σ|c/n − q| over all sequences, c being how often each of n sequences is there.
  public func totalVariation(of x: TokenSequences) -> Double {
    precondition(x.space == space && x.count > 0, "sequences of the same space")
    var counts: [[UInt16]: Int] = [:]
    for j in 0..<x.count { counts[x.sequence(j), default: 0] += 1 }
    // Those that are not there have all of q that the others leave.
    let terms = counts.map { sequence, count in
      let q = probability(of: sequence)
      return abs(Double(count) / Double(x.count) - q) - q
    }
    return 0.5 * (1 + terms.sorted().reduce(0, +))
  }

  /// The same of as many fresh draws of q: what sampling alone makes of it, averaged over a few.
  public func totalVariationFloor(count: Int, using random: inout Random) -> Estimate {
    Estimate(of: (0..<8).map { _ in totalVariation(of: sample(count: count, using: &random)) })
  }
}
