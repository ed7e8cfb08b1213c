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
  let hasEpsilon: Bool
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
