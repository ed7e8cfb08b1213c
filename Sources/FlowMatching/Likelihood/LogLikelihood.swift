/// A resumable computation of log p₁(x), the model's log-likelihood of given points.
///
/// (x, log p) goes from the data back to the noise: log p₁(x) = log p₀(ψ⁻¹(x)) − ∫₀¹ ∇·u dt. Work
/// is cut as in `Integrator`, so that no frame waits for it; the result does not depend on the
/// cuts. With Hutchinson's estimate log p is unbiased, p is not.
public struct LogLikelihood: Sendable {
  /// What x₀ is drawn from.
  public let source: any DensityDistribution
  private let flow: DensityFlow
  private var field: any VelocityField
  private var integrator: Integrator

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
    integrator = Integrator(
      tableau, control: control.countingOnly(field.dimension + 1, of: state.dimension),
      from: state, start: 1, end: 0)
  }

  /// Where the computation stands.
  public var status: Integrator.Status { integrator.status }

  /// How far it has got, from 0 to 1.
  public var progress: Double { 1 - integrator.knot.t }

  /// Evaluations of the field per trajectory so far.
  public var evaluations: Int { integrator.evaluations }

  /// How many points were lost on the way: their values are NaN.
  public var lostCount: Int { integrator.lostCount }

  /// Works for about `budget` evaluations at points, at least one unit; returns how many it spent.
  public mutating func advance(budget: Int) -> Int {
    var spent = 0
    while integrator.status == .running && spent < max(budget, 1) {
      spent += integrator.advance(&field, budget: budget - spent)
    }
    return spent
  }

  /// Runs to the end or to a failure.
  public mutating func finish() {
    while integrator.status == .running { _ = advance(budget: .max) }
  }

  /// log p₁ in nats of every point; nil unless finished.
  public var values: [Double]? {
    guard integrator.status == .finished else { return nil }
    let state = integrator.knot.x
    let atSource = source.logDensity(flow.points(state))
    let values = zip(atSource, flow.logDensity(state)).map { $0 - $1 }
    if lostCount == 0 { return values }
    // A field may answer NaN with a number, but what was lost stays lost.
    return values.indices.map { integrator.lost[$0] ? .nan : values[$0] }
  }

  /// The points at t = 0 that the flow carries to the given ones, `d×n`; nil unless finished.
  public var noise: Batch? {
    integrator.status == .finished ? flow.points(integrator.knot.x) : nil
  }
}

extension StepControl {
  /// Tolerances for a state of `all` rows of which only `counting` change, so that the root mean
  /// square over all judges these alone.
  fileprivate func countingOnly(_ counting: Int, of all: Int) -> StepControl {
    guard case .adaptive(let relative, let absolute, let law) = self, counting < all else {
      return self
    }
    let share = (Double(counting) / Double(all)).squareRoot()
    return .adaptive(relative: relative * share, absolute: absolute * share, law: law)
  }
}
