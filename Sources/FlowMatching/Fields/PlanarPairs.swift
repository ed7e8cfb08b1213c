#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Averages over isotropic pairs in the plane at one time: the sums of the general loops in their order, and so
/// the same bits, without a loop over the coordinates.
extension MixturePairs {
  /// What one pair adds.
  private struct Term {
    let mean, vector: SIMD2<Double>
    let precision, slope, constant: Double
  }

  /// As `average`, once a time was prepared.
  mutating func averageOfPlane(
    _ constants: [Double], _ x: Batch, into output: inout Batch
  ) {
    let terms = (0..<count).map { k in
      Term(
        mean: SIMD2(means[2 * k], means[2 * k + 1]),
        vector: SIMD2(vectors[2 * k], vectors[2 * k + 1]), precision: precisions[k],
        slope: slopes[k] * precisions[k], constant: constants[k])
    }
    var exponents = [Double](repeating: 0, count: count)
    let n = x.count
    for j in 0..<n {
      let place = SIMD2(x.values[j], x.values[n + j])
      var largest = -Double.infinity
      for (k, term) in terms.enumerated() {
        let square = (place - term.mean) * (place - term.mean)
        let exponent = term.constant - 0.5 * ((square.x + square.y) * term.precision)
        exponents[k] = exponent
        largest = max(largest, exponent)
      }
      let least = largest - MixturePairs.reach
      var total = 0.0
      var sum = SIMD2<Double>()
      for (k, term) in terms.enumerated() {
        if exponents[k] < least { continue }
        let weight = exp(exponents[k] - largest)
        total += weight
        sum += weight * (term.vector + term.slope * (place - term.mean))
      }
      (output.values[j], output.values[n + j]) = (sum.x / total, sum.y / total)
    }
  }
}
