/// A resumable computation of log p₁(x), the model's log-likelihood of given points.
///
/// (x, log p) goes from the data back to the noise: log p₁(x) = log p₀(ψ⁻¹(x)) − ∫₀¹ ∇·u dt. Work
/// is cut as in `Integrator`, so that no frame waits for it; the result does not depend on the
/// cuts. With Hutchinson's estimate log p is unbiased, p is not. `BoundedLikelihood` knows its error.
public struct LogLikelihood: Sendable {
  /// What x₀ is drawn from.
  public let source: any DensityDistribution
  private let flow: DensityFlow
  private var field: any VelocityField
  private var solve: Solve

  /// One step size for all points, or one for each.
  private enum Solve: Sendable {
    case batch(Integrator)
    case particles(ParticleIntegrator)
  }

  /// A computation that has not begun, for the `d×n` points under the field.
  ///
  /// Adaptive steps need a method with an error estimate; their tolerance is on x and on log p
  /// alike. Probes, where the method needs them, are drawn once for each point.
  public init(
    _ field: any DivergenceField, of points: Batch, source: any DensityDistribution,
    _ tableau: ButcherTableau = .rk4, control: StepControl = .fixed(steps: 20),
    divergence: DivergenceMethod = .exact, random: Random = Random(seed: 0)
  ) {
    var random = random.stream("probes")
    let probes = divergence.probes(
      dimension: points.dimension, count: points.count, using: &random)
    self.init(field, of: points, source: source, tableau, control: control, probes: probes)
  }

  /// The same with given `d×n` probes, or nil for the exact divergence.
  public init(
    _ field: any DivergenceField, of points: Batch, source: any DensityDistribution,
    _ tableau: ButcherTableau, control: StepControl, probes: Batch?
  ) {
    precondition(field.dimension == points.dimension, "the field has another dimension")
    precondition(source.dimension == points.dimension, "the source has another dimension")
    self.source = source
    flow = DensityFlow(field, hasProbes: probes != nil)
    self.field = flow
    let state = DensityFlow.state(
      points, logDensity: [Double](repeating: 0, count: points.count), probes: probes)
    solve = .batch(
      Integrator(
        tableau, control: control.countingOnly(field.dimension + 1, of: state.dimension),
        from: state, start: 1, end: 0))
  }

  /// A computation in which every point chooses its own steps, by an absolute and relative
  /// `tolerance` of x and of log p, so that none pays for another's accuracy or has to do without.
  ///
  /// A point that has taken `evaluationLimit` evaluations before t = 0 is lost.
  public init(
    _ field: any DivergenceField, of points: Batch, source: any DensityDistribution,
    _ tableau: ButcherTableau, tolerance: Double, probes: Batch? = nil,
    evaluationLimit: Int = .max, largestStep: Double = .infinity
  ) {
    precondition(field.dimension == points.dimension, "the field has another dimension")
    precondition(source.dimension == points.dimension, "the source has another dimension")
    self.source = source
    flow = DensityFlow(field, hasProbes: probes != nil)
    self.field = flow
    let state = DensityFlow.state(
      points, logDensity: [Double](repeating: 0, count: points.count), probes: probes)
    let share = (Double(field.dimension + 1) / Double(state.dimension)).squareRoot()
    solve = .particles(
      ParticleIntegrator(
        flow, tableau, relative: tolerance * share, absolute: tolerance * share, from: state,
        start: 1, end: 0, evaluationLimit: evaluationLimit, largestStep: largestStep))
  }

  /// Where the computation stands.
  public var status: Integrator.Status {
    switch solve {
    case .batch(let solve): solve.status
    case .particles(let solve): solve.status
    }
  }

  /// How far it has got, from 0 to 1.
  public var progress: Double {
    switch solve {
    case .batch(let solve): 1 - solve.knot.t
    case .particles(let solve):
      1 - solve.times.reduce(0, +) / Double(max(1, solve.times.count))
    }
  }

  /// Evaluations of the field per trajectory so far; the most of any where each has its own steps.
  public var evaluations: Int {
    switch solve {
    case .batch(let solve): solve.evaluations
    case .particles(let solve): solve.evaluations.max() ?? 0
    }
  }

  /// Evaluations of the field for one point so far.
  public func evaluationsOfPoint(_ index: Int) -> Int {
    switch solve {
    case .batch(let solve): solve.evaluations
    case .particles(let solve): solve.evaluations[index]
    }
  }

  /// How many points were lost on the way: their values are NaN.
  public var lostCount: Int {
    switch solve {
    case .batch(let solve): solve.lostCount
    case .particles(let solve): solve.failures.count { $0 != nil }
    }
  }

  /// By how many times a step's estimated error exceeds the tolerance for want of digits in the field;
  /// see `Integrator.roundingExcess`.
  public var roundingExcess: Double {
    if case .batch(let solve) = solve { solve.roundingExcess } else { 1 }
  }

  /// Works for about `budget` evaluations at points, at least one unit; returns how many it spent.
  public mutating func advance(budget: Int) -> Int {
    switch solve {
    case .batch(var running):
      var spent = 0
      while running.status == .running && spent < max(budget, 1) {
        spent += running.advance(&field, budget: budget - spent)
      }
      solve = .batch(running)
      return spent
    case .particles(var running):
      let spent = running.advance(budget: budget)
      solve = .particles(running)
      return spent
    }
  }

  /// Runs to the end or to a failure; `progress` hears now and then how far it has got.
  public mutating func finish(_ progress: (Double) -> Void = { _ in }) {
    while status == .running {
      _ = advance(budget: 1 << 16)
      progress(self.progress)
    }
  }

  /// The last state, and which of its points are lost; nil unless finished.
  private var end: (state: Batch, isLost: (Int) -> Bool)? {
    guard status == .finished else { return nil }
    switch solve {
    case .batch(let solve): return (solve.knot.x, { solve.lost[$0] })
    case .particles(let solve): return (solve.x, { solve.failures[$0] != nil })
    }
  }

  /// log p₁ in nats of every point; nil unless finished.
  public var values: [Double]? {
    guard let end else { return nil }
    let atSource = source.logDensity(flow.points(end.state))
    let values = zip(atSource, flow.logDensity(end.state)).map { $0 - $1 }
    if lostCount == 0 { return values }
    // A field may answer NaN with a number, but what was lost stays lost.
    return values.indices.map { end.isLost($0) ? .nan : values[$0] }
  }

  /// The points at t = 0 that the flow carries to the given ones, `d×n`; nil unless finished.
  public var noise: Batch? { end.map { flow.points($0.state) } }
}

extension StepControl {
  /// Tolerances for a state of `all` rows of which only `counting` change, so that the root mean
  /// square over all judges these alone.
  fileprivate func countingOnly(_ counting: Int, of all: Int) -> StepControl {
    guard case .adaptive(let relative, let absolute) = self, counting < all else {
      return self
    }
    let share = (Double(counting) / Double(all)).squareRoot()
    return .adaptive(relative: relative * share, absolute: absolute * share)
  }
}
