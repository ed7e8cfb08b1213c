/// The distance that two fresh samples of one distribution have for their finite size alone.
public struct NoiseFloor: Sendable, Hashable {
  /// The mean over the pairs of samples.
  public let mean: Double
  /// Their standard deviation.
  public let deviation: Double

  /// The floor from the distances of at least two pairs of samples.
  public init(_ distances: [Double]) {
    precondition(distances.count > 1, "a deviation needs two pairs")
    let mean = distances.reduce(0, +) / Double(distances.count)
    let squares = distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = (squares / Double(distances.count - 1)).squareRoot()
  }
}

/// The 2-Wasserstein distance between samples.
public enum Wasserstein {
  /// W₂ = √(min over matchings of the mean squared distance) of two samples of equal size.
  ///
  /// 0 for empty samples; NaN where a point or its square is not finite, so that a model that diverged has no
  /// distance rather than none at all. In a curved space distances are along it.
  public static func w2(
    _ a: Batch, _ b: Batch, on space: (any Space)? = nil, instructionSet: InstructionSet = .best
  ) -> Double {
    precondition(a.hasShape(of: b), "W₂ needs samples of equal shape")
    if let space {
      guard a.isFinite, b.isFinite else { return .nan }
      var transport = GeodesicTransport(on: space)
      return transport.meanSquare(a, b).squareRoot()
    }
    guard Matcher.canMatch(a, b) else { return .nan }
    if a.count == 0 { return 0 }
    let assignment = OptimalTransport.assignment(from: a, to: b, instructionSet: instructionSet)
    return (assignment.cost / Double(a.count)).squareRoot()
  }

  /// W₂ between fresh samples of the distribution: mean and standard deviation over pairs.
  ///
  /// `count` points a sample, at least two `pairs` of samples.
  public static func noiseFloor(
    of distribution: any Distribution, on space: (any Space)? = nil, count: Int, pairs: Int = 8,
    using random: inout Random,
    progress: (Double) -> Void = { _ in }
  ) -> NoiseFloor {
    NoiseFloor(
      (0..<pairs).map { index in
        progress(Double(index) / Double(pairs))
        return freshPair(of: distribution, on: space, count: count, using: &random)
      })
  }

  /// W₂ between two fresh samples of `count` points each: one term of the noise floor.
  public static func freshPair(
    of distribution: any Distribution, on space: (any Space)? = nil, count: Int,
    using random: inout Random, instructionSet: InstructionSet = .best
  ) -> Double {
    let a = distribution.sample(count: count, using: &random)
    let b = distribution.sample(count: count, using: &random)
    return w2(a, b, on: space, instructionSet: instructionSet)
  }
}
