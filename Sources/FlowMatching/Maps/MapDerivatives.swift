/// Derivatives of a map by central differences of fourth order.
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
    Batch(
      dimension: dimension, values: CentralDifference.derivative(step: h) { f($0).values })
  }
}
