/// The few transcendental functions that pictures need, written out in plain arithmetic.
///
/// The target imports nothing, and golden pictures must not depend on the rounding of a system's
/// mathematics library: these give the same bits on every platform.
enum Elementary {
  static let ln2 = 0.693147180559945309417
  static let ln10 = 2.302585092994045684018
  static let pi = Double.pi

  /// ln x by `x = m·2ᵉ`, `ln m = 2 artanh((m−1)/(m+1))`, m in [√½, √2]; error below 10⁻¹⁵.
  static func log(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x.isFinite else { return x }
    var m = x.significand
    var e = Double(x.exponent)
    if m > 1.41421356237309505 {
      m *= 0.5
      e += 1
    }
    let s = (m - 1) / (m + 1)
    let z = s * s
    var sum = 1 / 21.0
    for k in stride(from: 19.0, through: 1, by: -2) { sum = sum * z + 1 / k }
    return e * ln2 + 2 * s * sum
  }

  /// log₁₀ x, exact at powers of ten that are Doubles.
  static func log10(_ x: Double) -> Double {
    let l = log(x) / ln10
    let n = l.rounded()
    return abs(n) <= 300 && abs(l - n) < 1e-12 && tenTo(Int(n)) == x ? n : l
  }

  /// eˣ by `2ᵏ·eʳ`, |r| ≤ ½ ln 2, Taylor's series to r¹³.
  static func exp(_ x: Double) -> Double {
    guard x < 709 else { return x.isNaN ? x : .infinity }
    guard x > -708 else { return 0 }
    let k = (x / ln2).rounded()
    let r = x - k * ln2
    var sum = 1.0
    for i in stride(from: 13.0, through: 1, by: -1) { sum = 1 + sum * r / i }
    return Double(sign: .plus, exponent: Int(k), significand: 1) * sum
  }

  /// xʸ for x ≥ 0.
  static func power(_ x: Double, _ y: Double) -> Double { x <= 0 ? 0 : exp(y * log(x)) }

  /// 10ⁿ, correctly rounded for |n| ≤ 22.
  static func tenTo(_ n: Int) -> Double {
    var p = 1.0
    for _ in 0..<min(abs(n), 308) { p *= 10 }
    return n < 0 ? 1 / p : p
  }

  /// cos and sin of a full turn times `turns`, by Taylor's series on an eighth of a turn.
  static func unit(turns: Double) -> (x: Double, y: Double) {
    guard turns.isFinite else { return (1, 0) }
    let quarters = (turns * 4).rounded()
    let a = (turns - quarters / 4) * 2 * pi
    let z = a * a
    var c = 1.0
    var s = 1.0
    for k in stride(from: 16.0, through: 2, by: -2) { c = 1 - c * z / (k * (k - 1)) }
    for k in stride(from: 17.0, through: 3, by: -2) { s = 1 - s * z / (k * (k - 1)) }
    s *= a
    switch Int(quarters.truncatingRemainder(dividingBy: 4) + 4) % 4 {
    case 0: return (c, s)
    case 1: return (-s, c)
    case 2: return (-c, -s)
    default: return (s, -c)
    }
  }

  /// The direction of (x, y) in turns, 0 ..< 1, anticlockwise from the x axis; 0 at the origin.
  static func turns(x: Double, y: Double) -> Double {
    let ax = abs(x)
    let ay = abs(y)
    guard max(ax, ay) > 0, x.isFinite, y.isFinite else { return 0 }
    // Two halvings of the angle bring the ratio below 0.2, where the series is short.
    var q = min(ax, ay) / max(ax, ay)
    for _ in 0..<2 { q /= 1 + (1 + q * q).squareRoot() }
    let z = q * q
    var sum = 1 / 23.0
    for k in stride(from: 21.0, through: 1, by: -2) { sum = 1 / k - sum * z }
    var t = 4 * q * sum / (2 * pi)
    if ay > ax { t = 0.25 - t }
    if x < 0 { t = 0.5 - t }
    if y < 0 { t = 1 - t }
    return t >= 1 ? 0 : t
  }
}
