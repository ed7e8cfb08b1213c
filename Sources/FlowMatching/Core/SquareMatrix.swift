#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Square matrices, row-major.
enum SquareMatrix {
  /// ln|det| of a `d×d` matrix by elimination with the largest pivot of each column.
  static func logDeterminant(_ matrix: [Double], _ d: Int) -> Double {
    var (m, sum) = (matrix, 0.0)
    for k in 0..<d {
      guard let pivot = (k..<d).max(by: { abs(m[$0 * d + k]) < abs(m[$1 * d + k]) }) else { break }
      for i in 0..<d { m.swapAt(k * d + i, pivot * d + i) }
      guard m[k * d + k] != 0 else { return -.infinity }
      sum += log(abs(m[k * d + k]))
      for row in k + 1..<max(d, k + 1) {
        let factor = m[row * d + k] / m[k * d + k]
        for i in k..<d { m[row * d + i] -= factor * m[k * d + i] }
      }
    }
    return sum
  }
}
