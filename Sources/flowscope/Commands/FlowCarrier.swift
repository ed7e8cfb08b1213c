import FlowMatching
import Foundation

/// What carries chunks of points from one end of a flow to the other.
struct FlowCarrier {
  /// Where a chunk arrived.
  struct End {
    var points: Batch
    /// log p in nats where it was carried along, in the network's units.
    var logDensity: [Double]?
    var lost = 0
    var evaluations = 0
    var toleranceReached: Double?

    /// A row for each point in a file's units: its coordinates, and log p where it is known; in a curved
    /// space that is against its area, whatever the coordinates.
    func rows(in units: Standardisation?, _ notation: PointNotation? = nil) -> [Double] {
      let points = notation?.numbers(of: points) ?? units?.restored(points) ?? points
      guard let logDensity else { return points.interleaved }
      // dz = dx/deviation: the density of x is that of z times the determinant.
      let change = units?.deviations.reduce(0) { $0 + log($1) } ?? 0
      return (0..<points.count).flatMap { points.point($0) + [logDensity[$0] - change] }
    }
  }

  /// Whether a solver follows the flow; else its points are carried in closed form.
  var needsSolver: Bool { flow.traits.needsSolver }

  private let flow: LearnedField
  private(set) var method: SampleMethod
  private let reverse: Bool
  /// The time at which points arrive; 0 in reverse.
  private let end: Double
  private var random: Random
  /// The schedule by which the velocity implies the score; of a method with noise alone.
  private let scheduler: Scheduler
  /// Where points start, where its density counts.
  private let source: (any DensityDistribution)?

  init(
    _ stored: StoredRun, _ model: ModelOptions, _ guidance: GuidanceOptions, _ method: SampleMethod,
    reverse: Bool, until end: Double = 1, seed: UInt64
  ) throws {
    self.reverse = reverse
    self.end = reverse ? 0 : end
    random = Random(seed: seed).stream("added noise")
    flow = try guidance.flow(of: stored, model)
    var method = method
    try method.suit(
      flow, from: { try model.source(of: stored) }, reverse: reverse, seed: seed)
    self.method = method
    if method.isStochastic && !flow.traits.needsSolver {
      let title = try model.experiment(of: stored).kind.shortTitle
      throw Failure.usage("a \(title) has no path and no score: choose no stochastic solver")
    }
    if method.hasEpsilon, !flow.traits.hasConstantNoise {
      throw Failure.usage(
        "--epsilon needs an interpolant, whose score holds up to both ends: use --added-noise, which "
          + "is nothing at t = 1", option: "--epsilon")
    }
    try FlowCarrier.requireNoise(method, flow)
    source = method.logDensity ? try model.knownSource(of: stored) : nil
    scheduler =
      method.isStochastic ? try FlowCarrier.scheduler(stored, model) : .conditionalOT
  }

  /// Refuses steps of which none would have noise, since the score is known in none from end to end.
  private static func requireNoise(_ method: SampleMethod, _ flow: LearnedField) throws {
    guard case .stochastic(_, _, let steps) = method.steps, flow.traits.hasConstantNoise else {
      return
    }
    let known = flow.scoreField(under: .conditionalOT).scoreTimes
    let size = 1 / Double(steps)
    let isAdded = (0..<steps).contains {
      known.contains(Double($0) * size) && known.contains(Double($0 + 1) * size)
    }
    guard !isAdded else { return }
    throw Failure.usage(
      "no step of \(steps) lies between t = \(known.lowerBound) and \(known.upperBound), where the score "
        + "is known, and noise is added: give more --steps", option: "--steps")
  }

  /// The schedule by which a velocity implies its score; refuses what has none.
  private static func scheduler(_ stored: StoredRun, _ model: ModelOptions) throws -> Scheduler {
    var experiment = try model.experiment(of: stored)
    if let space = experiment.curvedSpace {
      throw Failure.usage(
        "noise on the way is not there on the \(space.name), where a velocity does not tell its "
          + "score: choose a solver without noise")
    }
    // It has learned its own score, or its velocity tells it.
    let traits = experiment.traits
    if traits.hasScore || traits.ownNoise > 0 { return experiment.scheduler }
    if !experiment.traits.followsPath {
      throw Failure.usage("a flow by likelihood follows no path, so that its score is not known")
    }
    experiment.prediction = .score
    do throws(IncompatibleChoice) { try experiment.validate() } catch {
      throw Failure.usage("an SDE needs the score: \(error)")
    }
    switch experiment.path {
    case .affine: return experiment.scheduler
    case .trigonometric: return .cosine
    case .lipman, .noisy, .schroedingerBridge, .sineBridge, .productBridge, .mirrorBridge:
      throw Failure.usage(
        "an SDE needs the score, which of the path \(experiment.path) is not known")
    }
  }

  /// Carries one chunk; draws of an SDE go on from those of the chunk before. `progress` hears now and
  /// then which share of the way is done.
  mutating func carry(_ chunk: Batch, _ progress: (Double) -> Void) throws -> End {
    let plan = method.plan(scoreUnder: scheduler, &random)
    let state = source.map { DensityFlow.state(chunk, logDensity: $0.logDensity(chunk)) } ?? chunk
    var transport = flow.transport(
      state, as: source == nil ? .points : .density, from: reverse ? 1 : 0, to: end, plan)
    transport.finish(progress)
    if let failure = transport.failure {
      throw Failure(code: .checkFailed, message: "the solve broke off: \(failure)").exit()
    }
    let joint = DensityFlow(flow)
    let there = transport.state
    return End(
      points: source == nil ? there : joint.points(there),
      logDensity: source == nil ? nil : joint.logDensity(there), lost: transport.lostCount,
      evaluations: transport.evaluations, toleranceReached: transport.toleranceReached)
  }
}
