/// How much the error at each time counts in the loss, beside how often the time is drawn.
public enum TimeWeight: String, Codable, CaseIterable, Hashable, Sendable {
  /// Every time alike.
  case uniform
  /// 1/(1 − t)², what the velocity's error is of the target's along conditional OT; bounded by 400, that of
  /// t = 0.95.
  case velocity
  /// (1 − t)², the other way round: a velocity is weighed as the target that it predicts.
  case target

  /// What it does, in one line.
  public var summary: String {
    switch self {
    case .uniform: "every time alike"
    case .velocity: "1/(1 − t)², up to 400: errors of a target count as velocities"
    case .target: "(1 − t)²: errors of a velocity count as targets"
    }
  }

  /// w(t).
  public func weight(at t: Double) -> Double {
    let left = 1 - t
    return switch self {
    case .uniform: 1
    case .velocity: 1 / max(left * left, 0.0025)
    case .target: left * left
    }
  }
}
