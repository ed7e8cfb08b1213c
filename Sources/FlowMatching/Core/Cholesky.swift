#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The factor L of a symmetric positive definite matrix, A = LLᵀ, for the small matrices of
/// mixture components.
struct Cholesky: Sendable, Hashable {
  /// The dimension `d`.
  let dimension: Int
  /// L, row-major `d×d`, zero above the diagonal.
  private(set) var factor: [Double]

  /// The factor of `matrix` (row-major `d×d`), or nil where it is not positive definite.
  init?(_ matrix: [Double], dimension d: Int) {
    precondition(matrix.count == d * d, "a matrix needs d×d entries")
    dimension = d
    factor = [Double](repeating: 0, count: d * d)
    guard refactor(matrix) else { return nil }
  }

  /// Factors another matrix of the same size, which begins at `start`; false where it is not
  /// positive definite.
  mutating func refactor(_ matrix: [Double], from start: Int = 0) -> Bool {
    let d = dimension
    for i in 0..<d {
      for j in 0...i {
        var sum = matrix[start + i * d + j]
        for k in 0..<j { sum -= factor[i * d + k] * factor[j * d + k] }
        if i == j {
          guard sum > 0, sum.isFinite else { return false }
          factor[i * d + i] = sum.squareRoot()
        } else {
          factor[i * d + j] = sum / factor[j * d + j]
        }
      }
    }
    return true
  }

  /// The logarithm of det A.
  var logDeterminant: Double {
    var sum = 0.0
    for i in 0..<dimension { sum += log(factor[i * dimension + i]) }
    return 2 * sum
  }

  /// Overwrites `vector` with z = L⁻¹v, so that |z|² = vᵀA⁻¹v.
  func solveForward(_ vector: inout [Double]) {
    let d = dimension
    for i in 0..<d {
      var sum = vector[i]
      for k in 0..<i { sum -= factor[i * d + k] * vector[k] }
      vector[i] = sum / factor[i * d + i]
    }
  }

  /// Overwrites `vector` with L⁻ᵀz; after `solveForward` this is A⁻¹v.
  func solveBackward(_ vector: inout [Double]) {
    let d = dimension
    for i in stride(from: d - 1, through: 0, by: -1) {
      var sum = vector[i]
      for k in (i + 1)..<d { sum -= factor[k * d + i] * vector[k] }
      vector[i] = sum / factor[i * d + i]
    }
  }
}
