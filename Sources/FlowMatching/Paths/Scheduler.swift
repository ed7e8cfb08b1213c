/// How data replaces noise along an affine path X_t = α_t X₁ + σ_t X₀, t from 0 (noise) to 1 (data).
///
/// A case rather than a value, because checkpoints save it by name.
public enum Scheduler: String, Codable, CaseIterable, Sendable {
  /// α = t, σ = 1 − t: straight lines at constant speed (Lipman et al., 2023, example II).
  case conditionalOT

  /// The name on the screen.
  public var title: String {
    switch self {
    case .conditionalOT: "conditional OT"
    }
  }

  /// α_t, the share of data, for t in [0, 1].
  public func alpha(_ t: Double) -> Double {
    switch self {
    case .conditionalOT: t
    }
  }

  /// σ_t, the share of noise, for t in [0, 1].
  public func sigma(_ t: Double) -> Double {
    switch self {
    case .conditionalOT: 1 - t
    }
  }

  /// dα/dt.
  public func alphaRate(_ t: Double) -> Double {
    switch self {
    case .conditionalOT: 1
    }
  }

  /// dσ/dt.
  public func sigmaRate(_ t: Double) -> Double {
    switch self {
    case .conditionalOT: -1
    }
  }
}
