/// A space of sequences: L positions, each one of V letters or, where the source is one, the mask.
public struct TokenSpace: Sendable, Hashable, Codable {
  /// The number L of positions.
  public let length: Int
  /// The number V of letters; letters are 0 ..< V, and the mask is V.
  public let letters: Int

  /// A space of L ≥ 1 positions over V ≥ 2 letters, at most `mostLetters`.
  public init(length: Int, letters: Int) {
    precondition(length > 0, "a sequence needs a position")
    precondition((2...TokenSpace.mostLetters).contains(letters), "an alphabet has 2 to 256 letters")
    self.length = length
    self.letters = letters
  }

  /// The largest alphabet.
  public static let mostLetters = 256

  /// The state of a position that is still open.
  public var mask: UInt16 { UInt16(letters) }
}

/// A batch of sequences: an `L×n` matrix of small integers, one contiguous row per position.
///
/// Position `i` of sequence `j` is `values[i * count + j]`, as the coordinates of a `Batch` are.
public struct TokenSequences: Sendable, Hashable {
  /// The space they are from.
  public let space: TokenSpace
  /// The number n of sequences.
  public let count: Int
  /// The L·n letters, position after position; V is the mask.
  public var values: [UInt16]

  /// `count` sequences of which every position has the same letter, the mask unless given.
  public init(space: TokenSpace, count: Int, repeating letter: UInt16? = nil) {
    precondition(count >= 0, "a batch has no fewer than 0 sequences")
    precondition((letter ?? 0) <= space.mask, "no such letter")
    self.space = space
    self.count = count
    values = [UInt16](repeating: letter ?? space.mask, count: space.length * count)
  }

  /// The given sequences, each of L letters.
  public init(space: TokenSpace, sequences: [[UInt16]]) {
    self.init(space: space, count: sequences.count)
    for (j, sequence) in sequences.enumerated() {
      precondition(sequence.count == space.length, "every sequence has L letters")
      for (i, letter) in sequence.enumerated() {
        precondition(letter <= space.mask, "no such letter")
        values[i * count + j] = letter
      }
    }
  }

  /// Position `position` of sequence `sequence`.
  public subscript(position: Int, sequence: Int) -> UInt16 {
    get { values[position * count + sequence] }
    set { values[position * count + sequence] = newValue }
  }

  /// The letters of one sequence.
  public func sequence(_ index: Int) -> [UInt16] {
    (0..<space.length).map { self[$0, index] }
  }

  /// The sequences of a range as a batch of their own.
  public func sequences(_ range: Range<Int>) -> TokenSequences {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the batch")
    if range == 0..<count { return self }
    var part = TokenSequences(space: space, count: range.count)
    for i in 0..<space.length {
      for k in 0..<part.count {
        part.values[i * part.count + k] = values[i * count + range.lowerBound + k]
      }
    }
    return part
  }
}
