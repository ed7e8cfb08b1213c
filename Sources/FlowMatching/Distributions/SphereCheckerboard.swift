#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The checkerboard on [−2, 2]², halved, in the tangent plane at the north pole and wrapped on to the
/// sphere by the exponential map, as in Meta's flow_matching notebooks.
public struct SphereCheckerboard: DensityDistribution, Hashable {
  /// The board in the tangent plane; its squares have the side ½.
  let board = Checkerboard(scale: 0.5)

  /// The board.
  public init() {}

  public var dimension: Int { 3 }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == 3, "the batch has another dimension")
    for j in 0..<points.count {
      points[vector: j] = SphereCheckerboard.wrapped(board.draw(using: &random))
    }
  }

  /// exp at the pole of a vector of the tangent plane.
  static func wrapped(_ place: SIMD2<Double>) -> SIMD3<Double> {
    Sphere.follow(SIMD3(0, 0, 1), along: SIMD3(place.x, place.y, 0)).point
  }

  /// log p by area: ½ on the plane's dark squares, whose area the map shrinks by sin r/r.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == 3, "the batch has another dimension")
    var ways = Batch(dimension: 2, count: points.count)
    for j in 0..<points.count {
      let way = Sphere.way(from: SIMD3(0, 0, 1), to: points[vector: j])
      (ways[0, j], ways[1, j]) = (way.x, way.y)
    }
    return zip(board.logDensity(ways), ways.squaredLengths).map { plane, square in
      let r = square.squareRoot()
      return r > 0 ? plane - log(sin(r) / r) : plane
    }
  }
}
