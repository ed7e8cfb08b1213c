#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How uncertain a combination of the ends is, given X_t = x: the least squared error at x.
extension MixturePairs {
  /// tr Cov(Y | X_t = x) of Y = pX₁ + qX₀ + rε for every point of the `d×n` batch, summed; the
  /// coefficients are the path's at t.
  ///
  /// Given a pair, Y is normal around g with a covariance of its own: Σ r(tr Cov + |g − ḡ|²).
  mutating func variance(of y: Regressed, _ x: Batch, at c: PathCoefficients) -> Double {
    precondition(x.dimension == dimension, "the points have another dimension")
    prepare(Average(y, c), at: c)
    for pair in 0..<count { traces[pair] = ownVariance(pair, of: y, at: c) }
    var sum = 0.0
    for j in 0..<x.count {
      for i in 0..<dimension { point[i] = x.values[i * x.count + j] }
      let largest = computeExponents()
      // As seen from the likeliest pair, so that no digits cancel.
      let likeliest = exponents.firstIndex(of: largest) ?? 0
      solve(likeliest)
      for i in 0..<dimension { probe[i] = slope(i, of: likeliest) }
      for i in 0..<dimension { result[i] = 0 }
      var (total, squares) = (0.0, 0.0)
      for pair in 0..<count where exponents[pair] >= largest - MixturePairs.reach {
        let weight = exp(exponents[pair] - largest)
        solve(pair)
        var square = traces[pair]
        for i in 0..<dimension {
          let difference = slope(i, of: pair) - probe[i]
          result[i] += weight * difference
          square += difference * difference
        }
        total += weight
        squares += weight * square
      }
      sum += squares / total
      for i in 0..<dimension { sum -= result[i] / total * (result[i] / total) }
    }
    return sum
  }

  /// tr Cov(Y | X_t, pair), the same for every x.
  private mutating func ownVariance(
    _ pair: Int, of y: Regressed, at c: PathCoefficients
  ) -> Double {
    let d = dimension
    let (i, j) = (pair / target.weights.count, pair % target.weights.count)
    if isIsotropic {
      let (a, b) = (source.flatVariances[i], target.flatVariances[j])
      let ends = y.target * c.sigma - y.source * c.alpha
      let data = y.target * c.noise - y.noise * c.alpha
      let noise = y.source * c.noise - y.noise * c.sigma
      // Lagrange's identity: nothing cancels.
      return Double(d) * precisions[pair]
        * (a * b * ends * ends + b * data * data + a * noise * noise)
    }
    var sum = 0.0
    for k in 0..<d {
      for l in 0..<d { offset[l] = matrices[(pair * d + l) * d + k] }
      factors[pair].solveForward(&offset)
      sum +=
        y.target * y.target * target.covariances[j][k * (d + 1)]
        + y.source * y.source * source.covariances[i][k * (d + 1)] + y.noise * y.noise
      for l in 0..<d { sum -= offset[l] * offset[l] }
    }
    return max(0, sum)
  }
}

extension Average {
  /// The mean of Y = pX₁ + qX₀ + rε.
  init(_ y: Regressed, _ c: PathCoefficients) {
    (mu, nu) = (y.source, y.target)
    (a, b, identity) = (y.source * c.sigma, y.target * c.alpha, y.noise * c.noise)
  }
}
