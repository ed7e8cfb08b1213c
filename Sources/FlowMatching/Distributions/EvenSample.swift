#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension GaussianMixture {
  /// Points of the plane that each are a draw, and together lie evenly: as many of a component as belong to it,
  /// and within it along a randomly shifted Kronecker sequence of Roberts' numbers (2018), by Box and Muller.
  ///
  /// Whoever averages over them has a far smaller error than of independent draws, and the same mean.
  public func evenSample(count n: Int, using random: inout Random) -> Batch {
    precondition(dimension == 2, "points that lie evenly are of the plane")
    // The root of g³ = g + 1.
    let g = 1.324717957244746
    let (first, second) = (1 / g, 1 / (g * g))
    let shift = (random.uniform(), random.uniform())
    let offset = random.uniform()
    var points = Batch(dimension: 2, count: n)
    var (k, reached) = (0, weights[0])
    for j in 0..<n {
      let place = (Double(j) + offset) / Double(n)
      while place >= reached, k + 1 < weights.count {
        k += 1
        reached += weights[k]
      }
      let step = Double(j + 1)
      let u = (shift.0 + step * first).truncatingRemainder(dividingBy: 1)
      let v = (shift.1 + step * second).truncatingRemainder(dividingBy: 1)
      let radius = (-2 * log(max(0x1p-53, u))).squareRoot()
      let (x, y) = (radius * cos(2 * .pi * v), radius * sin(2 * .pi * v))
      if let deviations {
        points.values[j] = means[k][0] + deviations[k] * x
        points.values[n + j] = means[k][1] + deviations[k] * y
      } else {
        let factor = factors[k].factor
        points.values[j] = means[k][0] + factor[0] * x
        points.values[n + j] = means[k][1] + factor[2] * x + factor[3] * y
      }
    }
    return points
  }
}
