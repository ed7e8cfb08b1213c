#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How data replaces noise along an affine path X_t = α_t X₁ + σ_t X₀, t from 0 (noise) to 1 (data).
///
/// A case rather than a value, because checkpoints save it, by its name. α(0) = 0, σ(0) = 1,
/// α(1) = 1 and σ(1) = 0 for all but the variance-preserving schedule, whose α(0) is 0.00657.
public enum Scheduler: Hashable, Sendable {
  /// α = t, σ = 1 − t: straight lines at constant speed (Lipman et al., 2023, example II).
  case conditionalOT
  /// α = tⁿ, σ = 1 − tⁿ, n ≥ 1: straight lines, slow at the start (Lipman et al., 2024, §4.8).
  case polynomial(Int)
  /// α = sin(πt/2), σ = cos(πt/2) (Albergo and Vanden-Eijnden, 2023, eq. 5).
  case cosine
  /// α = t, σ = √(1 − t²): the variance is preserved.
  case linearVP
  /// α = e^(−T/2), σ = √(1 − e^(−T)), T = ½(1−t)²(B−b) + (1−t)b with b = 0.1, B = 20: the diffusion
  /// of Song et al. (2021, eq. 33) in reverse time.
  case variancePreserving

  /// The schedules that are listed; `polynomial` has one for every degree.
  public static let all: [Scheduler] = [
    .conditionalOT, .polynomial(2), .polynomial(3), .cosine, .linearVP, .variancePreserving,
  ]

  /// The largest degree that a name may ask for.
  static let degrees = 1...20
  /// b and B of the variance-preserving schedule.
  static let leastRate = 0.1
  static let greatestRate = 20.0
  /// Where σ̇ → −∞ as t → 1, it keeps its value from this long before the end.
  static let endMargin = 1e-5

  /// The name on the command line and in files, "conditional-ot".
  public var name: String {
    switch self {
    case .conditionalOT: "conditional-ot"
    case .polynomial(let degree): "polynomial-\(degree)"
    case .cosine: "cosine"
    case .linearVP: "linear-vp"
    case .variancePreserving: "vp"
    }
  }

  /// The name on the screen.
  public var title: String {
    switch self {
    case .conditionalOT: "conditional OT"
    case .polynomial(let degree): "polynomial \(degree)"
    case .cosine: "cosine"
    case .linearVP: "linear VP"
    case .variancePreserving: "VP"
    }
  }

  /// α and σ in one line.
  public var formula: String {
    switch self {
    case .conditionalOT: "α = t, σ = 1 − t"
    case .polynomial(let degree): "α = t^\(degree), σ = 1 − t^\(degree)"
    case .cosine: "α = sin πt/2, σ = cos πt/2"
    case .linearVP: "α = t, σ = √(1 − t²)"
    case .variancePreserving: "α = e^(−T/2), σ = √(1 − e^(−T)), T = 9.95(1−t)² + 0.1(1−t)"
    }
  }

  /// What does not meet at t = 0, in words; nil where α(0) = 0 and the path starts at the source.
  public var startMismatch: String? {
    let alpha = coefficients(at: 0).alpha
    guard alpha > 0 else { return nil }
    let share = Double(Int(alpha * 1e5 + 0.5)) / 1e5
    return "at t = 0 the path has \(share) of the data in it already, but samples start from the "
      + "source alone: for data far from the origin they end beside it"
  }

  /// The schedule of that name; throws `UnknownName`, which suggests the nearest. Polynomials of
  /// degree 1 to 20 have names.
  public static func named(_ name: String) throws(UnknownName) -> Scheduler {
    if let scheduler = all.first(where: { $0.name == name }) { return scheduler }
    if name.hasPrefix("polynomial-"), let degree = Int(name.dropFirst(11)),
      degrees.contains(degree), Scheduler.polynomial(degree).name == name
    {
      return .polynomial(degree)
    }
    throw UnknownName(kind: "scheduler", name: name, among: all.map(\.name))
  }

  /// α, σ and their rates at `t` in [0, 1], all finite.
  ///
  /// Under `linearVP` and `variancePreserving` σ̇ → −∞ as t → 1; there α and σ are exact, and so are
  /// α̇ and σσ̇, but σ̇ stays at its value for t = 1 − 1e-5 (−224 and −50). `polynomial(n)` has D = 0
  /// at t = 0 for n > 1: nothing moves yet.
  public func coefficients(at t: Double) -> PathCoefficients {
    switch self {
    case .conditionalOT:
      return PathCoefficients(alpha: t, sigma: 1 - t, alphaRate: 1, sigmaRate: -1)
    case .polynomial(let degree):
      let lower = pow(t, Double(degree - 1))
      let rate = Double(degree) * lower
      return PathCoefficients(
        alpha: t * lower, sigma: 1 - t * lower, alphaRate: rate, sigmaRate: -rate)
    case .cosine:
      // sin of the complement: σ(1) is 0 and not 6e-17.
      let (s, c) = (sin(0.5 * .pi * t), sin(0.5 * .pi * (1 - t)))
      return PathCoefficients(
        alpha: s, sigma: c, alphaRate: 0.5 * .pi * c, sigmaRate: -0.5 * .pi * s)
    case .linearVP:
      let early = min(t, 1 - Scheduler.endMargin)
      return PathCoefficients(
        alpha: t, sigma: ((1 - t) * (1 + t)).squareRoot(), alphaRate: 1,
        sigmaRate: -early / ((1 - early) * (1 + early)).squareRoot(), sigmaProduct: -t)
    case .variancePreserving:
      let (decay, rate) = Scheduler.decay(at: t)
      let alpha = exp(-0.5 * decay)
      let early = Scheduler.decay(at: min(t, 1 - Scheduler.endMargin))
      return PathCoefficients(
        alpha: alpha, sigma: (-expm1(-decay)).squareRoot(), alphaRate: -0.5 * rate * alpha,
        sigmaRate: 0.5 * early.rate * exp(-early.value) / (-expm1(-early.value)).squareRoot(),
        sigmaProduct: 0.5 * rate * exp(-decay))
    }
  }

  /// The t at which α/σ = ρ, for ρ from 0 to ∞; 0 where no t has so little signal.
  public func time(inverseSignalToNoise rho: Double) -> Double {
    // Written with 1/ρ, so that ρ = ∞ gives 1.
    let inverse = 1 / rho
    switch self {
    case .conditionalOT: return 1 / (1 + inverse)
    case .polynomial(let degree): return pow(1 / (1 + inverse), 1 / Double(degree))
    case .cosine: return 2 / .pi * atan(rho)
    case .linearVP: return 1 / (1 + inverse * inverse).squareRoot()
    case .variancePreserving:
      let decay = log1p(inverse * inverse)
      guard decay.isFinite else { return 0 }
      let (b, span) = (Scheduler.leastRate, Scheduler.greatestRate - Scheduler.leastRate)
      // 1 − (−b + √(b² + 2(B−b)T))/(B−b) without its cancellation at small T.
      return max(0, 1 - 2 * decay / (b + (b * b + 2 * span * decay).squareRoot()))
    }
  }

  /// T and dT/dt of the variance-preserving schedule.
  private static func decay(at t: Double) -> (value: Double, rate: Double) {
    let left = 1 - t
    let span = greatestRate - leastRate
    return (0.5 * left * left * span + left * leastRate, -left * span - leastRate)
  }
}

extension Scheduler: Codable {
  /// Decodes a name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    do { self = try Scheduler.named(name) } catch {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: error.description)
    }
  }

  /// Encodes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
