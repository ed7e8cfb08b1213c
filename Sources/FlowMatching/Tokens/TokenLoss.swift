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

  /// The loss of one letter from V logits, and its slope by them, times `scale`, over `pull`.
  ///
  /// `rate` is κ̇/(1 − κ); a masked x has no p(x).
  func evaluate(
    _ logits: [Float], _ range: Range<Int>, x: UInt16, target: UInt16, rate: Double,
    scale: Double, pull: inout [Float]
  ) -> Double {
    let start = range.lowerBound
    var largest = -Float.infinity
    for k in range { largest = max(largest, logits[k]) }
    var sum: Float = 0
    for k in range {
      pull[k] = exp(logits[k] - largest)
      sum += pull[k]
    }
    let logSum = Double(largest) + Double(log(sum))
    let logTarget = Double(logits[start + Int(target)]) - logSum
    let weight: Double
    var ownTerm = 0.0
    let loss: Double
    switch self {
    case .crossEntropy:
      loss = -logTarget
      weight = 1
    case .generalizedKL:
      let own = Int(x) < range.count ? exp(Double(logits[start + Int(x)]) - logSum) : 0
      let isSame = x == target
      loss = -rate * (own + (isSame ? -1 : logTarget))
      weight = isSame ? 0 : rate
      ownTerm = rate * own
    }
    // d(−ln p₁)/dz = p − e₁ and d(−p_x)/dz = p_x(p − e_x).
    let factor = Float(scale * (weight + ownTerm)) / sum
    for k in range { pull[k] *= factor }
    pull[start + Int(target)] -= Float(scale * weight)
    if ownTerm > 0 { pull[start + Int(x)] -= Float(scale * ownTerm) }
    return loss
  }

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
