#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Sinkhorn {
  /// How far Sinkhorn's iteration is relaxed, by the rate that it shows.
  ///
  /// Near its end an iteration multiplies the error by λ; relaxed by ω = 2/(1 + √(1 − λ)) it multiplies
  /// it by ω − 1, with the square root of the iterations (Lehmann et al., 2022, theorem 4.2). A rate ρ
  /// that is seen under ω tells λ = (ρ + ω − 1)²/(ρω²).
  struct Pace {
    /// ω; 1 is the plain iteration.
    private(set) var relaxation = 1.0
    private let tolerance: Double
    private let limit: Int
    /// Iterations since ω was chosen, and the error then.
    private var age = 0
    private var first = Double.infinity
    private var isPolishing = false
    /// Iterations of one ω, which measure the rate.
    private static let trial = 12
    /// As few as leave a chance to what is slow only at first.
    private static let patience = 48
    private static let largestRate = 1 - 1e-9

    init(tolerance: Double, limit: Int) {
      self.tolerance = tolerance
      self.limit = limit
    }

    /// Takes the error of one more iteration; false where the tolerance will not be met in time.
    mutating func goesOn(after error: Double, iterations: Int) -> Bool {
      guard error.isFinite, iterations < limit else { return false }
      // Relaxed iterations leave both sums a little off; plain ones end them.
      if error <= 0.5 * tolerance && relaxation > 1 {
        restart(with: 1)
        isPolishing = true
        return true
      }
      age += 1
      if age == 2 { first = error }
      guard age == Pace.trial + 2 else { return true }
      let rate = pow(max(error, .leastNormalMagnitude) / first, 1 / Double(Pace.trial))
      if rate >= 1 && relaxation > 1 {
        // Too far from the end for it yet.
        restart(with: 1)
        return !isHopeless(rate, error, iterations)
      }
      let seen = min(rate, Pace.largestRate)
      let omega = relaxation
      let lambda = min(
        (seen + omega - 1) * (seen + omega - 1) / (seen * omega * omega), Pace.largestRate)
      let next = 2 / (1 + (1 - lambda).squareRoot())
      if isHopeless(next - 1, error, iterations) { return false }
      restart(with: isPolishing && rate < 0.9 ? 1 : next)
      return true
    }

    private mutating func restart(with omega: Double) {
      relaxation = omega
      age = 0
    }

    /// Whether the iterations that are left are fewer than such a rate needs, by a wide margin.
    private func isHopeless(_ rate: Double, _ error: Double, _ iterations: Int) -> Bool {
      guard iterations >= Pace.patience, error > tolerance else { return false }
      guard rate < 1 else { return iterations > limit / 4 }
      let needed = log(tolerance / error) / log(max(rate, 1e-6))
      return needed > 1.5 * Double(limit - iterations)
    }
  }
}
