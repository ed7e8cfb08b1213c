/// What the identities are tried on: a data set, a path from N(0, I) to it, a seed, and a field.
public struct TheorySetting: Sendable {
  /// The data set.
  public let dataset: Dataset
  /// The schedule of the path.
  public let scheduler: Scheduler
  /// What all draws derive from.
  public let random: Random
  /// The exact field of the path.
  let exact: any ExactField
  /// The field that is looked at, the exact one unless another was given.
  let field: any DivergenceField
  /// The same with a network's sums in Double.
  let precise: any DivergenceField
  /// Whether it is the exact one.
  public let isExact: Bool
  /// The flow that was given, a trained one; nil for the exact field.
  let learned: (any Flow)?
  /// √(E|x₁|²/d) of the data.
  private let rootMeanSquare: Double

  /// A setting with the exact field of a data set in the plane; nil where none is known.
  ///
  /// With a trained `flow` those identities are tried that hold for every field.
  public init?(
    dataset: Dataset, scheduler: Scheduler, seed: UInt64, flow: (any Flow)? = nil
  ) {
    guard dataset.dimension == 2, let exact = dataset.exactField(scheduler: scheduler) else {
      return nil
    }
    precondition(
      flow == nil || flow!.dimension == exact.dimension, "the flow has another dimension")
    self.dataset = dataset
    self.scheduler = scheduler
    random = Random(seed: seed).stream("theory")
    var scaleRandom = Random(seed: 0).stream("theory scale")
    let sample = dataset.distribution.sample(count: 1024, using: &scaleRandom)
    rootMeanSquare =
      (sample.values.reduce(0) { $0 + $1 * $1 } / Double(sample.values.count)).squareRoot()
    self.exact = exact
    field = flow ?? exact
    isExact = flow == nil
    precise = field.inDouble
    learned = flow
  }

  /// Whether the data are one point, given once or many times.
  var isOnePoint: Bool {
    guard let points = (dataset.distribution as? PointCloud)?.points else { return false }
    return (1..<points.count).allSatisfy { points.point($0) == points.point(0) }
  }

  /// Where the field carries a state, by DOP853: at a tolerance of 1e-12 for an exact field; a network
  /// in Double, each point by steps of its own, and layers in steps that fit them.
  func flow(_ field: some VelocityField, from x: Batch, to end: Double) -> Batch {
    var field: any VelocityField = field
    if let layers = learned?.traits.layers {
      return Integrator.ends(
        &field, .dop853, control: .fixed(steps: 4 * layers), from: x, end: end)
    }
    if isExact {
      return Integrator.ends(
        &field, .dop853, control: .adaptive(relative: 1e-12, absolute: 1e-12), from: x, end: end)
    }
    var solve = ParticleIntegrator(
      field, .dop853, relative: TheorySetting.learnedTolerance,
      absolute: TheorySetting.learnedTolerance, from: x, end: end)
    solve.finish()
    return solve.ends
  }

  /// The tolerance for a network: a kink of its activation costs a point steps by its logarithm.
  static let learnedTolerance = 1e-8

  /// log p₁ of points under the field by the way back to N(0, I), or in closed form.
  func learnedLogDensity(_ x: Batch) -> [Double] {
    let source = StandardNormal(dimension: dimension)
    if let learned, learned.traits.hasExactDensity {
      return learned.logDensity(of: x, from: source, .usual, probes: nil, progress: { _ in }).values
    }
    var likelihood = LogLikelihood(
      precise, of: x, source: source, .dop853,
      tolerance: TheorySetting.learnedTolerance)
    likelihood.finish()
    return likelihood.values ?? [Double](repeating: .nan, count: x.count)
  }

  /// Whether a solver has to follow what is looked at.
  var needsSolver: Bool { learned?.traits.needsSolver ?? true }

  /// The dimension d.
  var dimension: Int { exact.dimension }

  /// `count` draws of X_t for one t.
  func points(_ count: Int, at t: Double, using random: inout Random) -> Batch {
    let c = scheduler.coefficients(at: t)
    let x0 = StandardNormal(dimension: dimension).sample(count: count, using: &random)
    var x = dataset.distribution.sample(count: count, using: &random)
    for k in x.values.indices {
      x.values[k] = c.alpha * x.values[k] + c.sigma * x0.values[k]
    }
    return x
  }

  /// How far the data reach from the origin, in units of the noise; at least 1. Velocities grow with it,
  /// so that steps in time shrink by it, and what rounding leaves of a number too.
  var reach: Double { max(1, 0.25 * rootMeanSquare) }

  /// The least length on which p_t changes: σ_t, or for a mixture √(σ_t² + α_t²s²) of its narrowest
  /// component's deviation s.
  func narrowest(at t: Double) -> Double {
    let c = scheduler.coefficients(at: t)
    let least = dataset.mixture?.deviations?.min() ?? 0
    return (c.sigma * c.sigma + c.alpha * c.alpha * least * least).squareRoot()
  }

  /// A few times between `low` and `high`, one in each of as many equal parts.
  func times(_ count: Int, _ low: Double, _ high: Double, using random: inout Random) -> [Double] {
    (0..<count).map { low + (high - low) * (Double($0) + random.uniform()) / Double(count) }
  }
}

extension Batch {
  /// The values of one coordinate.
  func row(_ coordinate: Int) -> [Double] {
    Array(values[coordinate * count..<(coordinate + 1) * count])
  }
}

extension VelocityField {
  /// u_t(x), allocated anew: for checks, not for loops that hurry.
  func velocity(_ x: Batch, at t: Double) -> Batch {
    var (field, velocity) = (self, x)
    field.evaluate(x, at: .shared(t), into: &velocity)
    return velocity
  }
}
