#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A Gaussian in the tangent plane at a space's origin, wrapped on to the space by the exponential map:
/// X = exp_o(sε), ε ~ N(0, I). Meta's notebooks start from it, with s = ½ on the sphere and s = 1 on
/// the torus.
public struct WrappedNormal: DensityDistribution {
  /// The space.
  public let space: any Space
  /// The standard deviation s of both coordinates.
  public let deviation: Double

  /// The wrapped Gaussian of that deviation, a positive number.
  public init(on space: any Space, deviation: Double) {
    precondition(deviation > 0 && deviation.isFinite, "a deviation is positive")
    self.space = space
    self.deviation = deviation
  }

  public var dimension: Int { space.coordinates }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == dimension, "the batch has another dimension")
    let (n, origin) = (points.count, space.origin)
    var steps = Batch(dimension: space.dimension, count: n)
    random.fillNormals(&steps.values)
    for i in 0..<dimension {
      for j in 0..<n { points[i, j] = origin[i] }
    }
    var tangents = Batch(dimension: dimension, count: n)
    for (axis, direction) in space.tangentBasis(at: points).enumerated() {
      for i in 0..<dimension {
        for j in 0..<n { tangents[i, j] += deviation * steps[axis, j] * direction[i, j] }
      }
    }
    space.move(&points, along: tangents, by: 1)
    space.wrap(&points)
  }

  /// log p by area, summed over all vectors of the plane that are wrapped on to a point.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == dimension, "the batch has another dimension")
    return space.wrappedNormalLogDensity(points, deviation: deviation)
  }

  /// The turns that count in Double: where the last is left out, the nearest weighs 1e16 times as much.
  static func turns(_ deviation: Double) -> [Double] {
    let most = 1 + Int(min(1000, 0.5 + 8.7 * deviation / (2 * .pi)))
    return (-most...most).map(Double.init)
  }
}

extension Sphere {
  /// The vectors have the lengths |θ + 2πk|, θ the distance from the pole, and the exponential map
  /// shrinks the area at length r by |sin r|/r. At the pole and its antipode, which whole circles are
  /// wrapped on to, the density is infinite; at the pole what is left without them is given.
  public func wrappedNormalLogDensity(_ x: Batch, deviation: Double) -> [Double] {
    let turns = WrappedNormal.turns(deviation)
    return (0..<x.count).map { j in
      let angle = Sphere.length(Sphere.way(from: Vector(0, 0, 1), to: x[vector: j]))
      let terms = turns.map { turn in
        let r = angle + 2 * .pi * turn
        if r != 0 && sin(angle) == 0 { return -Double.infinity }
        return -0.5 * r * r / (deviation * deviation) - (r == 0 ? 0 : log(abs(sin(angle) / r)))
      }
      return logSumExp(terms) - log(2 * .pi * deviation * deviation)
    }
  }
}

extension Torus {
  /// A product of two wrapped normal distributions.
  public func wrappedNormalLogDensity(_ x: Batch, deviation: Double) -> [Double] {
    let factor = CircleFactor.normal(mean: 0, deviation: deviation)
    return (0..<x.count).map { factor.logDensity(x[0, $0]) + factor.logDensity(x[1, $0]) }
  }
}
