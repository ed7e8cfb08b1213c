#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// ln Σ exp(values) without overflow; −∞ where every value is −∞, NaN where one is NaN.
func logSumExp(_ values: [Double]) -> Double {
  var largest = -Double.infinity
  for value in values {
    if value.isNaN { return value }
    largest = max(largest, value)
  }
  guard largest.isFinite else { return largest }
  var sum = 0.0
  for value in values { sum += exp(value - largest) }
  return largest + log(sum)
}
