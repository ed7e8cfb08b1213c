#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The exact marginal field from the uniform distribution on the sphere to weighted points.
///
/// X_t given the data point x_i lies within the angle sπ of it, s = 1 − t, with the density
/// g(θ_i)/4πs, g(θ) = sin(θ/s)/sin θ, and so u_t(x) = Σ w_i log_x(x_i)/(s Σ w_i), w_i = p_i g(θ_i).
/// With the nodes of a quadrature for points it is the field to a density, as exact as the angle sπ is
/// wide beside their distances.
public struct SpherePointField: GeodesicField {
  /// The points, `3×N`, of length 1.
  public let points: Batch
  /// Their probabilities p_i, of sum 1.
  public let weights: [Double]
  public let isQuadrature: Bool

  /// The field to points that are equally likely unless they have weights; or to a density by the nodes
  /// and weights of a quadrature.
  public init(points: Batch, weights: [Double]? = nil, isQuadrature: Bool = false) {
    precondition(points.dimension == 3 && points.count > 0, "the field needs points of the sphere")
    let shares = weights ?? [Double](repeating: 1, count: points.count)
    precondition(shares.count == points.count, "a weight for each point")
    let total = shares.reduce(0, +)
    self.points = points
    self.isQuadrature = isQuadrature
    self.weights = shares.map { $0 / total }
  }

  public var space: any Space { Sphere() }
  public var dimension: Int { 3 }
  public var regularity: Regularity { Regularity(isSmooth: false, space: Sphere()) }

  /// The sums over all data at one place.
  private struct Sums {
    var mass = 0.0
    /// Σ w_i log_x(x_i).
    var way = SIMD3<Double>()
    /// The gradient of the mass.
    var slope = SIMD3<Double>()
    /// The divergence of `way`, or εᵀ(∂way)ε.
    var spread = 0.0
  }

  private enum Derivative {
    case none, trace
    case along(SIMD3<Double>)
  }

  private func sums(_ x: SIMD3<Double>, _ s: Double, _ derivative: Derivative) -> Sums {
    var sums = Sums()
    let farthest = s < 1 ? cos(s * .pi) : -2
    for i in 0..<points.count {
      let y = points[vector: i]
      // Most points are out of reach; a margin for the rounding of both.
      if Sphere.dot(x, y) < farthest - 1e-15 { continue }
      let (way, angle, sine) = Sphere.polar(from: x, to: y)
      guard angle < s * .pi || s == 1 else { continue }
      let weight = weights[i] * SpherePointField.density(angle, sine, s)
      sums.mass += weight
      sums.way += weight * way
      if case .none = derivative { continue }
      let share = weights[i] * SpherePointField.slope(angle, sine, s)
      sums.slope -= share * way
      let bend = angle < 1e-4 ? 1 - angle * angle / 3 : angle * cos(angle) / sine
      switch derivative {
      case .none: break
      case .trace: sums.spread -= weight * (1 + bend) + share * angle * angle
      case .along(let probe):
        let along = Sphere.dot(way, probe)
        let radial = angle > 0 ? along * along / (angle * angle) : Sphere.dot(probe, probe)
        let across = Sphere.dot(probe, probe) - radial
        sums.spread -= weight * (radial + bend * across) + share * along * along
      }
    }
    return sums
  }

  /// g(θ) = sin(θ/s)/sin θ.
  private static func density(_ angle: Double, _ sine: Double, _ s: Double) -> Double {
    if s == 1 { return 1 }
    return sine == 0 ? 1 / s : sin(angle / s) / sine
  }

  /// g′(θ)/θ; by its series where the terms of the quotient would cancel.
  private static func slope(_ angle: Double, _ sine: Double, _ s: Double) -> Double {
    if s == 1 { return 0 }
    let square = 1 / (s * s)
    if angle < 3e-3 * s {
      let fourth = 7.0 / 360 - square / 36 + square * square / 120
      return ((1 - square) / 3 + 4 * fourth * angle * angle) / s
    }
    let rate = cos(angle / s) / s - sin(angle / s) * cos(angle) / sine
    return rate / (sine * angle)
  }

  /// The nearest point, where none is in reach: probability 0, but rounding leads there.
  private func nearest(_ x: SIMD3<Double>) -> SIMD3<Double> {
    var best = (cosine: -Double.infinity, index: 0)
    for i in 0..<points.count {
      let cosine = Sphere.dot(x, points[vector: i])
      if cosine > best.cosine { best = (cosine, i) }
    }
    return points[vector: best.index]
  }

  private func velocity(
    _ place: SIMD3<Double>, _ t: Double, _ derivative: Derivative
  ) -> (velocity: SIMD3<Double>, spread: Double) {
    let s = GeodesicTime.remaining(at: t)
    let x = place / Sphere.length(place)
    var derivative = derivative
    if case .along(let probe) = derivative {
      derivative = .along(probe - Sphere.dot(x, probe) * x)
    }
    let sums = sums(x, s, derivative)
    guard sums.mass > 0 else {
      // A NaN must stay one.
      guard x == x else { return (x, .nan) }
      let (way, angle, sine) = Sphere.polar(from: x, to: nearest(x))
      let bend = angle < 1e-4 ? 1 - angle * angle / 3 : angle * cos(angle) / max(sine, 1e-300)
      return (way / s, -(1 + bend) / s)
    }
    let velocity = sums.way / (s * sums.mass)
    switch derivative {
    case .none: return (velocity, 0)
    case .trace:
      let bend = Sphere.dot(velocity, sums.slope)
      return (velocity, (sums.spread / s - bend) / sums.mass)
    case .along(let probe):
      let bend = Sphere.dot(velocity, probe) * Sphere.dot(sums.slope, probe)
      return (velocity, (sums.spread / s - bend) / sums.mass)
    }
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    for j in 0..<x.count {
      velocity[vector: j] = self.velocity(x[vector: j], t[j], .none).velocity
    }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    for j in 0..<x.count {
      (velocity[vector: j], divergence[j]) = self.velocity(x[vector: j], t[j], .trace)
    }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    for j in 0..<x.count {
      (velocity[vector: j], divergence[j]) = self.velocity(
        x[vector: j], t[j], .along(probes[vector: j]))
    }
  }

  public mutating func score(_ x: Batch, at t: Times, into score: inout Batch) {
    for j in 0..<x.count {
      let place = x[vector: j] / Sphere.length(x[vector: j])
      let sums = sums(place, GeodesicTime.remaining(at: t[j]), .trace)
      score[vector: j] = sums.mass > 0 ? sums.slope / sums.mass : SIMD3()
    }
  }

  public func edgeDistances(_ x: Batch, at t: Times) -> [Double] {
    (0..<x.count).map { j in
      let place = x[vector: j] / Sphere.length(x[vector: j])
      let reach = GeodesicTime.remaining(at: t[j]) * .pi
      return (0..<points.count).reduce(.infinity) {
        min($0, abs(Sphere.polar(from: place, to: points[vector: $1]).angle - reach))
      }
    }
  }

  public mutating func logDensity(_ x: Batch, at t: Times) -> [Double] {
    (0..<x.count).map { j in
      let place = x[vector: j] / Sphere.length(x[vector: j])
      let s = GeodesicTime.remaining(at: t[j])
      return log(sums(place, s, .none).mass / (4 * .pi * s))
    }
  }
}

extension Sphere: PointFieldSpace {
  public func pointField(to points: Batch, weights: [Double]?) -> any GeodesicField {
    SpherePointField(points: points, weights: weights)
  }
}
