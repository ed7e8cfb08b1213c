#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far the losses of a posterior p are above those of the exact one p*, on fixed draws of t and x_t.
///
/// Averaged over x₁ given x, the generalised KL loss is above its optimum by
/// κ̇/(1 − κ)·Σ_{v ≠ x^i} [p* ln(p*/p) − p* + p](v), and the cross-entropy by Σ_v p* ln(p*/p). Neither is
/// negative, and both are far less noisy than a difference of losses.
public struct TokenExcess: Sendable {
  /// The path.
  public let path: TokenPath
  /// The draws of x_t.
  public let x: TokenSequences
  /// Their times.
  public let times: [Double]
  private let weights: [Double]
  private let exact: TokenProbabilities

  /// `count` draws with t uniform on [0, end).
  public init(
    of data: some TokenDistribution, along path: TokenPath, count: Int = 4096, end: Double = 0.999,
    seed: UInt64 = 0
  ) {
    precondition(count > 1 && end > 0 && end < 1, "draws, and times before 1")
    self.path = path
    var random = Random(seed: seed).stream("token excess")
    // t = 1 − s², s uniform: towards t = 1 differences are seldom and count much.
    let least = (1 - end).squareRoot()
    let roots = (0..<count).map { k in
      least + (1 - least) * (Double(k) + random.uniform()) / Double(count)
    }
    times = roots.map { 1 - $0 * $0 }
    let length = Double(data.space.length)
    weights = roots.map { 2 * $0 * (1 - least) / (end * length) }
    let x1 = data.sample(count: count, using: &random)
    x = path.sample(to: x1, at: .each(times), using: &random)
    var (posterior, p) = (
      data.posterior(along: path), TokenProbabilities(space: data.space, count: count)
    )
    posterior.evaluate(x, at: .each(times), into: &p)
    exact = p
  }

  /// The excess of a posterior, in nats a letter; its error is that of the draws.
  public func excess(of posterior: some TokenPosterior, _ loss: TokenLoss) -> Estimate {
    var (posterior, p) = (posterior, exact)
    posterior.evaluate(x, at: .each(times), into: &p)
    let (length, letters) = (x.space.length, x.space.letters)
    let values = times.indices.map { j in
      var sum = 0.0
      for i in 0..<length {
        let start = p.offset(i, j)
        for letter in 0..<letters {
          if loss == .generalizedKL && letter == x[i, j] { continue }
          let (best, own) = (exact.values[start + letter], p.values[start + letter])
          // Over all letters −p* + p adds up to nothing.
          sum += own - best
          if best > 0 { sum += best * log(best / own) }
        }
      }
      let rate = loss == .generalizedKL ? path.schedule.rate(times[j]) : 1
      return weights[j] * rate * sum
    }
    return Estimate(alongTime: values)
  }
}
