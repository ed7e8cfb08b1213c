#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A standard normal variate Z that is known to lie between a and b: its mass, mean and variance,
/// to full precision from the middle to the far tails and for intervals of any width.
///
/// Φ(b) − Φ(a) cancels to 0 in a tail and for a narrow interval. Narrow intervals (in units of the
/// density's own scale) and tails beyond 20 are integrated by Gauss–Legendre, nearer tails go by
/// Mills' ratio, and only an interval around 0 is a difference of Φ.
struct NormalInterval {
  /// ln of the mean density of N(0, 1) over the interval, ln[(Φ(b) − Φ(a))/(b − a)].
  private(set) var logMeanDensity: Double
  /// E[(Z − a)/(b − a)], from 0 to 1; ½ for an interval of width 0.
  private(set) var fraction: Double
  /// Var[(Z − a)/(b − a)].
  private(set) var spread: Double

  /// The interval from `a` to `b`, a ≤ b.
  init(_ a: Double, _ b: Double) {
    let isMirrored = a + b < 0
    let (low, high) = isMirrored ? (-b, -a) : (a, b)
    let width = high - low
    let scale = width * max(1, high)
    if scale <= 2.5 {
      self.init(low, panels: width, width, of: width)
    } else if scale <= 8 {
      self.init(low, panels: 0.5 * width, width, of: width)
    } else if low > 20 {
      // Beyond 40/low nothing is left.
      let near = min(width, 4 / low)
      self.init(low, panels: near, min(width, 40 / low), of: width)
    } else {
      self.init(wide: low, high)
    }
    if isMirrored { fraction = 1 - fraction }
  }

  /// By quadrature over z − a, in panels of the length `near` from 0 to `far`.
  private init(_ a: Double, panels near: Double, _ far: Double, of width: Double) {
    var (mass, first, second) = (0.0, 0.0, 0.0)
    var from = 0.0
    repeat {
      let length = min(near, far - from)
      // In units of the width, which may be 0: then all is at the point a.
      let (start, share) = width > 0 ? (from / width, length / width) : (0, 1)
      let parts = start + share * NormalInterval.nodes
      let distances = width * parts
      var weights = -distances * (a + 0.5 * distances)
      for k in 0..<8 { weights[k] = exp(weights[k]) }
      weights *= share * NormalInterval.weights
      mass += weights.sum()
      weights *= parts
      first += weights.sum()
      second += (weights * parts).sum()
      from += near
    } while from < far * (1 - 1e-9)
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

  /// Gauss–Legendre quadrature of eight nodes on [0, 1].
  private static let nodes = SIMD8(GaussLegendre(8).nodes)
  private static let weights = SIMD8(GaussLegendre(8).weights)

  /// ½ ln 2π.
  static let logRoot = 0.5 * log(2 * Double.pi)
}
