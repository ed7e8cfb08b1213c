/// What a network is told of the time t at which it is asked.
public enum NetworkClock: Hashable, Sendable {
  /// t, or 1 − t, so many times.
  case linear(scale: Double, isReversed: Bool)
  /// t after one more shift of the noise, σ ↦ sσ/(1 + (s − 1)σ) with σ = 1 − t (Esser et al., 2024, eq. 23).
  case shifted(Double)
  /// The same whatever t is.
  case fixed(Double)

  /// t itself.
  public static let plain = NetworkClock.linear(scale: 1, isReversed: false)

  /// What it shows at t.
  public func told(_ t: Double) -> Double {
    switch self {
    case .linear(let scale, let isReversed): return scale * (isReversed ? 1 - t : t)
    case .shifted(let shift):
      let noise = 1 - t
      return 1 - shift * noise / (1 + (shift - 1) * noise)
    case .fixed(let time): return time
    }
  }
}
