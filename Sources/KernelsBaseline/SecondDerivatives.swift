/// An activation whose derivative is continuous, so that what was differentiated once can be again.
protocol SmoothNonlinearity: Nonlinearity {
  /// The value and the first two derivatives.
  static func three(_ x: Vector) -> (value: Vector, derivative: Vector, second: Vector)
}

extension SiLU: SmoothNonlinearity {
  @inline(__always)
  static func three(_ x: Vector) -> (value: Vector, derivative: Vector, second: Vector) {
    let s = constant(1) / onePlusExponential(negative(x))
    let rest = constant(1) - s
    let value = x * s
    // s(1 − s)(2 + x(1 − 2s))
    let second = s * rest * multiplyAdd(x, rest - s, constant(2))
    return (value, multiplyAdd(value, rest, s), second)
  }
}

extension Tanh: SmoothNonlinearity {
  @inline(__always)
  static func three(_ x: Vector) -> (value: Vector, derivative: Vector, second: Vector) {
    let (y, derivative) = both(x)
    return (y, derivative, constant(-2) * y * derivative)
  }
}

extension ELU: SmoothNonlinearity {
  /// The second derivative jumps at 0, where the left one is taken; the first is continuous.
  @inline(__always)
  static func three(_ x: Vector) -> (value: Vector, derivative: Vector, second: Vector) {
    let (value, derivative) = both(x)
    return (value, derivative, select(x .> constant(0), constant(0), derivative))
  }
}

extension GELU: SmoothNonlinearity {
  @inline(__always)
  static func three(_ x: Vector) -> (value: Vector, derivative: Vector, second: Vector) {
    let (phi, bell) = distribution(x)
    let density = constant(0.398_942_28) * bell
    let second = density * multiplyAdd(negative(x), x, constant(2))
    return (x * phi, multiplyAdd(x, density, phi), second)
  }
}

extension Softplus: SmoothNonlinearity {
  @inline(__always)
  static func three(_ x: Vector) -> (value: Vector, derivative: Vector, second: Vector) {
    let (value, u) = parts(x)
    let large = constant(1) / (constant(1) + u)
    let small = u * large
    return (value, select(x .> constant(0), large, small), large * small)
  }
}

/// Applies an activation in place and records its first two derivatives.
struct ActivateTwice: TileFinish {
  let code: Int
  let values: UnsafeMutablePointer<Vector>
  let derivatives: UnsafeMutablePointer<Vector>
  let seconds: UnsafeMutablePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) { values[index] = value }

  @inline(__always)
  func finish(offset: Int, count: Int) {
    switch code {
    case 1: apply(SiLU.self, offset, count)
    case 2: apply(Tanh.self, offset, count)
    case 3: apply(ELU.self, offset, count)
    case 5: apply(GELU.self, offset, count)
    // The others' derivatives jump: the caller does not ask for them.
    default: apply(Softplus.self, offset, count)
    }
  }

  @inline(never)
  private func apply<N: SmoothNonlinearity>(_: N.Type, _ offset: Int, _ count: Int) {
    for i in offset..<offset + count {
      let (value, derivative, second) = N.three(values[i])
      values[i] = value
      derivatives[i] = derivative
      seconds[i] = second
    }
  }
}

/// The tangent behind an activation, f′(z)·ż, and f″(z)·ż, which the way back needs.
struct TangentTwice: TileFinish {
  let values: UnsafeMutablePointer<Vector>
  let mixed: UnsafeMutablePointer<Vector>
  let derivatives: UnsafePointer<Vector>
  let seconds: UnsafePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) {
    values[index] = value * derivatives[index]
    mixed[index] = value * seconds[index]
  }
  @inline(__always) func finish(offset: Int, count: Int) {}
}

/// Back through a tangent's activation: f′(z)·∂L/∂ȧ in the place of f″(z)·ż, whose product with
/// ∂L/∂ȧ is added to `sum`.
struct TangentChainRule: TileFinish {
  let mixed: UnsafeMutablePointer<Vector>
  let derivatives: UnsafePointer<Vector>
  let sum: UnsafeMutablePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) {
    sum[index] = multiplyAdd(mixed[index], value, sum[index])
    mixed[index] = value * derivatives[index]
  }
  @inline(__always) func finish(offset: Int, count: Int) {}
}

/// Back through a value's activation: f′(z)·∂L/∂a + `sum` in the derivatives' place.
struct ValueChainRule: TileFinish {
  let derivatives: UnsafeMutablePointer<Vector>
  let sum: UnsafePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) {
    derivatives[index] = multiplyAdd(derivatives[index], value, sum[index])
  }
  @inline(__always) func finish(offset: Int, count: Int) {}
}
