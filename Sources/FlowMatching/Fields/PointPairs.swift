#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Averages over single points in the plane, all equally likely, from one isotropic Gaussian.
///
/// Every pair has the covariance C = σ²a + γ², so that all depends on E[X₁|x] = Σ r ν_j alone: a file
/// of 100 000 points needs no table of pairs at each time.
extension MixturePairs {
  /// Whether the pairs are such.
  var isOfPoints: Bool {
    dimension == 2 && target.hasAtoms && isIsotropic && source.weights.count == 1
  }

  /// As `average`.
  mutating func averageOfPoints(
    _ quantity: Quantity, _ x: Batch, at t: Times, into output: inout Batch
  ) {
    let n = x.count
    let mu = SIMD2(source.flatMeans[0], source.flatMeans[1])
    for j in 0..<n {
      let c = path.coefficients(at: MixturePairs.time(t[j], isSingular: isSingular))
      let q = Average(quantity, c)
      let variance = c.sigma * c.sigma * source.flatVariances[0] + c.noise * c.noise
      let place = SIMD2(x.values[j], x.values[n + j]) - c.sigma * mu
      let nu = expectedPoint(place, share: c.alpha, variance: variance)
      let slope = (q.a * source.flatVariances[0] + q.identity) / variance
      let result = q.mu * mu + q.nu * nu + slope * (place - c.alpha * nu)
      (output.values[j], output.values[n + j]) = (result.x, result.y)
    }
  }

  /// Σ r ν with r ∝ exp(−|place − αν|²/2C).
  private mutating func expectedPoint(
    _ place: SIMD2<Double>, share alpha: Double, variance: Double
  ) -> SIMD2<Double> {
    var least = Double.infinity
    for k in 0..<count {
      let (dx, dy) = (
        place.x - alpha * target.flatMeans[2 * k], place.y - alpha * target.flatMeans[2 * k + 1]
      )
      let square = dx * dx + dy * dy
      exponents[k] = square
      least = min(least, square)
    }
    let reach = least + 2 * MixturePairs.reach * variance
    var total = 0.0
    var sum = SIMD2<Double>()
    for k in 0..<count where exponents[k] <= reach {
      let weight = exp((least - exponents[k]) / (2 * variance))
      total += weight
      sum += weight * SIMD2(target.flatMeans[2 * k], target.flatMeans[2 * k + 1])
    }
    return sum / total
  }
}
