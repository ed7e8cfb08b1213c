#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Loss {
  /// D(Y_j, v_j) of every point of `d×n` batches into `values`, of `n` elements, and ∇_v D into
  /// `gradient`, `d×n`.
  public func evaluate(
    target: Batch, prediction: Batch, into values: inout [Double], gradient: inout Batch
  ) {
    precondition(prediction.hasShape(of: target), "prediction and target have the same shape")
    precondition(gradient.hasShape(of: target), "a gradient for each point")
    precondition(values.count == target.count, "a value for each point")
    switch self {
    case .squared: Loss.mahalanobis(0, target, prediction, &values, &gradient)
    case .mahalanobis(let correlation):
      Loss.mahalanobis(correlation, target, prediction, &values, &gradient)
    case .cosh(let kappa):
      Loss.coordinates(target, prediction, &values, &gradient) { y, v in
        let (known, potential) = (Potential(kappa: kappa, at: y), Potential(kappa: kappa, at: v))
        return (
          known.value - potential.value - potential.slope * (y - v),
          -potential.curvature * (y - v)
        )
      }
    case .reversed(let kappa):
      Loss.coordinates(target, prediction, &values, &gradient) { y, v in
        let (known, potential) = (Potential(kappa: kappa, at: y), Potential(kappa: kappa, at: v))
        return (
          potential.value - known.value - known.slope * (v - y), potential.slope - known.slope
        )
      }
    case .absolute:
      Loss.coordinates(target, prediction, &values, &gradient) { y, v in
        // Equal or not a number: the difference says which.
        (abs(v - y), v > y ? 1 : v < y ? -1 : v - y)
      }
    case .pseudoHuber: Loss.pseudoHuber(target, prediction, &values, &gradient)
    case .generalisedKL, .crossEntropy: preconditionFailure("points know no loss of letters")
    }
  }

  /// A loss that is a sum over coordinates; `term` gives the value and the slope of one.
  @inline(__always)
  private static func coordinates(
    _ target: Batch, _ prediction: Batch, _ values: inout [Double], _ gradient: inout Batch,
    _ term: (_ y: Double, _ v: Double) -> (Double, Double)
  ) {
    let n = target.count
    for j in 0..<n { values[j] = 0 }
    for i in 0..<target.dimension {
      for j in 0..<n {
        let k = i * n + j
        let (value, slope) = term(target.values[k], prediction.values[k])
        values[j] += value
        gradient.values[k] = slope
      }
    }
  }

  /// rᵀAr and 2Ar for r = v − Y. Ar is the sum of two recursions, forth and back, less r.
  private static func mahalanobis(
    _ correlation: Double, _ target: Batch, _ prediction: Batch, _ values: inout [Double],
    _ gradient: inout Batch
  ) {
    let (n, d) = (target.count, target.dimension)
    for j in 0..<n {
      var carried = 0.0
      for i in 0..<d {
        let k = i * n + j
        carried = prediction.values[k] - target.values[k] + correlation * carried
        gradient.values[k] = carried
      }
      carried = 0
      var sum = 0.0
      for i in (0..<d).reversed() {
        let k = i * n + j
        let residual = prediction.values[k] - target.values[k]
        let product = gradient.values[k] + correlation * carried
        carried = residual + correlation * carried
        sum += residual * product
        gradient.values[k] = 2 * product
      }
      values[j] = sum
    }
  }

  /// With s = √(1 + |v|²): D = √(1 + |Y|²) − (1 + v·Y)/s, ∇_v D = −(r − v(v·r)/s²)/s for r = Y − v.
  private static func pseudoHuber(
    _ target: Batch, _ prediction: Batch, _ values: inout [Double], _ gradient: inout Batch
  ) {
    let (n, d) = (target.count, target.dimension)
    for j in 0..<n {
      var (squareV, squareY, product) = (1.0, 1.0, 1.0)
      for i in 0..<d {
        let (v, y) = (prediction.values[i * n + j], target.values[i * n + j])
        squareV += v * v
        squareY += y * y
        product += v * y
      }
      let size = squareV.squareRoot()
      values[j] = squareY.squareRoot() - product / size
      // v·r = product − squareV, as both have the same 1.
      let along = (product - squareV) / squareV
      for i in 0..<d {
        let k = i * n + j
        let v = prediction.values[k]
        gradient.values[k] = -(target.values[k] - v - v * along) / size
      }
    }
  }

  /// cosh(κu)/κ² with its slope and curvature; beyond |κu| = 20 the parabola that touches it there.
  private struct Potential {
    let value, slope, curvature: Double

    @inline(__always)
    init(kappa: Double, at u: Double) {
      let limit = 20.0
      let z = kappa * u
      let inside = max(-limit, min(limit, z))
      let beyond = z - inside
      let grow = exp(inside)
      let (even, odd) = (0.5 * (grow + 1 / grow), 0.5 * (grow - 1 / grow))
      value = (even + (odd + 0.5 * even * beyond) * beyond) / (kappa * kappa)
      slope = (odd + even * beyond) / kappa
      curvature = even
    }
  }
}
