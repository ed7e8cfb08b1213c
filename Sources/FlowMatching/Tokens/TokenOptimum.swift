#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The least losses that a posterior can have, in nats a letter: means over t in [0, end].
///
/// With the exact posterior p and r = κ̇/(1 − κ) the generalised KL loss at t is
/// r·E Σ_{v ≠ x^i} −p(v) ln p(v) (Lipman et al., 2024, eq. 7.32, averaged over x₁ given x), and the
/// cross-entropy E Σ_v −p(v) ln p(v). From masks the former is H(q)/L over the whole of [0, 1].
public struct TokenOptimum: Sendable, Hashable {
  /// The generalised KL loss.
  public let generalizedKL: Estimate
  /// The cross-entropy.
  public let crossEntropy: Estimate
  /// The times are uniform on [0, end]; flow_matching's default is 0.999.
  public let end: Double

  /// Entropies at one time, in nats, summed over the letters of a sequence, averaged over sequences.
  struct Entropies {
    /// Σ −p ln p over all letters but the one that stands there.
    var others = 0.0
    /// That over all letters.
    var all = 0.0
  }

  /// The optimum by quadrature over t: with `nodes` nodes, its error the difference from fewer.
  ///
  /// t = 1 − s⁴: at t = 1 the entropies have a logarithmic singularity.
  static func quadrature(
    length: Int, along path: TokenPath, until end: Double, nodes: Int = 64,
    _ entropies: (_ kappa: Double, _ complement: Double) -> Entropies
  ) -> TokenOptimum {
    precondition(end > 0 && end <= 1, "times end within (0, 1]")
    let least = pow(1 - end, 0.25)
    func integrals(_ count: Int) -> (Double, Double) {
      let rule = GaussLegendre(count)
      var (divergence, entropy) = (0.0, 0.0)
      for k in 0..<count {
        let s = least + (1 - least) * rule.nodes[k]
        let t = 1 - s * s * s * s
        let weight = rule.weights[k] * (1 - least) * 4 * s * s * s / (end * Double(length))
        let complement = path.schedule.complement(t)
        let values = entropies(1 - complement, complement)
        divergence += weight * path.schedule.slope(t) / complement * values.others
        entropy += weight * values.all
      }
      return (divergence, entropy)
    }
    let (fine, coarse) = (integrals(nodes), integrals(nodes - nodes / 4))
    return TokenOptimum(
      generalizedKL: Estimate(mean: fine.0, standardError: abs(fine.0 - coarse.0)),
      crossEntropy: Estimate(mean: fine.1, standardError: abs(fine.1 - coarse.1)), end: end)
  }

  /// The optimum from draws of x_t, a time each, with its standard error.
  ///
  /// t = 1 − s², s uniform: towards t = 1 the loss is seldom and large.
  static func draws(
    _ count: Int, of data: some TokenDistribution, along path: TokenPath, until end: Double,
    seed: UInt64 = 0
  ) -> TokenOptimum {
    precondition(end > 0 && end <= 1, "times end within (0, 1]")
    var random = Random(seed: seed).stream("token optimum")
    let least = (1 - end).squareRoot()
    // The draws of a time follow one another, so that their scatter can be told from its course.
    let roots = (0..<count).map { k in
      least + (1 - least) * (Double(k) + random.uniform()) / Double(count)
    }
    let times = roots.map { 1 - $0 * $0 }
    let x1 = data.sample(count: count, using: &random)
    let x = path.sample(to: x1, at: .each(times), using: &random)
    var posterior = data.posterior(along: path)
    var (divergences, entropies) = ([Double](), [Double]())
    let length = data.space.length
    for j in 0..<count {
      let one = x.sequences(j..<j + 1)
      var p = TokenProbabilities(space: data.space, count: 1)
      posterior.evaluate(one, at: .shared(times[j]), into: &p)
      let values = Entropies(one, p)
      let weight = 2 * roots[j] * (1 - least) / (end * Double(length))
      divergences.append(weight * path.schedule.rate(times[j]) * values.others)
      entropies.append(weight * values.all)
    }
    return TokenOptimum(
      generalizedKL: Estimate(alongTime: divergences), crossEntropy: Estimate(alongTime: entropies),
      end: end)
  }
}

extension TokenOptimum.Entropies {
  /// Those of one sequence under its posterior.
  init(_ x: TokenSequences, _ p: TokenProbabilities) {
    for i in 0..<x.space.length {
      for letter in 0..<x.space.letters {
        let share = p[letter, i, 0]
        guard share > 0 else { continue }
        let term = -share * log(share)
        all += term
        if letter != x[i, 0] { others += term }
      }
    }
  }
}

extension TokensCheckerboard {
  /// By quadrature; from masks also in closed form, κ̇ times a polynomial of κ.
  public func optimum(along path: TokenPath, until end: Double = 1) -> TokenOptimum {
    let v = Double(space.letters)
    return TokenOptimum.quadrature(length: 2, along: path, until: end) { kappa, complement in
      switch path.source {
      case .mask:
        let open = 2 * complement * (kappa * log(v / 2) + complement * log(v))
        return TokenOptimum.Entropies(others: open, all: open)
      case .uniform:
        return uniformEntropies(kappa, complement)
      }
    }
  }

  /// All dark fields are alike, and all light ones.
  private func uniformEntropies(_ kappa: Double, _ complement: Double) -> TokenOptimum.Entropies {
    let v = Double(space.letters)
    let beta = complement / v
    var sum = TokenOptimum.Entropies()
    for dark in [1.0, 0] {
      let share = dark == 1 ? 0.5 * (1 + kappa * kappa) : 0.5 * complement * (1 + kappa)
      let total = kappa * kappa * dark + 0.5 * complement * (1 + kappa)
      func term(_ count: Double, _ weight: Double) -> Double {
        weight > 0 ? -count * weight / total * log(weight / total) : 0
      }
      let others =
        term(v / 2 - dark, beta * (kappa + 0.5 * complement))
        + term(v / 2 - (1 - dark), beta * 0.5 * complement)
      let own = term(1, (kappa + beta) * (kappa * dark + 0.5 * complement))
      sum.others += 2 * share * others
      sum.all += 2 * share * (others + own)
    }
    return sum
  }
}
