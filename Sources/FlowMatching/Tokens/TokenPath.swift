#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// When letters become those of the data: κ_t, from κ₀ = 0 to κ₁ = 1, the α of a schedule.
public enum TokenSchedule: String, Codable, Hashable, Sendable, CaseIterable {
  /// κ = t² (Gat et al., 2024).
  case quadratic
  /// κ = t (Campbell et al., 2024).
  case linear
  /// κ = t³.
  case cubic
  /// κ = sin(πt/2).
  case cosine

  /// κ_t for t in [0, 1].
  public func kappa(_ t: Double) -> Double {
    self == .cosine ? sin(0.5 * .pi * t) : 1 - complement(t)
  }

  /// 1 − κ_t, without cancellation at t = 1.
  public func complement(_ t: Double) -> Double {
    switch self {
    case .quadratic: return (1 - t) * (1 + t)
    case .linear: return 1 - t
    case .cubic: return (1 - t) * (1 + t + t * t)
    case .cosine:
      let half = sin(0.25 * .pi * (1 - t))
      return min(1, 2 * half * half)
    }
  }

  /// κ̇_t.
  public func slope(_ t: Double) -> Double {
    switch self {
    case .quadratic: 2 * t
    case .linear: 1
    case .cubic: 3 * t * t
    case .cosine: 0.5 * .pi * sin(0.5 * .pi * (1 - t))
    }
  }

  /// κ̇/(1 − κ), the rate at which a letter of the source becomes one of the data; infinite at t = 1.
  public func rate(_ t: Double) -> Double { t < 1 ? slope(t) / complement(t) : .infinity }

  /// The t at which κ_t is so large, from 0 to 1.
  public func time(kappa: Double) -> Double {
    switch self {
    case .quadratic: kappa.squareRoot()
    case .linear: kappa
    case .cubic: cbrt(kappa)
    case .cosine: 2 / .pi * asin(kappa)
    }
  }

  /// The formula, in one line.
  public var formula: String {
    switch self {
    case .quadratic: "κ = t²"
    case .linear: "κ = t"
    case .cubic: "κ = t³"
    case .cosine: "κ = sin(πt/2)"
    }
  }

  /// The schedule whose κ is the α of a scheduler; nil where letters know none such.
  public init?(_ scheduler: Scheduler) {
    switch scheduler {
    case .conditionalOT, .polynomial(1): self = .linear
    case .polynomial(2): self = .quadratic
    case .polynomial(3): self = .cubic
    case .cosine: self = .cosine
    default: return nil
    }
  }
}

/// What the letters are at t = 0.
public enum TokenSource: String, Codable, Hashable, Sendable, CaseIterable {
  /// All open.
  case mask
  /// Each uniform on the V letters.
  case uniform
}

/// The mixture path: every letter by itself is that of x₁ with probability κ_t, else of the source.
///
/// p_t(x^i | x₁) = κ_t δ(x^i, x₁^i) + (1 − κ_t) p₀(x^i) (Gat et al., 2024, eq. 8).
public struct TokenPath: Codable, Hashable, Sendable {
  /// κ_t.
  public var schedule: TokenSchedule
  /// p₀.
  public var source: TokenSource

  /// The path of a schedule from a source.
  public init(schedule: TokenSchedule = .quadratic, source: TokenSource = .mask) {
    self.schedule = schedule
    self.source = source
  }

  /// How many states a position has: V, and the mask where the source is one.
  public func states(_ space: TokenSpace) -> Int {
    source == .mask ? space.letters + 1 : space.letters
  }

  /// p₀ of a state of one position.
  public func sourceProbability(_ state: UInt16, _ space: TokenSpace) -> Double {
    switch source {
    case .mask: state == space.mask ? 1 : 0
    case .uniform: state < space.mask ? 1 / Double(space.letters) : 0
    }
  }

  /// p_t(x^i = v | x₁^i = v)/p_t(x^i = v | x₁^i ≠ v), what a letter that is set says of the data's:
  /// 1 + κ/((1 − κ)p₀(v)); infinite from masks.
  public func evidence(_ t: Double, _ space: TokenSpace) -> Double {
    guard source == .uniform else { return .infinity }
    return 1 + Double(space.letters) * schedule.kappa(t) / schedule.complement(t)
  }

  /// `count` draws of x₀.
  public func start(_ space: TokenSpace, count: Int, using random: inout Random) -> TokenSequences {
    var x = TokenSequences(space: space, count: count)
    if source == .uniform {
      for k in x.values.indices { x.values[k] = UInt16(random.integer(below: space.letters)) }
    }
    return x
  }

  /// Draws x_t for every sequence x₁ and its time: two numbers a letter, whatever comes of them.
  public func sample(
    to x1: TokenSequences, at t: Times, using random: inout Random
  ) -> TokenSequences {
    var x = x1
    let letters = Double(x1.space.letters)
    for i in 0..<x1.space.length {
      for j in 0..<x1.count {
        let (kept, other) = (random.uniform(), random.uniform())
        guard kept < schedule.complement(t[j]) else { continue }
        x[i, j] = source == .mask ? x1.space.mask : UInt16(other * letters)
      }
    }
    return x
  }
}
