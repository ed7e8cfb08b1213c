/// How far the values of a field scatter by its own rounding, measured where a solve stands.
///
/// Along a way of five points so short that the field itself is a cubic there, its fourth difference
/// Δ⁴u = u₀ − 4u₁ + 6u₂ − 4u₃ + u₄ is √70 times the scatter of one value (Hamming, 1962, ch. 10; Moré
/// and Wild, SIAM J. Sci. Comput. 33 (2011), 1292, §3). An error estimate h Σ(b − b̂)k cannot fall
/// below what that scatter makes of it, however small the step.
struct RoundingNoise: Sendable {
  /// Evaluations of the field besides the one at the start.
  static let evaluations = 4
  /// It is measured again after so many steps, or so many where estimates are below it.
  static let stepsBetween = 32
  static let stepsWhereItCounts = 4
  /// By how many times an estimate must exceed its scatter to be more than that.
  static let certainty = 3.0
  private static let weights = [1.0, -4, 6, -4, 1]

  /// Where it is measured.
  let t: Double
  /// The size of the way's steps, with its sign.
  let step: Double
  private(set) var taken = 0
  private var differences: Batch
  /// The scatter in tolerances: the root mean square over the coordinates.
  private var scatter = 0.0

  /// A measurement that begins with the velocities of the knot where a step of size `h` failed.
  init(at knot: Knot, failed h: Double) {
    t = knot.t
    step = max(-1e-4, min(1e-4, h / 16))
    differences = knot.velocity
  }

  var isOver: Bool { taken == RoundingNoise.evaluations }

  /// Writes where the field is to be evaluated next.
  func place(from knot: Knot, into next: inout Knot) {
    let shift = step * Double(taken + 1)
    next.t = t + shift
    for k in next.x.values.indices {
      next.x.values[k] = knot.x.values[k] + shift * knot.velocity.values[k]
    }
  }

  /// Takes in the velocities there; the last make the figure, in units of `controller`'s tolerances.
  mutating func note(
    _ velocity: Batch, at knot: Knot, _ controller: StepSizeController, excluding lost: [Bool]
  ) {
    taken += 1
    let weight = RoundingNoise.weights[taken]
    for k in velocity.values.indices { differences.values[k] += weight * velocity.values[k] }
    guard isOver else { return }
    let n = velocity.count
    var sum = 0.0
    for i in 0..<velocity.dimension {
      // The median: a few points may have a kink on the way.
      let ratios = (0..<n).filter { !lost[$0] }.map { j -> Double in
        let x = knot.x.values[i * n + j]
        return abs(differences.values[i * n + j])
          / (controller.absolute + controller.relative * abs(x))
      }.filter(\.isFinite).sorted()
      guard !ratios.isEmpty else { continue }
      // Half of normal variates are below 0.6745 standard deviations.
      let deviation = ratios[ratios.count / 2] / (0.6745 * 70.0.squareRoot())
      sum += deviation * deviation
    }
    scatter = (sum / Double(velocity.dimension)).squareRoot()
    differences = Batch(dimension: velocity.dimension, count: 0)
  }

  /// The weighted error below which the estimate of a step of size `h` says nothing.
  func floor(_ h: Double, _ tableau: ButcherTableau) -> Double {
    RoundingNoise.certainty * abs(h) * tableau.errorGain * scatter
  }
}

extension ButcherTableau {
  /// The estimated error of a step of length 1 whose stages scatter independently by 1.
  fileprivate var errorGain: Double {
    func square(_ weights: [Double]?) -> Double { (weights ?? []).reduce(0) { $0 + $1 * $1 } }
    let fine = square(bError)
    let sum = fine + 0.01 * square(bCoarseError)
    return bCoarseError == nil ? fine.squareRoot() : fine / sum.squareRoot()
  }
}
