#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension SpherePointField {
  /// The field to a density, by a quadrature over the sphere with about `resolution` nodes along a
  /// meridian: as exact as the nodes within the angle (1 − t)π are many.
  public init(to density: some DensityDistribution, resolution: Int) {
    let rule = Sphere().quadrature(resolution: resolution)
    let shares = zip(density.logDensity(rule.nodes), rule.weights).map { exp($0) * $1 }
    let kept = shares.indices.filter { shares[$0] > 0 }
    self.init(
      points: rule.nodes.choosing(kept), weights: kept.map { shares[$0] }, isQuadrature: true)
  }
}

extension VonMisesFisher: GeodesicTarget {
  /// By quadrature with nodes 1° apart.
  public var geodesicField: any GeodesicField { SpherePointField(to: self, resolution: 180) }
}

extension SphereCheckerboard: GeodesicTarget {
  /// By quadrature with 10×10 nodes in each square.
  public var geodesicField: any GeodesicField { geodesicField(nodes: 10) }

  /// By Gauss–Legendre quadrature with that many nodes along each side of a square.
  func geodesicField(nodes count: Int) -> any GeodesicField {
    let rule = GaussLegendre(count)
    var (points, weights) = ([SIMD3<Double>](), [Double]())
    for centre in board.centres {
      for (a, wa) in zip(rule.nodes, rule.weights) {
        for (b, wb) in zip(rule.nodes, rule.weights) {
          let place = SIMD2(centre[0], centre[1]) + board.scale * (SIMD2(a, b) - 0.5)
          points.append(SphereCheckerboard.wrapped(place))
          weights.append(wa * wb)
        }
      }
    }
    var nodes = Batch(dimension: 3, count: points.count)
    for (j, point) in points.enumerated() { nodes[vector: j] = point }
    return SpherePointField(points: nodes, weights: weights, isQuadrature: true)
  }
}

extension Land: GeodesicTarget {
  /// By the centres of the land cells, whose areas are the weights.
  public var geodesicField: any GeodesicField {
    let cells = mask.columns.enumerated().flatMap { row, columns in columns.map { (row, $0) } }
    var nodes = Batch(dimension: 3, count: cells.count)
    for (j, cell) in cells.enumerated() {
      let place = GeographicPlace(
        longitude: Double(cell.1) - 179.5, latitude: 89.5 - Double(cell.0))
      nodes[vector: j] = place.vector
    }
    return SpherePointField(
      points: nodes, weights: cells.map { LandMask.cellShare($0.0) }, isQuadrature: true)
  }
}
