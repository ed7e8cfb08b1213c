#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension MixturePairs {
  /// ∫ p_t|u_t|² dx at time `t` by the trapezoidal rule on a grid over all pairs, 2-D at most.
  ///
  /// The grid ends 8.5 standard deviations beyond every mean and has `resolution` points to the
  /// smallest standard deviation: the rule converges exponentially for such analytic integrands.
  mutating func marginalEnergy(at t: Double, resolution: Double) -> Double {
    precondition(dimension <= 2, "a grid serves one or two dimensions")
    prepare(.velocity, at: t)
    let d = dimension
    var low = [Double](repeating: .infinity, count: d)
    var high = low.map { -$0 }
    var narrowest = Double.infinity
    for pair in 0..<count {
      let (least, most) = extremeVariances(pair)
      narrowest = min(narrowest, least.squareRoot())
      let reach = 8.5 * most.squareRoot()
      for i in 0..<d {
        low[i] = min(low[i], means[pair * d + i] - reach)
        high[i] = max(high[i], means[pair * d + i] + reach)
      }
    }
    let h = narrowest / resolution
    let counts = (0..<d).map { Int(min(1e9, ((high[$0] - low[$0]) / h).rounded(.up))) }
    var sum = 0.0
    for row in 0...(d == 2 ? counts[1] : 0) {
      if d == 2 { point[1] = low[1] + h * Double(row) }
      for column in 0...counts[0] {
        point[0] = low[0] + h * Double(column)
        let largest = computeExponents()
        // e⁻⁴⁰ of the density carries nothing.
        if largest < -40 { continue }
        let total = isIsotropic ? averageIsotropic(largest) : averageGeneral(largest)
        var square = 0.0
        for i in 0..<d { square += result[i] * result[i] }
        sum += square * total * exp(largest)
      }
    }
    return sum * (d == 2 ? h * h : h)
  }

  /// The smallest and the largest eigenvalue of C, for d ≤ 2.
  private func extremeVariances(_ pair: Int) -> (Double, Double) {
    if isIsotropic { return (1 / precisions[pair], 1 / precisions[pair]) }
    let l = factors[pair].factor
    if dimension == 1 { return (l[0] * l[0], l[0] * l[0]) }
    let (a, b, c) = (l[0] * l[0], l[0] * l[2], l[2] * l[2] + l[3] * l[3])
    let radius = (0.25 * (a - c) * (a - c) + b * b).squareRoot()
    return (0.5 * (a + c) - radius, 0.5 * (a + c) + radius)
  }
}
