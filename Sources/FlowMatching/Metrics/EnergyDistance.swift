/// The energy distance between samples, which may differ in size.
///
/// D² = 2E|X − Y| − E|X − X′| − E|Y − Y′|, 0 only for equal distributions (Székely and Rizzo,
/// J. Stat. Plan. Inference 143 (2013), eq. 5). O(n²).
public enum EnergyDistance {
  /// D of the two empirical distributions, `d×n` and `d×m`, as SciPy gives it in one dimension.
  ///
  /// Never negative, and for samples of one distribution about √(2E|X − X′|/n): see `unbiasedSquare`.
  public static func distance(_ a: Batch, _ b: Batch) -> Double { Sums(a, b).distance }

  /// D with the standard error of the two-sample jackknife: each point is left out in turn.
  ///
  /// Of samples of one distribution D² is degenerate, and the jackknife's error too large, by up to a
  /// half; elsewhere it is that of the first order (Arvesen, Ann. Math. Statist. 40 (1969), thm. 6).
  /// Two points at least in each.
  public static func estimate(_ a: Batch, _ b: Batch) -> Estimate {
    precondition(a.count > 1 && b.count > 1, "a jackknife needs two points")
    let sums = Sums(a, b)
    func variance(_ values: [Double]) -> Double {
      let n = Double(values.count)
      let error = Estimate(of: values).standardError
      return (n - 1) * (n - 1) * error * error
    }
    let variances =
      variance((0..<a.count).map { sums.distance(withoutA: $0) })
      + variance((0..<b.count).map { sums.distance(withoutB: $0) })
    return Estimate(mean: sums.distance, standardError: variances.squareRoot())
  }

  /// The unbiased estimate of D² of the distributions behind samples of two points at least; negative
  /// at times where they are equal.
  public static func unbiasedSquare(_ a: Batch, _ b: Batch) -> Double {
    precondition(a.count > 1 && b.count > 1, "an estimate without bias needs two points")
    let sums = Sums(a, b)
    return 2 * sums.between / Double(a.count * b.count)
      - sums.a / Double(a.count * (a.count - 1)) - sums.b / Double(b.count * (b.count - 1))
  }

  /// The sums of the distances over all ordered pairs, in all and of each point; NaN where a point is
  /// not finite.
  private struct Sums {
    let a, b, between: Double
    /// From each point to those of its own sample, and to those of the other.
    private var own: (a: [Double], b: [Double])
    private var other: (a: [Double], b: [Double])

    init(_ a: Batch, _ b: Batch) {
      precondition(a.dimension == b.dimension, "both samples need the same dimension")
      precondition(a.count > 0 && b.count > 0, "a distance needs points")
      own = ([Double](repeating: 0, count: a.count), [Double](repeating: 0, count: b.count))
      other = own
      self.a = 2 * Sums.within(a, &own.a)
      self.b = 2 * Sums.within(b, &own.b)
      var sum = 0.0
      var squares = [Double](repeating: 0, count: b.count)
      for j in 0..<a.count {
        other.a[j] = Sums.distances(a, j, b, 0..<b.count, &other.b, &squares)
        sum += other.a[j]
      }
      between = sum
    }

    /// D of the whole samples.
    var distance: Double {
      Sums.distance(between, a, b, Double(own.a.count), Double(own.b.count))
    }

    /// D without a point of the first sample.
    func distance(withoutA j: Int) -> Double {
      Sums.distance(
        between - other.a[j], a - 2 * own.a[j], b, Double(own.a.count - 1), Double(own.b.count))
    }

    /// D without a point of the second.
    func distance(withoutB j: Int) -> Double {
      Sums.distance(
        between - other.b[j], a, b - 2 * own.b[j], Double(own.a.count), Double(own.b.count - 1))
    }

    private static func distance(
      _ between: Double, _ a: Double, _ b: Double, _ n: Double, _ m: Double
    ) -> Double {
      let square = 2 * between / (n * m) - a / (n * n) - b / (m * m)
      return square.isNaN ? .nan : max(0, square).squareRoot()
    }

    private static func within(_ x: Batch, _ own: inout [Double]) -> Double {
      var sum = 0.0
      var squares = [Double](repeating: 0, count: x.count)
      for j in 0..<x.count {
        let row = distances(x, j, x, j + 1..<x.count, &own, &squares)
        own[j] += row
        sum += row
      }
      return sum
    }

    /// The sum of the distances from a point to those of a range, each of which is added to its own.
    private static func distances(
      _ a: Batch, _ j: Int, _ b: Batch, _ range: Range<Int>, _ sums: inout [Double],
      _ squares: inout [Double]
    ) -> Double {
      var sum = 0.0
      let (n, m, d) = (a.count, b.count, a.dimension)
      guard d > 2 else {
        for k in range {
          var square = 0.0
          for i in 0..<d {
            let difference = a.values[i * n + j] - b.values[i * m + k]
            square += difference * difference
          }
          let distance = square.squareRoot()
          sums[k] += distance
          sum += distance
        }
        return sum
      }
      // Coordinate by coordinate, since those of many points lie together.
      for k in 0..<range.count { squares[k] = 0 }
      for i in 0..<d {
        let (x, row) = (a.values[i * n + j], i * m + range.lowerBound)
        for k in 0..<range.count {
          let difference = x - b.values[row + k]
          squares[k] += difference * difference
        }
      }
      for (k, place) in range.enumerated() {
        let distance = squares[k].squareRoot()
        sums[place] += distance
        sum += distance
      }
      return sum
    }
  }
}
