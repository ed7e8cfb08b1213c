#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many standard errors a family of random checks may be off, so that a true statement seldom fails.
///
/// With m checks in a run, each at 3 standard errors, one of 400/m runs would fail though all is right.
enum FalseAlarms {
  /// The share of runs in which a check of the family may fail without reason.
  static let probability = 1e-4

  /// The bound for each of m independent checks by the means of n draws: Student's t with n − 1 degrees
  /// of freedom at the two-sided level 1 − (1 − p)^(1/m) (Šidák, J. Amer. Stat. Assoc. 62 (1967)).
  static func bound(checks: Int, draws: Double) -> Double {
    precondition(checks > 0 && draws > 1, "a bound needs a check and an error")
    let level = -expm1(log1p(-probability) / Double(checks))
    let z = -NormalQuantile.value(level / 2)
    // Cornish and Fisher's expansion, to 1e-3 from 20 draws on (Abramowitz and Stegun, 26.7.5).
    let (v, z2) = (draws - 1, z * z)
    let terms = [
      (z2 + 1) / 4,
      ((5 * z2 + 16) * z2 + 3) / 96,
      (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
      ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
    ]
    return z * (1 + terms.reversed().reduce(0) { ($0 + $1) / v })
  }
}
