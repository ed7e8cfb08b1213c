#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A standard normal variate Z that is known to lie between a and b: its mass, mean and variance,
/// to full precision from the middle to the far tails and for intervals of any width.
///
/// Φ(b) − Φ(a) cancels to 0 in a tail and for a narrow interval. Narrow intervals (in units of the
/// density's own scale) and tails beyond 20 are integrated by Gauss–Legendre, the nearer tails go by
/// Mills' ratio, and only an interval around 0 is a difference of Φ.
struct NormalInterval {
  /// ln of the mean density of N(0, 1) over the interval, ln[(Φ(b) − Φ(a))/(b − a)].
  private(set) var logMeanDensity: Double
  /// E[(Z − a)/(b − a)], from 0 to 1; ½ for an interval of width 0.
  private(set) var fraction: Double
  /// Var[(Z − a)/(b − a)].
  private(set) var spread: Double

  /// The quadrature rules, made once by whoever needs many intervals.
  struct Rules: Sendable {
    let few = GaussLegendre(5)
    let many = GaussLegendre(16)
  }

  /// The interval from `a` to `b`, a ≤ b.
  init(_ a: Double, _ b: Double, _ rules: Rules) {
    let isMirrored = a + b < 0
    let (low, high) = isMirrored ? (-b, -a) : (a, b)
    let width = high - low
    let scale = width * max(1, high)
    if scale <= 8 {
      self.init(low, [(0, width)], of: width, scale <= 0.5 ? rules.few : rules.many)
    } else if low > 20 {
      // Beyond 40/low nothing is left.
      let (near, far) = (min(width, 8 / low), min(width, 40 / low))
      self.init(low, [(0, near), (near, far)], of: width, rules.many)
    } else {
      self.init(wide: low, high)
    }
    if isMirrored { fraction = 1 - fraction }
  }

  /// By quadrature over panels of z − a.
  private init(
    _ a: Double, _ panels: [(from: Double, to: Double)], of width: Double, _ rule: GaussLegendre
  ) {
    var (mass, first, second) = (0.0, 0.0, 0.0)
    for panel in panels {
      let length = panel.to - panel.from
      // A width of 0 has the density of its only point.
      let measure = width > 0 ? length / width : 1
      for k in 0..<rule.nodes.count {
        let node = rule.nodes[k]
        let distance = panel.from + length * node
        let part = width > 0 ? distance / width : node
        let weight = measure * rule.weights[k] * exp(-distance * (a + 0.5 * distance))
        mass += weight
        first += weight * part
        second += weight * part * part
      }
    }
    fraction = first / mass
    spread = second / mass - fraction * fraction
    logMeanDensity = log(mass) - 0.5 * a * a - NormalInterval.logRoot
  }

  /// In closed form, for a + b ≥ 0.
  private init(wide a: Double, _ b: Double) {
    let width = b - a
    let mean: Double
    let variance: Double
    if a > 0 {
      let decay = exp(-0.5 * width * (a + b))
      let mass = NormalInterval.mills(a) - (decay > 1e-30 ? decay * NormalInterval.mills(b) : 0)
      mean = (1 - decay) / mass
      variance = 1 + (a - decay * b) / mass - mean * mean
      logMeanDensity = log(mass / width) - 0.5 * a * a - NormalInterval.logRoot
    } else {
      let root = 0.5.squareRoot()
      let mass = 1 - 0.5 * erfc(b * root) - 0.5 * erfc(-a * root)
      let scale = exp(-NormalInterval.logRoot) / mass
      let (atA, atB) = (scale * exp(-0.5 * a * a), scale * exp(-0.5 * b * b))
      mean = atA - atB
      variance = 1 + a * atA - b * atB - mean * mean
      logMeanDensity = log(mass / width)
    }
    fraction = (mean - a) / width
    spread = variance / (width * width)
  }

  /// (1 − Φ(x))/φ(x), for x up to 30; it is not asked for beyond, where it would count for nothing.
  private static func mills(_ x: Double) -> Double {
    (0.5 * Double.pi).squareRoot() * exp(0.5 * x * x) * erfc(x * 0.5.squareRoot())
  }

  /// ½ ln 2π.
  private static let logRoot = 0.5 * log(2 * Double.pi)
}
