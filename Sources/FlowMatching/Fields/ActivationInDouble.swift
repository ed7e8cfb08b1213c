#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Activation {
  /// f(x) and f′(x) in Double, number by number: for networks that no kernel carries in Double.
  func inDouble(_ x: SIMD8<Double>) -> (value: SIMD8<Double>, slope: SIMD8<Double>) {
    var (value, slope) = (x, x)
    for j in 0..<8 { (value[j], slope[j]) = inDouble(x[j]) }
    return (value, slope)
  }

  private func inDouble(_ x: Double) -> (Double, Double) {
    switch self {
    case .selu:
      let (scale, alpha) = (1.050_700_987_355_480_5, 1.673_263_242_354_377_2)
      return x > 0
        ? (scale * x, scale) : (scale * alpha * expm1(x), scale * alpha * exp(x))
    case .silu:
      let logistic = 1 / (1 + exp(-x))
      return (x * logistic, logistic + x * logistic * (1 - logistic))
    case .tanh:
      let y = Self.hyperbolicTangent(x)
      return (y, 1 - y * y)
    case .elu: return x > 0 ? (x, 1) : (expm1(x), exp(x))
    case .relu: return x > 0 ? (x, 1) : (0, 0)
    case .gelu:
      let phi = 0.5 * erfc(-x * 0.5.squareRoot())
      return (x * phi, phi + x * exp(-0.5 * x * x) / (2 * .pi).squareRoot())
    case .softplus: return (max(x, 0) + log1p(exp(-abs(x))), 1 / (1 + exp(-x)))
    }
  }

  private static func hyperbolicTangent(_ x: Double) -> Double {
    let e = expm1(-2 * abs(x))
    let magnitude = -e / (2 + e)
    return x < 0 ? -magnitude : magnitude
  }
}
