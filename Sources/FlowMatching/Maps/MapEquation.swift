#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The three equations of one map; a map that keeps one of them at every point and time is the flow's.
public enum MapEquation: String, Codable, Hashable, Sendable, CaseIterable {
  /// ū = v + (r − t)(∂_t + v·∇)ū.
  case eulerian
  /// ∂_r X_{t,r} = v_r(X_{t,r}).
  case lagrangian
  /// X_{s,r}∘X_{t,s} = X_{t,r}, s = (t + r)/2.
  case semigroup
}

extension TwoTimeMap {
  /// By how much a map misses an equation at each point of the `d×n` batch, with its own velocity ū(x, t, t):
  /// the length of the difference of both sides, derivatives by differences.
  public func residuals(_ equation: MapEquation, at x: Batch, from t: Double, to r: Double)
    -> [Double]
  {
    let h = 5e-4
    // Differences reach 2h beyond; a map is trained on 0 ≤ t ≤ r ≤ 1.
    let (t, r) = (min(max(t, 2 * h), r - 4 * h), min(r, 1 - 2 * h))
    let (left, right): (Batch, Batch)
    switch equation {
    case .eulerian:
      let v = meanVelocity(x, from: t, to: t)
      let tangent = tangent(x, along: v, from: t, to: r, step: h)
      (left, right) = (meanVelocity(x, from: t, to: r), v.moved(along: tangent, by: r - t))
    case .lagrangian:
      let there = carried(x, from: t, to: r)
      (left, right) = (rate(x, from: t, to: r, step: h), meanVelocity(there, from: r, to: r))
    case .semigroup:
      let middle = 0.5 * (t + r)
      (left, right) = (
        carried(carried(x, from: t, to: middle), from: middle, to: r), carried(x, from: t, to: r)
      )
    }
    return (0..<x.count).map { j in
      (0..<x.dimension).reduce(0) { sum, i in
        let difference = left[i, j] - right[i, j]
        return sum + difference * difference
      }.squareRoot()
    }
  }
}
