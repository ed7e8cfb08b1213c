#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How much noise g(t) a sampler adds on the way; every schedule but a constant one ends with g(1) = 0.
///
/// Any g ≥ 0 leaves the marginals of dX = [u + ½g²s]dt + g dW as they are (Song et al., 2021,
/// eq. 13; Ma et al., 2024, eq. 5); where s = −x̂₀/σ, g²/σ must stay bounded as σ → 0.
public enum NoiseSchedule: Codable, Hashable, Sendable {
  /// g = 0: the ordinary differential equation.
  case none
  /// g = scale·(1 − t).
  case linear(scale: Double)
  /// g = scale·√(1 − t): g² is proportional to conditional OT's σ.
  case squareRoot(scale: Double)
  /// g = scale·sin πt: nothing at both ends.
  case sine(scale: Double)
  /// g = √(2ε) at all times, for flows whose score stays known to the ends: see
  /// `FlowTraits.hasConstantNoise`.
  case epsilon(Double)

  /// Every schedule that suits all flows with a score, those with a scale at scale 1.
  public static let all: [NoiseSchedule] = [
    .none, .linear(scale: 1), .squareRoot(scale: 1), .sine(scale: 1),
  ]

  /// The name on the command line and in files.
  public var name: String {
    switch self {
    case .none: "none"
    case .linear: "linear"
    case .squareRoot: "square-root"
    case .sine: "sine"
    case .epsilon: "epsilon"
    }
  }

  /// What the schedule is multiplied by; nil where there is no noise.
  public var scale: Double? {
    switch self {
    case .none: nil
    case .linear(let scale), .squareRoot(let scale), .sine(let scale), .epsilon(let scale): scale
    }
  }

  /// The formula, in one line.
  public var formula: String {
    switch self {
    case .none: "g = 0"
    case .linear(let scale): "g = \(scale)(1 − t)"
    case .squareRoot(let scale): "g = \(scale)√(1 − t)"
    case .sine(let scale): "g = \(scale) sin πt"
    case .epsilon(let epsilon): "ε = \(epsilon), g = √(2ε)"
    }
  }

  /// The schedule of that name and scale ≥ 0; throws `UnknownName`, which suggests the nearest.
  public static func named(_ name: String, scale: Double = 1) throws(UnknownName) -> NoiseSchedule {
    switch name {
    case "none": return .none
    case "linear": return .linear(scale: scale)
    case "square-root": return .squareRoot(scale: scale)
    case "sine": return .sine(scale: scale)
    case "epsilon": return .epsilon(scale)
    default: throw UnknownName(kind: "noise schedule", name: name, among: all.map(\.name))
    }
  }

  /// g(t) for t in [0, 1].
  public func callAsFunction(_ t: Double) -> Double {
    switch self {
    case .none: 0
    case .linear(let scale): scale * (1 - t)
    case .squareRoot(let scale): scale * max(0, 1 - t).squareRoot()
    // sin of the complement: 0 at t = 1 to the bit.
    case .sine(let scale): scale * sin(.pi * min(t, 1 - t))
    case .epsilon(let epsilon): (2 * epsilon).squareRoot()
    }
  }
}
