/// z = (x − mean)/deviation, each coordinate by itself: points in units of their own spread.
public struct Standardisation: Sendable, Hashable {
  /// The mean of every coordinate.
  public let means: [Double]
  /// The standard deviation of every coordinate, 1/n; positive.
  public let deviations: [Double]

  /// That of given numbers; nil where they are not as many, not finite or no deviations.
  public init?(means: [Double], deviations: [Double]) {
    guard means.count == deviations.count, !means.isEmpty, means.allSatisfy(\.isFinite),
      deviations.allSatisfy({ $0.isFinite && $0 > 0 })
    else { return nil }
    self.means = means
    self.deviations = deviations
  }

  /// That of `d×n` points; nil where a coordinate does not vary.
  public init?(of points: Batch) {
    let n = Double(points.count)
    var (means, deviations) = ([Double](), [Double]())
    for i in 0..<points.dimension {
      // In units of the greatest: the squares of 1e300 are no numbers, those of 1e-300 are 0.
      let unit = (0..<points.count).reduce(0) { max($0, abs(points[i, $1])) }
      guard unit > 0 else { return nil }
      let mean = (0..<points.count).reduce(0) { $0 + points[i, $1] / unit / n }
      let variance = (0..<points.count).reduce(0) {
        let difference = points[i, $1] / unit - mean
        return $0 + difference * difference / n
      }
      means.append(mean * unit)
      deviations.append(variance.squareRoot() * unit)
    }
    // What is left of equal numbers after rounding is no deviation.
    guard zip(means, deviations).allSatisfy({ $1 > 1e-12 * abs($0) }) else { return nil }
    self.init(means: means, deviations: deviations)
  }

  /// z of `d×n` points x.
  public func applied(to points: Batch) -> Batch {
    var result = points
    for i in 0..<points.dimension {
      // Apart where the difference itself would overflow.
      let isHuge = max(abs(means[i]), deviations[i]) > 1e290
      for j in 0..<points.count {
        result[i, j] =
          isHuge
          ? points[i, j] / deviations[i] - means[i] / deviations[i]
          : (points[i, j] - means[i]) / deviations[i]
      }
    }
    return result
  }

  /// x of `d×n` points z.
  public func restored(_ points: Batch) -> Batch {
    var result = points
    for i in 0..<points.dimension {
      for j in 0..<points.count { result[i, j] = means[i] + deviations[i] * points[i, j] }
    }
    return result
  }
}
