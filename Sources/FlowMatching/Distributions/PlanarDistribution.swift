/// A distribution in the plane that is given by how one point is drawn.
///
/// The data sets adopt it with a statically known `draw`, so that a whole batch is filled without a
/// dynamic call or an allocation for a point.
protocol PlanarDistribution: Distribution {
  /// One independent draw.
  func draw(using random: inout Random) -> SIMD2<Double>
}

extension PlanarDistribution {
  public var dimension: Int { 2 }

  @inline(__always)
  func fill(_ points: inout Batch, using random: inout Random) {
    precondition(points.dimension == 2, "the batch has another dimension")
    let n = points.count
    for j in 0..<n {
      let point = draw(using: &random)
      points.values[j] = point.x
      points.values[n + j] = point.y
    }
  }
}

extension Random {
  /// A point of N(0, s²I) in the plane.
  @inline(__always)
  mutating func planarNormal(_ standardDeviation: Double) -> SIMD2<Double> {
    let x = normal()
    let y = normal()
    return standardDeviation * SIMD2(x, y)
  }
}
