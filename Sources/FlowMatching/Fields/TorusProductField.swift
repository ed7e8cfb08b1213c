#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The exact marginal field from the uniform distribution on the torus to a mixture of products.
///
/// p_t(x) = Σ w_k/(2sπ)², s = 1 − t, where w_k = π_k P_k0 P_k1 is the probability that component k gives
/// to the square within sπ of x, and u_t(x) = Σ w_k m_k/(s Σ w_k) with the mean ways m_k to its part
/// there: both are products of integrals over arcs.
public struct TorusProductField: GeodesicField {
  /// What the flow leads to.
  public let target: TorusProducts

  /// The field to the mixture.
  public init(to target: TorusProducts) { self.target = target }

  public var space: any Space { Torus() }
  public var dimension: Int { 2 }

  public var regularity: Regularity {
    let hasEdges = target.factors.joined().contains { if case .arc = $0 { true } else { false } }
    return Regularity(isSmooth: !hasEdges, space: Torus())
  }

  /// Everything at one place.
  private struct Place {
    /// ln Σ w_k.
    var logMass = 0.0
    var velocity = SIMD2<Double>()
    /// The gradient of ln Σ w_k.
    var score = SIMD2<Double>()
    /// ∂u_i/∂x_j, row after row.
    var jacobian = [0.0, 0, 0, 0]
  }

  private func place(_ x: SIMD2<Double>, _ t: Double) -> Place {
    let s = GeodesicTime.remaining(at: t)
    let reach = s * .pi
    let parts = target.factors.map { factors in
      (0..<2).map { factors[$0].part(around: x[$0], within: reach) }
    }
    let logs = parts.indices.map {
      log(target.weights[$0]) + parts[$0][0].logMass + parts[$0][1].logMass
    }
    var place = Place()
    place.logMass = logSumExp(logs)
    guard place.logMass > -.infinity else { return nearest(x, s) }
    for (k, part) in parts.enumerated() where logs[k] > -.infinity {
      let weight = exp(logs[k] - place.logMass)
      for i in 0..<2 {
        place.velocity[i] += weight * part[i].mean / s
        place.score[i] += weight * (part[i].above - part[i].below)
        for j in 0..<2 {
          // ∂(P m)/∂x by the same angle is reach·(f₊ + f₋) − P, by the other P′m.
          let change =
            i == j
            ? reach * (part[i].above + part[i].below) - 1
            : part[i].mean * (part[j].above - part[j].below)
          place.jacobian[2 * i + j] += weight * change / s
        }
      }
    }
    for i in 0..<2 {
      for j in 0..<2 { place.jacobian[2 * i + j] -= place.velocity[i] * place.score[j] }
    }
    return place
  }

  /// Where no path leads, but rounding does: towards the nearest component.
  private func nearest(_ x: SIMD2<Double>, _ s: Double) -> Place {
    var place = Place()
    place.logMass = -.infinity
    var least = Double.infinity
    for factors in target.factors {
      let way = SIMD2(factors[0].nearest(to: x.x), factors[1].nearest(to: x.y))
      let distance = max(abs(way.x), abs(way.y))
      if distance < least { (least, place.velocity) = (distance, way / s) }
    }
    return place
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    for j in 0..<x.count {
      let place = place(SIMD2(x[0, j], x[1, j]), t[j])
      (velocity[0, j], velocity[1, j]) = (place.velocity.x, place.velocity.y)
    }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    for j in 0..<x.count {
      let place = place(SIMD2(x[0, j], x[1, j]), t[j])
      (velocity[0, j], velocity[1, j]) = (place.velocity.x, place.velocity.y)
      divergence[j] = place.jacobian[0] + place.jacobian[3]
    }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    for j in 0..<x.count {
      let place = place(SIMD2(x[0, j], x[1, j]), t[j])
      (velocity[0, j], velocity[1, j]) = (place.velocity.x, place.velocity.y)
      let (a, b) = (probes[0, j], probes[1, j])
      let cross = place.jacobian[1] + place.jacobian[2]
      divergence[j] = a * a * place.jacobian[0] + a * b * cross + b * b * place.jacobian[3]
    }
  }

  public mutating func score(_ x: Batch, at t: Times, into score: inout Batch) {
    for j in 0..<x.count {
      let place = place(SIMD2(x[0, j], x[1, j]), t[j])
      (score[0, j], score[1, j]) = (place.score.x, place.score.y)
    }
  }

  public func edgeDistances(_ x: Batch, at t: Times) -> [Double] {
    (0..<x.count).map { j in
      let reach = GeodesicTime.remaining(at: t[j]) * .pi
      var least = Double.infinity
      for factors in target.factors {
        for i in 0..<2 {
          guard case .arc(let low, let length) = factors[i] else { continue }
          for end in [low, low + length] {
            for side in [-reach, reach] {
              least = min(least, abs(Torus.wrap(end - x[i, j] + side)))
            }
          }
        }
      }
      return least
    }
  }

  public mutating func logDensity(_ x: Batch, at t: Times) -> [Double] {
    (0..<x.count).map { j in
      let s = GeodesicTime.remaining(at: t[j])
      return place(SIMD2(x[0, j], x[1, j]), t[j]).logMass - 2 * log(2 * .pi * s)
    }
  }
}

extension TorusProducts: GeodesicTarget {
  public var geodesicField: any GeodesicField { TorusProductField(to: self) }
}
