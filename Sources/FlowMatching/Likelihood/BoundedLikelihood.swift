/// log p₁ of given points with an estimate of the error of each, which is held below a bound.
///
/// Every point chooses its own steps, first at a tolerance of 1e-4 and then of 1e-6; the error is
/// estimated by the difference, which is that of the coarser solve and so more than enough. Those
/// whose estimate is above the bound are solved twice more with the field in Double, which has no
/// rounding to stop at, at 1e-8 and 1e-10. Where a field has kinks in x, as networks of SELU or ReLU
/// have, ∇·u jumps along the way: no step is longer than 1/64 at first and 1/128 then, lest a jump and
/// the way back hide between two stages, and steps must shrink to every jump. There are two solves, at
/// 1e-4 and 1e-5, and points that run out of evaluations say so by an estimate above the bound.
public struct BoundedLikelihood: Sendable {
  /// The bound unless another is asked for, in nats.
  public static let usualBound = 1e-3
  /// The tolerances of the solves, and the most evaluations that each may take of a point.
  private static let levels: [(tolerance: Double, evaluations: Int)] = [
    (1e-4, 4_000), (1e-6, 8_000), (1e-8, 12_000), (1e-10, 16_000),
  ]

  /// Those of a field with kinks in x, where most evaluations go to kinks and Double finds no others.
  private static let kinkedLevels: [(tolerance: Double, evaluations: Int)] = [
    (1e-4, 2_000), (1e-5, 4_000),
  ]

  /// What the errors are to be below, in nats.
  public let bound: Double
  /// log p₁ in nats of every point; NaN for those that left the numbers.
  public private(set) var values: [Double]
  /// The estimated error of each in nats; infinite where none could be had.
  public private(set) var errors: [Double]
  /// The most evaluations of the field that a point took.
  public private(set) var evaluations = 0

  /// Solves for the `d×n` points under the field, with a probe for each or the exact divergence;
  /// `progress` hears now and then which share of the work is done, as far as that can be told.
  public init(
    _ field: any DivergenceField, of points: Batch, source: any DensityDistribution,
    within bound: Double = usualBound, probes: Batch? = nil,
    progress: (Double) -> Void = { _ in }
  ) {
    precondition(bound > 0, "a bound is positive")
    self.bound = bound
    values = [Double](repeating: .nan, count: points.count)
    errors = [Double](repeating: .infinity, count: points.count)
    var left = Array(values.indices)
    var spent = [Int](repeating: 0, count: points.count)
    var done = 0.0
    let precise = field.inDouble
    let isSmooth = field.regularity.isSmooth
    let levels = isSmooth ? BoundedLikelihood.levels : BoundedLikelihood.kinkedLevels
    for (index, level) in levels.enumerated() where !left.isEmpty {
      var solve = LogLikelihood(
        index < 2 ? field : precise, of: points.choosing(left), source: source, .dormandPrince,
        tolerance: level.tolerance, probes: probes?.choosing(left),
        evaluationLimit: level.evaluations,
        largestStep: isSmooth ? .infinity : index == 0 ? 1.0 / 64 : 1.0 / 128)
      // What is left for the solves behind this one is not known: mostly few points.
      let share = 0.6 * (1 - done)
      solve.finish { progress(done + share * $0) }
      done += share
      let next = solve.values ?? []
      for (k, j) in left.enumerated() {
        spent[j] += solve.evaluationsOfPoint(k)
        note(next[k], of: j)
      }
      // The second solve is of all points: one alone has no error.
      left = left.filter { index == 0 ? values[$0].isFinite : errors[$0] > bound }
    }
    evaluations = spent.max() ?? 0
  }

  private mutating func note(_ value: Double, of j: Int) {
    // What ran out of evaluations leaves what is known of it.
    guard value.isFinite else { return }
    if values[j].isFinite { errors[j] = abs(value - values[j]) }
    values[j] = value
  }
}
