/// What is known of the data's letters, given the letters at a time: p_{1|t}(x₁^i = v | x).
public protocol TokenPosterior: Sendable {
  /// The space of the sequences.
  var space: TokenSpace { get }

  /// Writes the probabilities of every sequence, at its time.
  ///
  /// Where no sequence of the data can have led to x, a set letter is kept with certainty and the
  /// sequence is marked as impossible; what is said of an open letter there is the posterior's choice.
  mutating func evaluate(_ x: TokenSequences, at t: Times, into p: inout TokenProbabilities)
}

/// Probabilities of V letters at L positions of n sequences.
public struct TokenProbabilities: Sendable, Hashable {
  /// The space of the sequences.
  public let space: TokenSpace
  /// n.
  public let count: Int
  /// n·L·V values, of sequence 0 first, of its position 0 first.
  public var values: [Double]
  /// Which sequences no data can have led to; a network marks none.
  public var isImpossible: [Bool]

  /// All 0.
  public init(space: TokenSpace, count: Int) {
    self.space = space
    self.count = count
    values = [Double](repeating: 0, count: count * space.length * space.letters)
    isImpossible = [Bool](repeating: false, count: count)
  }

  /// Where the V values of a position begin.
  public func offset(_ position: Int, _ sequence: Int) -> Int {
    (sequence * space.length + position) * space.letters
  }

  /// The probability of a letter at a position of a sequence.
  public subscript(letter: Int, position: Int, sequence: Int) -> Double {
    get { values[offset(position, sequence) + letter] }
    set { values[offset(position, sequence) + letter] = newValue }
  }

  /// The probabilities of all letters at a position.
  public func letters(_ position: Int, _ sequence: Int) -> ArraySlice<Double> {
    let start = offset(position, sequence)
    return values[start..<start + space.letters]
  }

  mutating func clear() {
    for k in values.indices { values[k] = 0 }
    for j in isImpossible.indices { isImpossible[j] = false }
  }
}

extension TokenPosterior {
  /// The probabilities in memory of their own: for checks, not for loops that hurry.
  public func probabilities(_ x: TokenSequences, at t: Double) -> TokenProbabilities {
    var (posterior, p) = (self, TokenProbabilities(space: space, count: x.count))
    posterior.evaluate(x, at: .shared(t), into: &p)
    return p
  }
}
