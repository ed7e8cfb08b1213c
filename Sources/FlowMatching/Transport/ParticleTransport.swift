/// The transport along a velocity field in which every point has steps of its own.
public struct ParticleTransport: Transport {
  private var solve: ParticleIntegrator

  /// A solve that has not begun, of states at time `start`, by an embedded method to a relative and
  /// absolute tolerance; at most `chunkSize` points are under way at a time.
  public init(
    _ field: any VelocityField, from state: Batch, start: Double, end: Double,
    _ solver: ButcherTableau, tolerance: Double, chunkSize: Int = Integrator.largestChunk
  ) {
    solve = ParticleIntegrator(
      field, solver, relative: tolerance, absolute: tolerance, from: state, start: start, end: end,
      chunkSize: chunkSize)
  }

  /// The time of the point that is least far.
  public var t: Double {
    (solve.start < solve.end ? solve.times.min() : solve.times.max()) ?? solve.end
  }

  /// Where every point is; NaN where one could not reach the end.
  public var state: Batch { solve.ends }

  /// Points at different times have no velocities at one.
  public var velocity: Batch? { nil }
  public var status: Integrator.Status { solve.status }
  public var steps: Int { solve.stepsAccepted.max() ?? 0 }
  /// Of the point that takes most.
  public var evaluations: Int { solve.evaluations.max() ?? 0 }
  public var totalEvaluations: Int { evaluations }
  public var lostCount: Int { solve.failures.count { $0 != nil } }

  /// The mean over the points.
  public var progress: Double {
    let way = (solve.end - solve.start) * Double(solve.times.count)
    return way == 0 ? 1 : solve.times.reduce(0) { $0 + ($1 - solve.start) } / way
  }

  public mutating func advance(budget: Int) -> Int { solve.advance(budget: budget) }
}
