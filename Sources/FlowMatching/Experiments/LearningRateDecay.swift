#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the learning rate η sinks over the steps of a run.
///
/// Where it does, it rises over the first hundredth of the steps (Goyal et al., 2017), so that a large η
/// does no harm to fresh weights, and stays at a hundredth of itself beyond the last step.
public enum LearningRateDecay: String, Codable, CaseIterable, Sendable {
  /// It stays as it is.
  case none
  /// η(1 − k/n).
  case linear
  /// η(1 + cos πk/n)/2 (Loshchilov and Hutter, 2017, eq. 5).
  case cosine

  /// In a few words.
  public var summary: String {
    switch self {
    case .none: "η stays as it is"
    case .linear: "η(1 − k/n), after a short rise"
    case .cosine: "η(1 + cos πk/n)/2, after a short rise"
    }
  }

  /// The share of η that step k = 0, 1, … of n takes.
  public func factor(step k: Int, of n: Int) -> Double {
    guard self != .none else { return 1 }
    let done = min(1, Double(k) / Double(max(1, n)))
    let rest = self == .linear ? 1 - done : 0.5 * (1 + cos(.pi * done))
    let rise = min(1, Double(k + 1) / (0.01 * Double(max(100, n))))
    return max(0.01, rest) * rise
  }
}
