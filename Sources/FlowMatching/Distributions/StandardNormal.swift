#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard normal distribution N(0, I), the source of every default flow.
public struct StandardNormal: DensityDistribution, Hashable {
  public let dimension: Int

  /// N(0, I) in `dimension` ≥ 1 dimensions.
  public init(dimension: Int) {
    precondition(dimension > 0, "a distribution needs at least one dimension")
    self.dimension = dimension
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == dimension, "the batch has another dimension")
    random.fillNormals(&points.values)
  }

  /// log p(x) = −½|x|² − (d/2) ln 2π.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == dimension, "the batch has another dimension")
    let n = points.count
    var result = [Double](repeating: -0.5 * Double(dimension) * log(2 * .pi), count: n)
    for i in 0..<dimension {
      for j in 0..<n { result[j] -= 0.5 * points.values[i * n + j] * points.values[i * n + j] }
    }
    return result
  }
}
