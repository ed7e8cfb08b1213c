/// An activation function, one vector at a time.
protocol Nonlinearity {
  static func value(_ x: Vector) -> Vector
  /// The value and the derivative, which share most of their work.
  static func both(_ x: Vector) -> (value: Vector, derivative: Vector)
}

/// λx for x > 0, λα(eˣ − 1) else, with the constants of Klambauer et al. (2017), eq. 2.
enum SELU: Nonlinearity {
  @inline(__always) static func value(_ x: Vector) -> Vector {
    let below = constant(1.758_099_34) * exponentialMinusOne(atMost(x, 0))
    return multiplyAdd(constant(1.050_701), atLeast(x, 0), below)
  }
  @inline(__always) static func both(_ x: Vector) -> (value: Vector, derivative: Vector) {
    let scale = constant(1.758_099_34)
    let below = scale * exponentialMinusOne(atMost(x, 0))
    let value = multiplyAdd(constant(1.050_701), atLeast(x, 0), below)
    return (value, select(x .> constant(0), constant(1.050_701), below + scale))
  }
}

/// x for x > 0, eˣ − 1 else.
enum ELU: Nonlinearity {
  @inline(__always) static func value(_ x: Vector) -> Vector {
    atLeast(x, 0) + exponentialMinusOne(atMost(x, 0))
  }
  @inline(__always) static func both(_ x: Vector) -> (value: Vector, derivative: Vector) {
    let below = exponentialMinusOne(atMost(x, 0))
    let derivative = select(x .> constant(0), constant(1), below + constant(1))
    return (atLeast(x, 0) + below, derivative)
  }
}

/// x for x > 0, 0 else.
enum ReLU: Nonlinearity {
  @inline(__always) static func value(_ x: Vector) -> Vector { atLeast(x, 0) }
  @inline(__always) static func both(_ x: Vector) -> (value: Vector, derivative: Vector) {
    (value(x), select(x .> constant(0), constant(1), constant(0)))
  }
}

/// tanh x, from e^(−2|x|) − 1 so that small x keep their relative precision.
enum Tanh: Nonlinearity {
  @inline(__always) static func value(_ x: Vector) -> Vector {
    let sign = unsafeBitCast(x, to: Bits.self) & Bits(repeating: Int32.min)
    let magnitude = absolute(x)
    let e = exponentialMinusOne(constant(-2) * magnitude)
    let value = negative(e) / (constant(2) + e)
    return unsafeBitCast(unsafeBitCast(value, to: Bits.self) | sign, to: Vector.self)
  }
  @inline(__always) static func both(_ x: Vector) -> (value: Vector, derivative: Vector) {
    let y = value(x)
    return (y, multiplyAdd(negative(y), y, constant(1)))
  }
}

/// x/(1 + e^(−x)), also called Swish.
enum SiLU: Nonlinearity {
  @inline(__always) static func value(_ x: Vector) -> Vector {
    x / onePlusExponential(negative(x))
  }
  @inline(__always) static func both(_ x: Vector) -> (value: Vector, derivative: Vector) {
    let logistic = constant(1) / onePlusExponential(negative(x))
    let value = x * logistic
    return (value, multiplyAdd(value, constant(1) - logistic, logistic))
  }
}

/// xΦ(x) with the exact normal distribution function Φ (Hendrycks and Gimpel, 2016).
enum GELU: Nonlinearity {
  /// Φ(x) and e^(−x²/2).
  ///
  /// Φ(−|x|) = e^(−x²/2)·tQ(t), t = 1/(1 + 0.35|x|); Q is a minimax fit on |x| ≤ 14 with a relative
  /// error of 3e-8.
  @inline(__always)
  static func distribution(_ x: Vector) -> (phi: Vector, bell: Vector) {
    let magnitude = absolute(x)
    let t = constant(1) / multiplyAdd(constant(0.35), magnitude, constant(1))
    var q = constant(-0.029_146_139_4)
    q = multiplyAdd(q, t, constant(0.143_972_707))
    q = multiplyAdd(q, t, constant(-0.255_716_319))
    q = multiplyAdd(q, t, constant(0.159_176_491))
    q = multiplyAdd(q, t, constant(-0.023_111_417_4))
    q = multiplyAdd(q, t, constant(0.105_508_663))
    q = multiplyAdd(q, t, constant(0.119_832_704))
    q = multiplyAdd(q, t, constant(0.139_861_892))
    q = multiplyAdd(q, t, constant(0.139_621_403))
    let bell = exponential(constant(-0.5) * x * x)
    let tail = bell * t * q
    return (select(x .> constant(0), constant(1) - tail, tail), bell)
  }
  @inline(__always) static func value(_ x: Vector) -> Vector { x * distribution(x).phi }
  @inline(__always) static func both(_ x: Vector) -> (value: Vector, derivative: Vector) {
    let (phi, bell) = distribution(x)
    return (x * phi, multiplyAdd(x * constant(0.398_942_28), bell, phi))
  }
}

/// log(1 + eˣ) = max(x, 0) + log(1 + u), u = e^(−|x|).
enum Softplus: Nonlinearity {
  @inline(__always)
  static func parts(_ x: Vector) -> (value: Vector, u: Vector) {
    let magnitude = absolute(x)
    let u = exponential(negative(magnitude))
    // log(1 + u) = 2 artanh(s), s = u/(2 + u) ≤ ⅓; the fit's relative error is 5e-9.
    let s = u / (constant(2) + u)
    let square = s * s
    var q = constant(0.140_152_994)
    q = multiplyAdd(q, square, constant(0.139_989_949))
    q = multiplyAdd(q, square, constant(0.200_108_815))
    q = multiplyAdd(q, square, constant(0.333_332_061))
    let half = multiplyAdd(q * square, s, s)
    return (multiplyAdd(constant(2), half, atLeast(x, 0)), u)
  }
  @inline(__always) static func value(_ x: Vector) -> Vector { parts(x).value }
  @inline(__always) static func both(_ x: Vector) -> (value: Vector, derivative: Vector) {
    let (value, u) = parts(x)
    let small = u / (constant(1) + u)
    return (value, select(x .> constant(0), constant(1) - small, small))
  }
}
