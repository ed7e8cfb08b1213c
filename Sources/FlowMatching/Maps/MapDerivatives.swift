/// Derivatives of a map by central differences of fourth order, [f(−2h) − 8f(−h) + 8f(h) − f(2h)]/12h.
extension TwoTimeMap {
  /// (∂_t + w·∇)ū(x, t, r) for a direction w at every point, `d×n`: what a tangent pass with the tangents
  /// (w, 1, 0) gives. All points are followed by one step h, which stays within [0, r].
  func tangent(
    _ x: Batch, along w: Batch, from t: Double, to r: Double, withTime rate: Double = 1,
    step h: Double = 2e-4
  ) -> Batch {
    difference(step: h) { s in
      meanVelocity(x.moved(along: w, by: s), from: t + s * rate, to: r)
    }
  }

  /// ∂_r X_{t,r}(x).
  func rate(_ x: Batch, from t: Double, to r: Double, step h: Double = 2e-4) -> Batch {
    difference(step: h) { carried(x, from: t, to: r + $0) }
  }

  /// ∇X_{t,r} at every point: the column by coordinate k is the k-th batch.
  public func jacobian(
    _ x: Batch, from t: Double, to r: Double, step h: Double = 1e-3
  ) -> [Batch] {
    (0..<dimension).map { k in
      var axis = Batch(dimension: x.dimension, count: x.count)
      for j in 0..<x.count { axis[k, j] = 1 }
      return difference(step: h) { carried(x.moved(along: axis, by: $0), from: t, to: r) }
    }
  }

  private func difference(step h: Double, _ f: (Double) -> Batch) -> Batch {
    var sum = Batch(dimension: 1, count: 0)
    for (shift, weight) in [(-2.0, 1.0), (-1, -8), (1, 8), (2, -1)] {
      let value = f(shift * h)
      if sum.count != value.count {
        sum = Batch(dimension: value.dimension, count: value.count)
      }
      for k in value.values.indices { sum.values[k] += weight * value.values[k] / (12 * h) }
    }
    return sum
  }
}
