/// The central difference of fourth order, [f(−2h) − 8f(−h) + 8f(h) − f(2h)]/12h.
enum CentralDifference {
  /// Its step by x, in units of the noise: the error is O(h⁴), and rounding's share 1e-16/h. By t it is
  /// that over the data's reach, since points move as fast as they have far to go.
  static let step = 5e-4

  /// The derivative by s at s = 0 of a quantity with a value for each of several points.
  static func derivative(
    step h: Double = step, _ quantity: (_ s: Double) -> [Double]
  ) -> [Double] {
    var sum: [Double] = []
    for (shift, weight) in [(-2.0, 1.0), (-1, -8), (1, 8), (2, -1)] {
      let values = quantity(shift * h)
      if sum.isEmpty { sum = [Double](repeating: 0, count: values.count) }
      for j in values.indices { sum[j] += weight * values[j] / (12 * h) }
    }
    return sum
  }
}
