/// The map X_{t,r} of a flow, which carries points from a time to a later one at once.
///
/// It is told by its mean velocity: X_{t,r}(x) = x + (r − t)·ū(x, t, r), where ū(x, t, t) is the velocity
/// (Geng et al., 2025, eq. 3, where time runs the other way; Boffi et al., 2025, eq. 2.4).
public protocol TwoTimeMap: Sendable {
  /// The dimension d of the points.
  var dimension: Int { get }

  /// Writes ū(x, t, r) of every point of the `d×n` batch, from its time t to its time r ≥ t.
  mutating func meanVelocity(
    _ x: Batch, from t: Times, to r: Times, into velocity: inout Batch)
}

extension TwoTimeMap {
  /// Moves every point of the `d×n` batch from its time t to its time r.
  public mutating func carry(_ x: inout Batch, from t: Times, to r: Times) {
    var velocity = x
    meanVelocity(x, from: t, to: r, into: &velocity)
    for j in 0..<x.count {
      let span = r[j] - t[j]
      for k in stride(from: j, to: x.values.count, by: x.count) {
        x.values[k] += span * velocity.values[k]
      }
    }
  }

  /// ū(x, t, r), allocated anew: for checks, not for loops that hurry.
  func meanVelocity(_ x: Batch, from t: Double, to r: Double) -> Batch {
    var (map, velocity) = (self, x)
    map.meanVelocity(x, from: .shared(t), to: .shared(r), into: &velocity)
    return velocity
  }

  /// X_{t,r}(x), allocated anew.
  func carried(_ x: Batch, from t: Double, to r: Double) -> Batch {
    var (map, there) = (self, x)
    map.carry(&there, from: .shared(t), to: .shared(r))
    return there
  }
}

extension Times {
  /// The same times, one for each of `count` points.
  func each(_ count: Int) -> [Double] {
    switch self {
    case .shared(let t): [Double](repeating: t, count: count)
    case .each(let times): times
    }
  }
}
