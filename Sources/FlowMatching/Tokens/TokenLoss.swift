#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a network's p_{1|t} is judged by, for one letter x of x_t and x₁ of the data.
public enum TokenLoss: String, Codable, Hashable, Sendable, CaseIterable {
  /// −ln p(x₁).
  case crossEntropy = "cross-entropy"
  /// −κ̇/(1 − κ)·[p(x) − δ + (1 − δ) ln p(x₁)], δ = 1 where x = x₁ (Lipman et al., 2024, eq. 7.32).
  case generalizedKL = "generalised-kl"

  /// The mean loss over the letters of x under probabilities, and no slope: for exact posteriors.
  public func mean(
    _ p: TokenProbabilities, _ x: TokenSequences, to x1: TokenSequences, at t: [Double],
    along path: TokenPath
  ) -> Double {
    var sum = 0.0
    for j in 0..<x.count {
      for i in 0..<x.space.length {
        let logTarget = log(p[Int(x1[i, j]), i, j])
        switch self {
        case .crossEntropy: sum -= logTarget
        case .generalizedKL:
          let own = x[i, j] < x.space.mask ? p[Int(x[i, j]), i, j] : 0
          sum -= path.schedule.rate(t[j]) * (own + (x[i, j] == x1[i, j] ? -1 : logTarget))
        }
      }
    }
    return sum / Double(x.values.count)
  }
}
