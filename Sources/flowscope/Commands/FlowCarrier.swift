import FlowMatching
import Foundation

/// How `sample` carries points: by an ODE or an SDE, with or without their log-density.
struct SampleMethod {
  /// The steps: a solver's, or each point's own.
  enum Steps {
    case solver(ButcherTableau, StepControl)
    case own(ButcherTableau, tolerance: Double)
    case stochastic(any StochasticStepper, NoiseSchedule, steps: Int)
  }

  let steps: Steps
  let logDensity: Bool
  /// The tolerance with which log p is carried where no solver is named.
  static let usualTolerance = 1e-7

  init(_ options: SolverOptions, addedNoise: String?, logDensity: Bool) throws {
    self.logDensity = logDensity
    let stepper = options.solver.flatMap { name in
      StochasticMethods.all.first { $0.name == name }
    }
    guard let stepper else {
      if addedNoise != nil {
        throw Failure.usage(
          "--added-noise needs a stochastic solver: --solver "
            + StochasticMethods.all.map(\.name).joined(separator: " or "))
      }
      if logDensity && !options.isGiven {
        steps = .own(.dormandPrince, tolerance: SampleMethod.usualTolerance)
      } else {
        let (tableau, control) = try options.method()
        steps = .solver(tableau, control)
      }
      return
    }
    if logDensity {
      throw Failure.usage("--log-density follows the ODE: choose a solver without noise")
    }
    if options.tolerance != nil {
      throw Failure.usage("\(stepper.name) takes equal steps: give --steps, not --tolerance")
    }
    let count = options.steps ?? 100
    steps = .stochastic(
      stepper, try SampleMethod.noise(addedNoise ?? "square-root:1"), steps: count)
  }

  /// The schedule that is written "linear:1"; without a number its scale is 1.
  private static func noise(_ text: String) throws -> NoiseSchedule {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    let plain = try Failure.named("--added-noise") { try NoiseSchedule.named(name) }
    guard parts.count == 2 else { return plain }
    if plain != .none, let scale = Double(parts[1]), scale >= 0, scale.isFinite {
      return try Failure.named("--added-noise") { try .named(name, scale: scale) }
    }
    throw Failure.usage(
      "--added-noise is none, linear:g, square-root:g or sine:g with a number g ≥ 0, not "
        + "“\(Output.visible(text))”")
  }

  var isStochastic: Bool { noise != nil }

  var noise: NoiseSchedule? { if case .stochastic(_, let noise, _) = steps { noise } else { nil } }

  var name: String {
    switch steps {
    case .solver(let tableau, _), .own(let tableau, _): tableau.name
    case .stochastic(let stepper, _, _): stepper.name
    }
  }

