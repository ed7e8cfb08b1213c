/// What is remarkable about the points of a file before anything is learned from them.
public struct PointSurvey: Sendable {
  /// The indices of the points that lie far off: farther from the median, in some coordinate, than
  /// `reach` times the spread of the middle half.
  public let far: [Int]
  /// The points that do not.
  public let inner: Batch
  /// How many points are the same as one before them.
  public let duplicates: Int
  /// Mean and deviation of each coordinate; nil where one does not vary.
  public let units: Standardisation?

  /// A normal distribution has one point in 10¹⁵ beyond it, a uniform none.
  static let reach = 6.0

  /// Looks at `d×n` points, n > 0.
  public init(_ points: Batch) {
    let (d, n) = (points.dimension, points.count)
    var isFar = [Bool](repeating: false, count: n)
    for i in 0..<d {
      let sorted = (0..<n).map { points[i, $0] }.sorted()
      let (low, middle, high) = (sorted[n / 4], sorted[n / 2], sorted[min(n - 1, 3 * n / 4)])
      // Half of the numbers may be one and the same: then the spread of all counts.
      let spread = high > low ? high - low : 0
      guard spread > 0 else { continue }
      for j in 0..<n where abs(points[i, j] - middle) > PointSurvey.reach * spread {
        isFar[j] = true
      }
    }
    let found = (0..<n).filter { isFar[$0] }
    // What is many is no outlier but a part of the data.
    far = found.count * 20 <= n ? found : []
    let kept = far.isEmpty ? Array(0..<n) : (0..<n).filter { !isFar[$0] }
    var inner = Batch(dimension: d, count: kept.count)
    for i in 0..<d { for (k, j) in kept.enumerated() { inner[i, k] = points[i, j] } }
    self.inner = inner
    duplicates = n - Set((0..<n).map { points.point($0) }).count
    units = Standardisation(of: points)
  }
}
