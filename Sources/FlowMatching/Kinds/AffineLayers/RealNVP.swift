#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A discrete normalizing flow of affine layers, from N(0, I) to the data and exactly back.
///
/// Layer k keeps one half x_a of the coordinates and moves the other, y_b = x_b·e^s + t, with s and
/// t from a network of x_a; halves change places from layer to layer, so log|det ∂y/∂x| = Σ s
/// (Dinh et al., 2017, eqs. 4–9). Log-scales are bounded: s = c·tanh(s̃/c), c = `logScaleBound`.
public struct RealNVP<Conditioner: VelocityField>: Sendable {
  /// c: no layer stretches by more than eᶜ or less than e⁻ᶜ.
  public static var logScaleBound: Double { 2 }

  /// The networks of the layers, first to last from noise to data; their inputs are the point with
  /// the moved half 0, and the time 0; their outputs s̃ and t.
  public internal(set) var conditioners: [Conditioner]
  private var masked = Batch(dimension: 1, count: 0)
  private var output = Batch(dimension: 1, count: 0)

  /// A flow of the given layers on points of an even dimension.
  public init(_ conditioners: [Conditioner]) {
    precondition(!conditioners.isEmpty, "a flow needs a layer")
    precondition(
      conditioners.allSatisfy {
        $0.dimension == conditioners[0].dimension && $0.dimension % 2 == 0
      }, "layers share one even dimension")
    self.conditioners = conditioners
  }

  /// The dimension d.
  public var dimension: Int { conditioners[0].dimension }

  /// The layers K.
  public var layers: Int { conditioners.count }

  /// The first coordinate of the half that a layer moves; it keeps the other.
  static func moved(by layer: Int, dimension: Int) -> Int {
    layer % 2 == 0 ? dimension / 2 : 0
  }

  /// Carries `d×n` points from noise to data, adding log|det| of the map to `logDeterminant`.
  public mutating func push(_ x: inout Batch, logDeterminant: inout [Double]) {
    for k in 0..<layers { pass(k, &x, isInverse: false, &logDeterminant) }
  }

  /// Carries points from data to noise, the exact inverse, adding log|det| of that to
  /// `logDeterminant`.
  public mutating func pull(_ x: inout Batch, logDeterminant: inout [Double]) {
    for k in (0..<layers).reversed() { pass(k, &x, isInverse: true, &logDeterminant) }
  }

  /// log p₁(x) = log p₀(z) + log|det ∂z/∂x| in nats of `d×n` points.
  public mutating func logDensity(_ points: Batch) -> [Double] {
    var (z, logDeterminant) = (points, [Double](repeating: 0, count: points.count))
    pull(&z, logDeterminant: &logDeterminant)
    return zip(StandardNormal(dimension: dimension).logDensity(z), logDeterminant).map { $0 + $1 }
  }

  /// Moves points through layer `k`, or back.
  mutating func pass(_ k: Int, _ x: inout Batch, isInverse: Bool, _ logDeterminant: inout [Double])
  {
    condition(k, on: x)
    let (n, half) = (x.count, dimension / 2)
    let moved = RealNVP.moved(by: k, dimension: dimension) * n
    let sign = isInverse ? -1.0 : 1
    for i in 0..<half {
      for j in 0..<n {
        let place = moved + i * n + j
        let s = RealNVP.logScale(output.values[i * n + j])
        let shift = output.values[(half + i) * n + j]
        if isInverse {
          x.values[place] = (x.values[place] - shift) * exp(-s)
        } else {
          x.values[place] = x.values[place] * exp(s) + shift
        }
        logDeterminant[j] += sign * s
      }
    }
  }

  /// s̃ (the first half of the rows) and t (the second) of layer `k` at the points.
  @discardableResult
  mutating func condition(_ k: Int, on x: Batch) -> Batch {
    precondition(x.dimension == dimension, "the flow has another dimension")
    if !output.hasShape(of: x) {
      output = Batch(dimension: dimension, count: x.count)
      masked = output
    }
    let moved = RealNVP.moved(by: k, dimension: dimension) * x.count
    let length = dimension / 2 * x.count
    for place in 0..<x.values.count {
      let isMoved = place >= moved && place < moved + length
      masked.values[place] = isMoved ? 0 : x.values[place]
    }
    conditioners[k].evaluate(masked, at: .shared(0), into: &output)
    return output
  }

  /// The points as the last call of `condition` gave them to the network.
  var conditioned: Batch { masked }

  /// s = c·tanh(s̃/c).
  static func logScale(_ raw: Double) -> Double { logScaleBound * tanh(raw / logScaleBound) }
}
