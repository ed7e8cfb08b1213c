/// What it costs to carry a source to a target, as mean squared distances.
public enum TransportCosts {
  /// E|X₁ − X₀|² of independent pairs: the squared distance of the means and the variances of both ends, so
  /// that no large numbers are subtracted wherever they lie.
  public static func independent(from source: GaussianMixture, to target: GaussianMixture) -> Double
  {
    between(source.mean, target.mean) + source.totalVariance + target.totalVariance
  }

  /// W₂², the least of all pairings, of two isotropic Gaussians, |μ − ν|² + d(s − a)²; nil of others.
  public static func leastExactly(
    from source: GaussianMixture, to target: GaussianMixture
  ) -> Double? {
    guard source.weights.count == 1, target.weights.count == 1, let a = source.deviations?[0],
      let s = target.deviations?[0]
    else { return nil }
    return between(source.means[0], target.means[0]) + Double(source.dimension) * (s - a) * (s - a)
  }

  /// W₂² of two samples of `count` points of the plane: in the mean never less than that of the mixtures, since
  /// W₂² is convex in both of them, and little more, since the points lie evenly, see `evenSample`.
  public static func leastOfSamples(
    from source: GaussianMixture, to target: GaussianMixture, count: Int,
    using random: inout Random, instructionSet: InstructionSet = .best
  ) -> Double {
    let a = source.evenSample(count: count, using: &random)
    let b = target.evenSample(count: count, using: &random)
    let distance = Wasserstein.w2(a, b, instructionSet: instructionSet)
    return distance * distance
  }

  private static func between(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
  }
}

extension GaussianMixture {
  /// E|X − E X|².
  public var totalVariance: Double {
    let middle = mean
    return weights.indices.reduce(0) { sum, k in
      let around = (0..<dimension).reduce(0.0) { square, i in
        let difference = means[k][i] - middle[i]
        return square + difference * difference + covariances[k][i * (dimension + 1)]
      }
      return sum + weights[k] * around
    }
  }
}
