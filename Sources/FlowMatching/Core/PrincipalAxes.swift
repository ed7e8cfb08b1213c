/// The directions along which points vary most: the eigenvectors of their covariance, by falling variance
/// (Pearson, 1901).
public struct PrincipalAxes: Sendable, Hashable {
  /// The mean of the points.
  public let mean: [Double]
  /// The directions, `d` orthonormal vectors; the largest entry of each is positive.
  public let directions: [[Double]]
  /// The variance along each, falling; not negative.
  public let variances: [Double]
  /// The variance along each coordinate.
  public let coordinateVariances: [Double]

  /// Of `d×n` points, n ≥ 1.
  public init(of points: Batch) {
    precondition(points.count > 0, "no points have no axes")
    let (d, n) = (points.dimension, points.count)
    var offsets = points
    var mean = [Double](repeating: 0, count: d)
    for i in 0..<d {
      for j in 0..<n { mean[i] += points[i, j] / Double(n) }
      for j in 0..<n { offsets[i, j] -= mean[i] }
    }
    var covariance = [Double](repeating: 0, count: d * d)
    for i in 0..<d {
      for k in 0...i {
        var sum = 0.0
        for j in 0..<n { sum += offsets.values[i * n + j] * offsets.values[k * n + j] }
        covariance[i * d + k] = sum / Double(n)
        covariance[k * d + i] = sum / Double(n)
      }
    }
    let found = SymmetricMatrix.eigenvectors(of: covariance, dimension: d)
    let order = (0..<d).sorted { found.values[$0] > found.values[$1] }
    self.mean = mean
    variances = order.map { max(0, found.values[$0]) }
    directions = order.map { k in
      let vector = (0..<d).map { found.vectors[$0 * d + k] }
      let largest = vector.max { abs($0) < abs($1) } ?? 1
      return largest < 0 ? vector.map { -$0 } : vector
    }
    coordinateVariances = (0..<d).map { covariance[$0 * (d + 1)] }
  }

  /// The share of all variance that lies along an axis; the same for all where nothing varies.
  public func share(ofAxis index: Int) -> Double { share(variances[index]) }

  /// The share that lies along a coordinate.
  public func share(ofCoordinate index: Int) -> Double { share(coordinateVariances[index]) }

  private func share(_ variance: Double) -> Double {
    let total = variances.reduce(0, +)
    return total > 0 ? variance / total : 1 / Double(variances.count)
  }
}

/// Symmetric matrices, row-major.
enum SymmetricMatrix {
  /// Eigenvalues, and eigenvectors as the columns of a `d×d` matrix, by Jacobi's rotations (Golub and Van
  /// Loan, 2013, §8.5): quadratic convergence, orthogonal to rounding.
  static func eigenvectors(
    of matrix: [Double], dimension d: Int
  ) -> (values: [Double], vectors: [Double]) {
    // Squares of small numbers would be none.
    let size = matrix.reduce(0) { max($0, abs($1)) }
    var a = size > 0 ? matrix.map { $0 / size } : matrix
    var v = [Double](repeating: 0, count: d * d)
    for i in 0..<d { v[i * (d + 1)] = 1 }
    let scale = a.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<64 {
      var off = 0.0
      for i in 0..<d { for j in 0..<i { off += a[i * d + j] * a[i * d + j] } }
      if off <= 1e-30 * scale { break }
      for p in 0..<d {
        for q in (p + 1)..<d where a[p * d + q] != 0 {
          rotate(&a, &v, p, q, d)
        }
      }
    }
    return ((0..<d).map { size * a[$0 * (d + 1)] }, v)
  }

  /// Makes the entry (p, q) 0.
  private static func rotate(
    _ a: inout [Double], _ v: inout [Double], _ p: Int, _ q: Int, _ d: Int
  ) {
    let theta = (a[q * (d + 1)] - a[p * (d + 1)]) / (2 * a[p * d + q])
    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<d {
      let (x, y) = (a[k * d + p], a[k * d + q])
      (a[k * d + p], a[k * d + q]) = (c * x - s * y, s * x + c * y)
    }
    for k in 0..<d {
      let (x, y) = (a[p * d + k], a[q * d + k])
      (a[p * d + k], a[q * d + k]) = (c * x - s * y, s * x + c * y)
    }
    for k in 0..<d {
      let (x, y) = (v[k * d + p], v[k * d + q])
      (v[k * d + p], v[k * d + q]) = (c * x - s * y, s * x + c * y)
    }
  }
}
