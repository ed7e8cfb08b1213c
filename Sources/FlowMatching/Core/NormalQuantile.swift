#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The quantile of N(0, 1).
enum NormalQuantile {
  /// Φ⁻¹(p) for 0 < p < 1: Acklam's rational start (2003), then one step of Halley's method, which leaves
  /// rounding alone.
  static func value(_ p: Double) -> Double {
    if p > 0.5 { return -value(1 - p) }
    var z: Double
    if p < 0.02425 {
      let q = (-2 * log(p)).squareRoot()
      z =
        (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
          - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783)
        / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
          + 3.754408661907416) * q + 1)
    } else {
      let (q, r) = (p - 0.5, (p - 0.5) * (p - 0.5))
      let top =
        ((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r
          + 1.383577518672690e+02) * r - 3.066479806614716e+01) * r + 2.506628277459239
      let bottom =
        ((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r
          + 6.680131188771972e+01) * r - 1.328068155288572e+01) * r + 1
      z = q * top / bottom
    }
    for _ in 0..<2 {
      let error = 0.5 * erfc(-z / 2.0.squareRoot()) - p
      let step = error * (2 * Double.pi).squareRoot() * exp(0.5 * z * z)
      if step.isFinite { z -= step / (1 + 0.5 * z * step) }
    }
    return z
  }
}
