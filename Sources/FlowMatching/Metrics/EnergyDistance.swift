/// The energy distance between samples, which may differ in size.
///
/// D² = 2E|X − Y| − E|X − X′| − E|Y − Y′|, 0 only for equal distributions (Székely and Rizzo,
/// J. Stat. Plan. Inference 143 (2013), eq. 5). O(n²).
public enum EnergyDistance {
  /// D of the two empirical distributions, `d×n` and `d×m`, as SciPy gives it in one dimension.
  ///
  /// Never negative, and for samples of one distribution about √(2E|X − X′|/n): see `unbiasedSquare`.
  public static func distance(_ a: Batch, _ b: Batch) -> Double {
    let sums = Sums(a, b)
    let square =
      2 * sums.between / Double(a.count * b.count) - sums.a / Double(a.count * a.count)
      - sums.b / Double(b.count * b.count)
    return square.isNaN ? .nan : max(0, square).squareRoot()
  }

  /// The unbiased estimate of D² of the distributions behind samples of two points at least; negative
  /// at times where they are equal.
  public static func unbiasedSquare(_ a: Batch, _ b: Batch) -> Double {
    precondition(a.count > 1 && b.count > 1, "an estimate without bias needs two points")
    let sums = Sums(a, b)
    return 2 * sums.between / Double(a.count * b.count)
      - sums.a / Double(a.count * (a.count - 1)) - sums.b / Double(b.count * (b.count - 1))
  }

  /// The sums of the distances over all ordered pairs; NaN where a point is not finite.
  private struct Sums {
    let a, b, between: Double

    init(_ a: Batch, _ b: Batch) {
      precondition(a.dimension == b.dimension, "both samples need the same dimension")
      precondition(a.count > 0 && b.count > 0, "a distance needs points")
      self.a = 2 * Sums.within(a)
      self.b = 2 * Sums.within(b)
      var sum = 0.0
      for j in 0..<a.count { sum += Sums.distances(a, j, b, 0..<b.count) }
      between = sum
    }

    private static func within(_ x: Batch) -> Double {
      var sum = 0.0
      for j in 0..<x.count { sum += distances(x, j, x, j + 1..<x.count) }
      return sum
    }

    private static func distances(_ a: Batch, _ j: Int, _ b: Batch, _ range: Range<Int>) -> Double {
      var sum = 0.0
      let (n, m, d) = (a.count, b.count, a.dimension)
      for k in range {
        var square = 0.0
        for i in 0..<d {
          let difference = a.values[i * n + j] - b.values[i * m + k]
          square += difference * difference
        }
        sum += square.squareRoot()
      }
      return sum
    }
  }
}
