/// An activation whose second derivative is continuous, so that what was differentiated twice can be again.
protocol VerySmoothNonlinearity: SmoothNonlinearity {
  /// The third derivative.
  static func third(_ x: Vector) -> Vector
}

extension SiLU: VerySmoothNonlinearity {
  @inline(__always)
  static func third(_ x: Vector) -> Vector {
    let s = constant(1) / onePlusExponential(negative(x))
    let rest = constant(1) - s
    let (q, m) = (s * rest, rest - s)
    // q(m(3 + xm) − 2qx), since q′ = qm and m′ = −2q.
    return q * multiplyAdd(m, multiplyAdd(x, m, constant(3)), constant(-2) * q * x)
  }
}

extension Tanh: VerySmoothNonlinearity {
  @inline(__always)
  static func third(_ x: Vector) -> Vector {
    let (y, derivative) = both(x)
    return derivative * multiplyAdd(constant(6) * y, y, constant(-2))
  }
}

extension GELU: VerySmoothNonlinearity {
  @inline(__always)
  static func third(_ x: Vector) -> Vector {
    let density = constant(0.398_942_28) * distribution(x).bell
    return density * x * multiplyAdd(x, x, constant(-4))
  }
}

extension Softplus: VerySmoothNonlinearity {
  @inline(__always)
  static func third(_ x: Vector) -> Vector {
    let (_, derivative, second) = three(x)
    return second * multiplyAdd(constant(-2), derivative, constant(1))
  }
}

/// Applies an activation in place and records its first three derivatives.
struct ActivateThrice: TileFinish {
  let code: Int
  let values: UnsafeMutablePointer<Vector>
  let derivatives: UnsafeMutablePointer<Vector>
  let seconds: UnsafeMutablePointer<Vector>
  let thirds: UnsafeMutablePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) { values[index] = value }

  @inline(__always)
  func finish(offset: Int, count: Int) {
    switch code {
    case 1: apply(SiLU.self, offset, count)
    case 2: apply(Tanh.self, offset, count)
    case 5: apply(GELU.self, offset, count)
    // The others' second derivatives jump: the caller does not ask for them.
    default: apply(Softplus.self, offset, count)
    }
  }

  @inline(never)
  private func apply<N: VerySmoothNonlinearity>(_: N.Type, _ offset: Int, _ count: Int) {
    for i in offset..<offset + count {
      thirds[i] = N.third(values[i])
      let (value, derivative, second) = N.three(values[i])
      values[i] = value
      derivatives[i] = derivative
      seconds[i] = second
    }
  }
}
