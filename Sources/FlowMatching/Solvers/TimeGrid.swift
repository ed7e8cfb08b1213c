#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the fixed steps of a solve from t = 0 to 1 end.
public enum TimeGrid: Hashable, Sendable {
  /// Equal steps.
  case uniform
  /// σ → sσ/(1 + (s − 1)σ) of equal steps of σ = 1 − t: s > 1 looks longer at the noise. Twice is s².
  case shift(Double)
  /// Equal steps of the ρ-th root of the noise to data ratio (1 − t)/t from 80 to 0.002, then to 1 (Karras et
  /// al., 2022, eq. 5).
  case edm(Double)
  /// t = ½(1 − cos πu): shorter towards both ends.
  case cosine
  /// Those that lead nearest to the flow's own ends, see `BestTimeGrid`.
  case best
  /// Given times, from 0 to 1.
  case list([Double])

  /// The usual member of each family.
  public static let all: [TimeGrid] = [.uniform, .shift(3), .edm(7), .cosine, .best]

  /// The N + 1 times of N steps, from 0 to 1; nil for the best, which belong to a flow, and where a list has
  /// another number.
  public func times(steps: Int) -> [Double]? {
    precondition(steps > 0, "a solve needs a step")
    let even = (0...steps).map { Double($0) / Double(steps) }
    switch self {
    case .uniform: return even
    case .shift(let s):
      // σ' = sσ/(1 + (s − 1)σ) of σ = 1 − u, as 1 − σ' without a difference.
      return even.map { $0 / ($0 + s * (1 - $0)) }
    case .edm(let rho):
      let (high, low) = (pow(80, 1 / rho), pow(0.002, 1 / rho))
      return (0...steps).map { k in
        if k == 0 { return 0 }
        if k == steps { return 1 }
        let share = Double(k) / Double(max(1, steps - 1))
        return 1 / (1 + pow(high + share * (low - high), rho))
      }
    case .cosine: return even.map { 0.5 * (1 - cos(Double.pi * $0)) }
    case .best: return nil
    case .list(let times): return times.count == steps + 1 ? times : nil
    }
  }

  /// What it does, in one line.
  public var summary: String {
    switch self {
    case .uniform: "equal steps"
    case .shift: "σ → sσ/(1 + (s−1)σ), σ = 1 − t: longer at the noise; twice is s²"
    case .edm: "equal in the ρ-th root of the noise level, of Karras et al."
    case .cosine: "½(1 − cos πu): shorter towards both ends"
    case .best: "found for the flow, the solver and the number of steps"
    case .list: "given times"
    }
  }
}

extension TimeGrid: TextCoded {
  /// As it is written: “shift:3”, “0.2,0.5”.
  public var description: String {
    switch self {
    case .uniform: "uniform"
    case .shift(let s): "shift:\(s.shortText)"
    case .edm(let rho): "edm:\(rho.shortText)"
    case .cosine: "cosine"
    case .best: "best"
    case .list(let times): times.map(\.shortText).joined(separator: ",")
    }
  }

  /// The name without its number.
  public var name: String { String(description.prefix { $0 != ":" }) }

  /// What may be written.
  public static let range =
    "uniform, shift:s with 0.01 ≤ s ≤ 100, edm:ρ with 0.1 ≤ ρ ≤ 100, cosine, best, or rising times "
    + "between 0 and 1 such as 0.2,0.5,0.7"

  /// The grid that is written so; the ends of a list may be left out. nil for what is none.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if let usual = TimeGrid.all.first(where: { $0.name == parts.first.map(String.init) }) {
      guard parts.count == 2 else {
        self = usual
        return
      }
      let number = Double(parts[1]) ?? .nan
      switch usual {
      case .shift where (0.01...100).contains(number): self = .shift(number)
      case .edm where (0.1...100).contains(number): self = .edm(number)
      default: return nil
      }
      return
    }
    var times = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0) ?? .nan
    }
    guard times.count <= 100_001, times.allSatisfy({ (0...1).contains($0) }) else { return nil }
    if times.first != 0 { times.insert(0, at: 0) }
    if times.last != 1 { times.append(1) }
    guard zip(times, times.dropFirst()).allSatisfy({ $1 - $0 > 1e-12 }) else { return nil }
    self = .list(times)
  }
}
