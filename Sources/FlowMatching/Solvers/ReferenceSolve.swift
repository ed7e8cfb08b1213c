/// Where a field carries points, solved so tightly that other solves can be measured by it, and how
/// far from the truth it may be itself.
///
/// The field's sums are in Double, and every point chooses its own steps, by DOP853 at tolerances of
/// 1e-8 and 1e-10: the points are those of the second, the error is the distance of the two, which is
/// rather that of the first. A kink of an activation costs a point steps by its logarithm alone, and
/// where a field has such kinks no step is longer than 1/64 or 1/128, lest one hide between two stages.
public struct ReferenceSolve: Sendable {
  /// The method.
  public static let tableau = ButcherTableau.dop853
  /// The relative and absolute tolerance.
  public static let tolerance = 1e-10
  /// The tolerance of the solve that it is compared with.
  public static let coarseTolerance = 1e-8

  /// Where the points arrive, `d×n`.
  public let ends: Batch
  /// √(mean |x − x′|²) over the points, x′ being the coarser solve's.
  public let error: Double
  /// Evaluations of the field for a point, in the mean and rounded up.
  public let evaluations: Int

  /// Solves for the points `x0` from t = 0 to 1; throws why one could not arrive.
  public init(_ field: any DivergenceField, from x0: Batch) throws(Failed) {
    let precise = field.inDouble
    func solve(_ tolerance: Double, _ largestStep: Double) throws(Failed) -> ParticleIntegrator {
      var solve = ParticleIntegrator(
        precise, ReferenceSolve.tableau, relative: tolerance, absolute: tolerance, from: x0,
        largestStep: field.regularity.isSmooth ? .infinity : largestStep)
      solve.finish()
      if let failure = solve.failures.lazy.compactMap({ $0 }).first { throw Failed(failure) }
      return solve
    }
    let (coarse, fine) = (
      try solve(ReferenceSolve.coarseTolerance, 1.0 / 64),
      try solve(ReferenceSolve.tolerance, 1.0 / 128)
    )
    ends = fine.x
    error = fine.x.rootMeanSquareDistance(to: coarse.x)
    evaluations = (fine.totalEvaluations + x0.count - 1) / max(1, x0.count)
  }

  /// Why a point could not arrive.
  public struct Failed: Error, Sendable, CustomStringConvertible {
    /// What its solve says.
    public let failure: Integrator.Failure
    init(_ failure: Integrator.Failure) { self.failure = failure }
    public var description: String { "\(failure)" }
  }
}

extension Batch {
  /// √(mean |x_j − y_j|²) over the points of two batches of one shape; 0 where there are none.
  public func rootMeanSquareDistance(to other: Batch) -> Double {
    precondition(hasShape(of: other), "both batches need one shape")
    var sum = 0.0
    for k in values.indices { sum += (values[k] - other.values[k]) * (values[k] - other.values[k]) }
    return count == 0 ? 0 : (sum / Double(count)).squareRoot()
  }
}
