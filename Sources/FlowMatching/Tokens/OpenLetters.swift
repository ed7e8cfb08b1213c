#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Draws of x_t from masks for the generalised KL loss in which every number of open letters is as
/// frequent, and no draw weighs much more than another.
///
/// Letter i is open until κ reaches a uniform variate u_i. The rate κ̇/(1 − κ) is large where letters are
/// seldom open; over t the loss of m open letters adds up to 1/m for each set of them, whatever the
/// schedule. So m is drawn uniformly from 1 … L, κ is the m-th largest of the u_i, and an open letter
/// counts L·P_m/(m·t_end) times, P_m the probability that κ comes before the end.
struct OpenLetters {
  private let path: TokenPath
  private let length: Int
  private let latest: Double
  /// For each m how often an open letter counts.
  private let weights: [Double]

  /// Draws of words so long, with t up to an end.
  init(length: Int, along path: TokenPath, until end: Double) {
    precondition(path.source == .mask, "only masks are open")
    self.path = path
    self.length = length
    let kappa = path.schedule.kappa(end)
    let complement = path.schedule.complement(end)
    latest = kappa
    // The m-th largest of L is below κ where at least L − m + 1 are.
    weights = (1...length).map { m in
      var (sum, binomial) = (0.0, 1.0)
      for above in 0..<m {
        sum += binomial * pow(kappa, Double(length - above)) * pow(complement, Double(above))
        binomial *= Double(length - above) / Double(above + 1)
      }
      return Double(length) * sum / (Double(m) * end)
    }
  }

  /// Opens letters of x₁; writes the times and how often each sequence's open letters count.
  func draw(
    _ x1: TokenSequences, times: inout [Double], weights: inout [Double],
    using random: inout Random
  ) -> TokenSequences {
    var x = x1
    var u = [Double](repeating: 0, count: length)
    for j in 0..<x1.count {
      // One after another: every number has its share of a batch.
      let place = (Double(j) + random.uniform()) / Double(x1.count)
      let m = min(length, 1 + Int(place * Double(length)))
      var kappa = 0.0
      repeat {
        for i in 0..<length { u[i] = random.uniform() }
        kappa = u.sorted()[length - m]
      } while kappa > latest
      for i in 0..<length where u[i] >= kappa { x[i, j] = x1.space.mask }
      times[j] = path.schedule.time(kappa: kappa)
      weights[j] = self.weights[m - 1]
    }
    return x
  }
}
