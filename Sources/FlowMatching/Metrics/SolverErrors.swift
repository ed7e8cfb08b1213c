/// How far solvers end from the exact places of a field, each in as many steps as the others.
public struct SolverErrors: Sendable, Hashable {
  /// One solver.
  public struct Row: Sendable, Hashable {
    /// The method.
    public let method: ButcherTableau
    /// Evaluations of the field for a point.
    public let evaluations: Int
    /// √(mean |x − x*|²) over the points, with its standard error; infinite where a point was lost.
    public let error: Estimate
  }

  /// The solvers, in the order in which they were asked for.
  public let rows: [Row]
  /// The steps of each.
  public let steps: Int
  /// The points that were carried.
  public let count: Int

  /// The usual methods: of order 1, 2 and 4.
  public static let usual: [ButcherTableau] = [.euler, .heun, .rk4]

  /// Carries `x0` from t = 0 to 1, and measures by DOP853 in `fineSteps` steps of the same kind.
  public init(
    _ field: any VelocityField, from x0: Batch, steps: Int,
    methods: [ButcherTableau] = usual, fineSteps: Int
  ) {
    let exact = SolverErrors.ends(field, x0, .dop853, max(fineSteps, steps))
    self.init(field, from: x0, steps: steps, methods: methods, exact: exact)
  }

  /// The same by places that are known.
  public init(
    _ field: any VelocityField, from x0: Batch, steps: Int,
    methods: [ButcherTableau] = usual, exact: Batch
  ) {
    precondition(steps > 0, "a solve needs a step")
    self.steps = steps
    count = x0.count
    rows = methods.map { method in
      let ends = SolverErrors.ends(field, x0, method, steps)
      return Row(
        method: method, evaluations: steps * method.evaluationsPerStep,
        error: SolverErrors.distance(ends, exact))
    }
  }

  private static func ends(
    _ field: any VelocityField, _ x0: Batch, _ method: ButcherTableau, _ steps: Int
  ) -> Batch {
    var field = field
    var solve = Integrator(method, control: .fixed(steps: steps), from: x0)
    while solve.status == .running { _ = solve.advance(&field, budget: .max) }
    return solve.knot.x
  }

  /// The root mean square with its standard error, by the rule of errors through a root.
  private static func distance(_ a: Batch, _ b: Batch) -> Estimate {
    let squares = (0..<a.count).map { j in
      (0..<a.dimension).reduce(0.0) { $0 + (a[$1, j] - b[$1, j]) * (a[$1, j] - b[$1, j]) }
    }
    let mean = Estimate(of: squares)
    let root = mean.mean.squareRoot()
    guard root.isFinite else { return Estimate(mean: .infinity, standardError: 0) }
    return Estimate(
      mean: root, standardError: root > 0 ? mean.standardError / (2 * root) : 0)
  }
}
