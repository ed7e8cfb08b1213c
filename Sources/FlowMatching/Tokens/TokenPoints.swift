/// Sequences as points: coordinate i is the number of letter i, V where it is open.
extension TokenSequences {
  /// The sequences of an `L×n` batch, whose values must be letters or the mask.
  public init(space: TokenSpace, points: Batch) {
    precondition(points.dimension == space.length, "the points have another length")
    self.init(space: space, count: points.count)
    for k in points.values.indices {
      let letter = UInt16(exactly: points.values[k]) ?? .max
      precondition(letter <= space.mask, "no such letter")
      values[k] = letter
    }
  }

  /// The sequences as an `L×n` batch.
  public var points: Batch { Batch(dimension: space.length, values: values.map(Double.init)) }
}

/// A distribution of sequences as one of points, see `TokenSequences.points`.
public struct TokenPoints: Distribution {
  /// The sequences.
  public let tokens: any TokenDistribution

  /// Those of a distribution.
  public init(_ tokens: any TokenDistribution) { self.tokens = tokens }

  public var dimension: Int { tokens.space.length }

  public func sample(into points: inout Batch, using random: inout Random) {
    points = tokens.sample(count: points.count, using: &random).points
  }
}

/// Where sequences start on a path, as points.
public struct TokenStart: Distribution {
  /// The space of the sequences.
  public let space: TokenSpace
  /// The path.
  public let path: TokenPath

  /// The start of a path in a space.
  public init(_ space: TokenSpace, along path: TokenPath) {
    self.space = space
    self.path = path
  }

  public var dimension: Int { space.length }

  public func sample(into points: inout Batch, using random: inout Random) {
    points = path.start(space, count: points.count, using: &random).points
  }
}
