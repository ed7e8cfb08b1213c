#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How often training looks at each time t in [0, 1]: the density that it is drawn from.
///
/// The best prediction at each t is the same whatever the positive density (and whatever the weight):
/// the mean of the target given X_t. What changes is how much of a finite network and of its training goes
/// where, and what the number of the loss means.
public enum TimeDensity: Hashable, Sendable {
  /// Every t alike.
  case uniform
  /// t = 1/(1 + e^(−z)), z ~ N(μ, s²) (Esser et al., 2024, eq. 19); 0, 1 and −0.4, 1 are common.
  case logitNormal(mean: Double, deviation: Double)
  /// t = U^(1/(1 + α)), α > −1: towards the data for α > 0 (Dax et al., 2023, section 3).
  case power(Double)
  /// p ∝ cosh(a(t − ½)), a > 0: towards both ends.
  case uShaped(Double)

  /// The usual member of each family.
  public static let all: [TimeDensity] = [
    .uniform, .logitNormal(mean: 0, deviation: 1), .power(4), .uShaped(4),
  ]

  /// p(t), of integral 1.
  public func density(at t: Double) -> Double {
    switch self {
    case .uniform: return 1
    case .logitNormal(let mean, let deviation):
      guard t > 0, t < 1 else { return 0 }
      let z = (log(t / (1 - t)) - mean) / deviation
      return exp(-0.5 * z * z) / (deviation * (2 * Double.pi).squareRoot() * t * (1 - t))
    case .power(let alpha): return (1 + alpha) * pow(t, alpha)
    case .uShaped(let a): return 0.5 * a * cosh(a * (t - 0.5)) / sinh(0.5 * a)
    }
  }

  /// The time below which a share u in [0, 1) of all draws lies.
  public func quantile(_ u: Double) -> Double {
    switch self {
    case .uniform: return u
    case .logitNormal(let mean, let deviation):
      if u <= 0 { return 0 }
      if u >= 1 { return 1 }
      return 1 / (1 + exp(-(mean + deviation * NormalQuantile.value(u))))
    case .power(let alpha): return pow(u, 1 / (1 + alpha))
    case .uShaped(let a):
      return min(1, max(0, 0.5 + asinh((2 * u - 1) * sinh(0.5 * a)) / a))
    }
  }

  /// Makes draws of this density on [0, 1) from draws that are uniform there.
  public func place(_ times: inout [Double]) {
    if self == .uniform { return }
    for j in times.indices { times[j] = min(quantile(times[j]), 1.0.nextDown) }
  }
}

extension TimeDensity: TextCoded {
  /// As it is written: “logit-normal:0,1”.
  public var description: String {
    switch self {
    case .uniform: "uniform"
    case .logitNormal(let mean, let deviation):
      "logit-normal:\(mean.shortText),\(deviation.shortText)"
    case .power(let alpha): "power:\(alpha.shortText)"
    case .uShaped(let a): "u-shaped:\(a.shortText)"
    }
  }

  /// The name without its numbers.
  public var name: String { String(description.prefix { $0 != ":" }) }

  /// What it does, in one line.
  public var summary: String {
    switch self {
    case .uniform: "every time alike"
    case .logitNormal: "1/(1 + e^(−z)), z ~ N(μ, s²): the middle"
    case .power: "U^(1/(1+α)): the data's end"
    case .uShaped: "∝ cosh a(t − ½): both ends"
    }
  }

  /// What may be written.
  public static let range =
    "uniform, logit-normal:μ,s with 0.05 ≤ s ≤ 10, power:α with −0.95 ≤ α ≤ 100, or u-shaped:a with "
    + "0 < a ≤ 100"

  /// The density that is written so; without numbers its usual ones. nil for what is none.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let usual = TimeDensity.all.first(where: { $0.name == parts.first.map(String.init) })
    else { return nil }
    guard parts.count == 2 else {
      self = usual
      return
    }
    let numbers = parts[1].split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0) ?? .nan
    }
    switch (usual, numbers.count) {
    case (.logitNormal, 2)
    where abs(numbers[0]) <= 20 && (0.05...10).contains(numbers[1]):
      self = .logitNormal(mean: numbers[0], deviation: numbers[1])
    case (.power, 1) where (-0.95...100).contains(numbers[0]): self = .power(numbers[0])
    case (.uShaped, 1) where numbers[0] > 1e-6 && numbers[0] <= 100: self = .uShaped(numbers[0])
    default: return nil
    }
  }
}
