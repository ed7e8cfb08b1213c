#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The uniform distribution on the dark fields of a checkerboard of letters: 2 positions, V letters.
///
/// 4×4 squares of side V/4; the pair (a, b) is dark where ⌊4a/V⌋ + ⌊4b/V⌋ is even, so half of the V²
/// pairs are, and H = 2 ln V − ln 2. Both letters are uniform by themselves. V = 128 is the example of
/// Gat et al. (2024).
public struct TokensCheckerboard: TokenDistribution, Hashable {
  public let space: TokenSpace

  /// A board of V letters; nil unless V is a multiple of 4 from 8 to 256.
  public init?(letters: Int = 128) {
    guard (8...TokenSpace.mostLetters).contains(letters), letters % 4 == 0 else { return nil }
    space = TokenSpace(length: 2, letters: letters)
  }

  public var alphabet: Alphabet? { nil }

  /// 2 ln V − ln 2.
  public var entropy: Double { 2 * log(Double(space.letters)) - log(2) }

  /// V²/2.
  public var supportCount: Int { space.letters * space.letters / 2 }

  /// Whether a pair of letters is dark.
  public func isDark(_ a: UInt16, _ b: UInt16) -> Bool {
    let side = space.letters / 4
    return (Int(a) / side + Int(b) / side) % 2 == 0
  }

  /// 2/V² on the dark fields.
  public func probability(of sequence: [UInt16]) -> Double {
    precondition(sequence.count == 2, "the board has two positions")
    guard sequence.allSatisfy({ $0 < space.mask }), isDark(sequence[0], sequence[1]) else {
      return 0
    }
    return 2 / Double(space.letters * space.letters)
  }

  public func sample(count: Int, using random: inout Random) -> TokenSequences {
    var x = TokenSequences(space: space, count: count)
    let side = space.letters / 4
    for j in 0..<count {
      let a = random.integer(below: space.letters)
      let within = random.integer(below: 2 * side)
      // The dark squares of a column: the first and the third, or one further.
      let square = 2 * (within / side) + (a / side) % 2
      x[0, j] = UInt16(a)
      x[1, j] = UInt16(square * side + within % side)
    }
    return x
  }
}
