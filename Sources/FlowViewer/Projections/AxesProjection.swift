import FlowMatching

/// Two directions along which flat points of other than two coordinates are seen.
struct AxesProjection: Projection {
  /// The place that is 0 on both, d coordinates.
  let middle: [Double]
  /// The directions, unit vectors of d coordinates; the second is 0 where points have one coordinate.
  let along: (x: [Double], y: [Double])

  func picture(_ points: Batch) -> Batch { seen(points, from: middle) }

  func directions(_ v: Batch, at x: Batch) -> Batch {
    seen(v, from: [Double](repeating: 0, count: middle.count))
  }

  var hasAxes: Bool { true }

  private func seen(_ points: Batch, from middle: [Double]) -> Batch {
    let n = points.count
    var picture = Batch(dimension: 2, count: n)
    for i in 0..<min(points.dimension, middle.count) {
      let (x, y, zero) = (along.x[i], along.y[i], middle[i])
      for j in 0..<n {
        let offset = points.values[i * n + j] - zero
        picture.values[j] += x * offset
        picture.values[n + j] += y * offset
      }
    }
    return picture
  }
}
