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

  /// The error below which a slope between two solves is no order: a tenfold of the reference's own error,
  /// or three times what the `rounding` of a network in Float32 moves a solve by.
  public static func leastOfOrders(rounding: Double, error: Double) -> Double {
    max(3 * rounding, 10 * error)
  }

  /// Solves for the points `x0` from t = 0 to 1; throws why one could not arrive.
  public init(_ field: any DivergenceField, from x0: Batch) throws(Failed) {
    var progress = Progress(field, from: x0)
    while !progress.isOver { _ = progress.advance(budget: .max) }
    try self.init(progress)
  }

  /// What a complete `progress` has found; throws why a point could not arrive.
  public init(_ progress: Progress) throws(Failed) {
    precondition(progress.isOver, "the solve is still under way")
    let (coarse, fine) = (progress.coarse, progress.fine)
    for solve in [coarse, fine] {
      if let failure = solve.failures.lazy.compactMap({ $0 }).first { throw Failed(failure) }
    }
    ends = fine.x
    error = fine.x.rootMeanSquareDistance(to: coarse.x)
    evaluations = (fine.totalEvaluations + fine.x.count - 1) / max(1, fine.x.count)
  }

  /// Both solves on their way, for callers that cannot wait; the result is the same to the bit
  /// whatever the budgets and the size of a chunk.
  public struct Progress: Sendable {
    fileprivate private(set) var coarse, fine: ParticleIntegrator

    /// Solves that have not begun, from the points `x0` at t = 0; see `ParticleIntegrator` for
    /// `chunkSize`.
    public init(
      _ field: any DivergenceField, from x0: Batch, chunkSize: Int = Integrator.largestChunk
    ) {
      let (precise, isSmooth) = (field.inDouble, field.regularity.isSmooth)
      func solve(_ tolerance: Double, _ largestStep: Double) -> ParticleIntegrator {
        ParticleIntegrator(
          precise, ReferenceSolve.tableau, relative: tolerance, absolute: tolerance, from: x0,
          chunkSize: chunkSize, largestStep: isSmooth ? .infinity : largestStep)
      }
      coarse = solve(ReferenceSolve.coarseTolerance, 1.0 / 64)
      fine = solve(ReferenceSolve.tolerance, 1.0 / 128)
    }

    /// Whether every point has arrived or failed.
    public var isOver: Bool { coarse.status != .running && fine.status != .running }

    /// Works until it is over or `budget` evaluations at points were spent; returns how many were.
    public mutating func advance(budget: Int) -> Int {
      let spent = coarse.advance(budget: budget)
      return spent < budget ? spent + fine.advance(budget: budget - spent) : spent
    }
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
  /// √(mean |x_j − y_j|²) over the points of two batches of one shape, along a curved space where there
  /// is one; 0 where there are none.
  public func rootMeanSquareDistance(to other: Batch, on space: (any Space)? = nil) -> Double {
    precondition(hasShape(of: other), "both batches need one shape")
    if let space {
      let squares = space.squaredDistances(self, other)
      return count == 0 ? 0 : (squares.reduce(0, +) / Double(count)).squareRoot()
    }
    var sum = 0.0
    for k in values.indices { sum += (values[k] - other.values[k]) * (values[k] - other.values[k]) }
    return count == 0 ? 0 : (sum / Double(count)).squareRoot()
  }
}
