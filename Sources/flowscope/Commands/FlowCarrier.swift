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

  private(set) var steps: Steps
  let logDensity: Bool
  /// Whether an ε was given, be it 0.
  fileprivate let hasEpsilon: Bool
  private let hasAddedNoise: Bool
  private let options: SolverOptions
  /// The times of a flow map's jumps, where those carry the points.
  private(set) var jumps: [Double]?
  /// The tolerance with which log p is carried where no solver is named.
  static let usualTolerance = 1e-7

  init(
    _ options: SolverOptions, addedNoise: String?, epsilon: Double? = nil, logDensity: Bool
  ) throws {
    self.logDensity = logDensity
    hasEpsilon = epsilon != nil
    hasAddedNoise = addedNoise != nil
    self.options = options
    let named = options.solver.flatMap { name in
      StochasticMethods.all.first { $0.name == name }
    }
    if epsilon != nil, addedNoise != nil {
      throw Failure.usage("--epsilon and --added-noise are two amounts of noise: give one of them")
    }
    if epsilon == 0, named != nil {
      throw Failure.usage("--epsilon 0 is the ODE: choose a solver without noise")
    }
    if let epsilon, epsilon > 0, options.solver != nil, named == nil {
      throw Failure.usage(
        "--epsilon adds noise, which needs --solver "
          + StochasticMethods.all.map(\.name).joined(separator: " or "))
    }
    let stepper: (any StochasticStepper)? =
      named ?? ((epsilon ?? 0) > 0 ? StochasticHeun() : nil)
    guard let stepper else {
      if addedNoise != nil {
        throw Failure.usage(
          "--added-noise needs a stochastic solver: --solver "
            + StochasticMethods.all.map(\.name).joined(separator: " or "))
      }
      if logDensity && !options.isGiven && options.grid == nil {
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
    if let grid = options.grid, grid != .uniform {
      throw Failure.usage(
        "\(stepper.name) takes equal steps: leave out --time-grid", option: "--time-grid")
    }
    let count = options.steps ?? 100
    let noise =
      try epsilon.map { NoiseSchedule.epsilon($0) }
      ?? SampleMethod.noise(addedNoise ?? "square-root:1")
    steps = .stochastic(stepper, noise, steps: count)
  }

  /// The schedule that is written "linear:1"; without a number its scale is 1.
  private static func noise(_ text: String) throws -> NoiseSchedule {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    let plain = try Failure.named("--added-noise") {
      guard NoiseSchedule.all.contains(where: { $0.name == name }) else {
        throw UnknownName(
          kind: "noise schedule", name: name, among: NoiseSchedule.all.map(\.name))
      }
      return try NoiseSchedule.named(name)
    }
    guard parts.count == 2 else { return plain }
    if plain != .none, let scale = Double(parts[1]), scale >= 0, scale.isFinite {
      return try Failure.named("--added-noise") { try .named(name, scale: scale) }
    }
    throw Failure.usage(
      "--added-noise is none, linear:g, square-root:g or sine:g with a number g ≥ 0, not "
        + "“\(Output.visible(text))”")
  }

  /// How a flow carries points so; the draws of noise are the next of `random`.
  func plan(scoreUnder scheduler: Scheduler, _ random: inout Random) -> TransportPlan {
    switch steps {
    case .solver(let tableau, let control):
      var plan = TransportPlan(tableau, control: control)
      plan.jumps = jumps
      return plan
    case .own(let tableau, let tolerance):
      var plan = TransportPlan(tableau)
      plan.ownTolerance = tolerance
      return plan
    case .stochastic(let stepper, let noise, let steps):
      var plan = TransportPlan()
      plan.noise = AddedNoise(
        stepper, noise, steps: steps, scheduler: scheduler, random: Random(seed: random.next()))
      return plan
    }
  }

  /// Takes what only the flow tells: a map's jumps, the best of all grids.
  mutating func suit(
    _ flow: LearnedField, from source: () throws -> any Distribution, reverse: Bool, seed: UInt64
  ) throws {
    if flow.traits.ownNoise > 0 { return try takeNoise(of: flow, reverse: reverse) }
    jumps = try options.jumps(
      of: flow.traits, jumpsForward: !reverse && !isStochastic)
    // Without a solver the jumps carry the density, and not steps of their own.
    if jumps != nil, case .own(let tableau, _) = steps {
      steps = .solver(tableau, .fixed(steps: 1))
    }
    if case .solver(let tableau, let control) = steps, options.grid == .best, jumps == nil {
      steps = .solver(
        tableau, try options.best(control, tableau, of: flow, from: source(), seed: seed))
    }
  }

  /// Takes the noise that a process has of its own; refuses what only a flow can do.
  private mutating func takeNoise(of flow: LearnedField, reverse: Bool) throws {
    let own = "it learned dX = ∇s dt + g dW with g = \(flow.traits.ownNoise) (--action-noise)"
    if logDensity {
      throw Failure.usage("\(own), whose density is not known: leave out --log-density")
    }
    if reverse { throw Failure.usage("\(own), which does not run backwards: leave out --reverse") }
    if hasEpsilon || isStochastic && hasAddedNoise {
      throw Failure.usage("\(own): leave out --epsilon and --added-noise")
    }
    let schedule = NoiseSchedule.epsilon(0.5 * flow.traits.ownNoise * flow.traits.ownNoise)
    if case .stochastic(let stepper, _, let count) = steps {
      steps = .stochastic(stepper, schedule, steps: count)
      return
    }
    guard options.solver == nil, options.tolerance == nil else {
      throw Failure.usage(
        "\(own): choose --solver \(StochasticMethods.all.map(\.name).joined(separator: " or ")), and --steps",
        option: "--solver")
    }
    steps = .stochastic(EulerMaruyama(), schedule, steps: options.steps ?? 100)
  }

  var isStochastic: Bool { noise != nil }

  var noise: NoiseSchedule? { if case .stochastic(_, let noise, _) = steps { noise } else { nil } }

  var name: String {
    if jumps != nil { return SolverOptions.map }
    return switch steps {
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