  var tolerance: Double? {
    switch steps {
    case .solver(_, .adaptive(let relative, _)): relative
    case .own(_, let tolerance): tolerance
    case .solver, .stochastic: nil
    }
  }
}

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

  private enum Flow {
    case layers(RealNVP<MLP>)
    case field(LearnedField)
    case noisy(any ScoreField)
  }

  private var flow: Flow
  private let method: SampleMethod
  private let reverse: Bool
  private var random: Random
  /// Where points start, where its density counts.
  private let source: (any DensityDistribution)?

  init(
    _ stored: StoredRun, _ model: ModelOptions, _ method: SampleMethod, reverse: Bool,
    seed: UInt64
  ) throws {
    self.method = method
    self.reverse = reverse
    random = Random(seed: seed).stream("added noise")
    if let layers = stored.layers {
      if method.isStochastic {
        throw Failure.usage("a RealNVP has no path and no score: choose no stochastic solver")
      }
      flow = .layers(RealNVP(layers))
      source = StandardNormal(dimension: 2)
      return
    }
    source = method.logDensity ? try model.knownSource(of: stored) : nil
    let field = try model.field(of: stored)
    flow =
      method.isStochastic
      ? .noisy(VelocityScore(field, scheduler: try FlowCarrier.scheduler(stored, model)))
      : .field(field)
  }

  /// The schedule by which a velocity implies its score; refuses what has none.
  private static func scheduler(_ stored: StoredRun, _ model: ModelOptions) throws -> Scheduler {
    var experiment = try model.experiment(of: stored)
    if let space = experiment.curvedSpace {
      throw Failure.usage(
        "noise on the way is not there on the \(space.name), where a velocity does not tell its "
          + "score: choose a solver without noise")
    }
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
    case .lipman, .noisy, .schroedingerBridge:
      throw Failure.usage(
        "an SDE needs the score, which of the path \(experiment.path) is not known")
    }
  }

  /// So many evaluations at points pass until it is told how far the work is.
  private static let budget = 1 << 16

  /// Carries one chunk; draws of an SDE go on from those of the chunk before. `progress` hears now and
  /// then which share of the way is done.
  mutating func carry(_ chunk: Batch, _ progress: (Double) -> Void) throws -> End {
    switch flow {
    case .layers(var layers):
      var (points, logDeterminant) = (chunk, [Double](repeating: 0, count: chunk.count))
      if reverse {
        layers.pull(&points, logDeterminant: &logDeterminant)
      } else {
        layers.push(&points, logDeterminant: &logDeterminant)
      }
      var end = End(points: points, evaluations: layers.layers)
      if method.logDensity, let source {
        end.logDensity = zip(source.logDensity(chunk), logDeterminant).map { $0 - $1 }
      }
      return end
    case .field(let field):
      guard method.logDensity, let source else {
        return try solve(field, chunk, progress) { (points: $0, logDensity: nil) }
      }
      let joint = DensityFlow(field)
      let state = DensityFlow.state(chunk, logDensity: source.logDensity(chunk))
      return try solve(joint, state, progress) {
        (points: joint.points($0), logDensity: joint.logDensity($0))
      }
    case .noisy(let field):
      guard case .stochastic(let stepper, let noise, let steps) = method.steps else {
        preconditionFailure("a score is for noise")
      }
      var solve = StochasticIntegrator(
        field, stepper, noise: noise, steps: steps, from: chunk,
        random: Random(seed: random.next()))
      while solve.status == .running {
        _ = solve.advance(budget: FlowCarrier.budget)
        progress(Double(solve.steps) / Double(steps))
      }
      try FlowCarrier.check(solve.status)
      return End(points: solve.x, lost: solve.lostCount, evaluations: solve.evaluations)
    }
  }

  private func solve(
    _ field: some VelocityField, _ start: Batch, _ progress: (Double) -> Void,
    _ parts: (Batch) -> (points: Batch, logDensity: [Double]?)
  ) throws -> End {
    switch method.steps {
    case .own(let tableau, let tolerance):
      var solve = ParticleIntegrator(
        field, tableau, relative: tolerance, absolute: tolerance, from: start)
      while solve.status == .running {
        _ = solve.advance(budget: FlowCarrier.budget)
        progress(solve.times.reduce(0, +) / Double(max(1, solve.times.count)))
      }
      let lost = solve.failures.count { $0 != nil }
      var state = solve.x
      for j in 0..<state.count where solve.failures[j] != nil {
        for i in 0..<state.dimension { state[i, j] = .nan }
      }
      let (points, logDensity) = parts(state)
      return End(
        points: points, logDensity: logDensity, lost: lost,
        evaluations: solve.evaluations.max() ?? 0)
    case .solver(let tableau, let control):
      var field: any VelocityField = field
      var solve = Integrator(
        tableau, control: control, from: start, start: reverse ? 1 : 0, end: reverse ? 0 : 1)
      while solve.status == .running {
        _ = solve.advance(&field, budget: FlowCarrier.budget)
        progress(reverse ? 1 - solve.knot.t : solve.knot.t)
      }
      try FlowCarrier.check(solve.status)
      let (points, logDensity) = parts(solve.knot.x)
      return End(
        points: points, logDensity: logDensity, lost: solve.lostCount,
        evaluations: solve.evaluations, toleranceReached: solve.toleranceReached)
    case .stochastic: preconditionFailure("an SDE needs a score")
    }
  }

  private static func check(_ status: Integrator.Status) throws {
    if case .failed(let failure) = status {
      throw Failure(code: .checkFailed, message: "the solve broke off: \(failure)").exit()
    }
  }
}
