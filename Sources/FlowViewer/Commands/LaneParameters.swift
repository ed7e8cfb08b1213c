import FlowMatching
import TerminalCanvas

extension Parameter {
  /// What the focused lane and the clock have.
  static let ofLanes =
    [solver, steps, grid, tolerance, velocity, epsilon] + ofGuidance + ofLetters + [
      particles, speed, turningSpeed, axes,
    ]

  /// The method that carries the particles.
  static let solver = Parameter(
    "solver", "solver", "The method that carries the particles; weights, noise and t stay.",
    range: "a name of the list", choices: (LaneSolver.all + [.map]).map(\.name),
    counts: { $0.traits.needsSolver && $0.traits.tokens == nil },
    naming: { (try? LaneSolver.named($0))?.title ?? $0 },
    value: { $0.focusedLane.settings.method.name },
    change: { state, text throws(ParameterMistake) in
      try refuseLayers(state)
      try refuseLetters(state)
      let method: LaneSolver
      do throws(UnknownName) { method = try LaneSolver.named(text) } catch {
        throw ParameterMistake(reason: "needs a name of the list")
      }
      guard state.traits.isMap || !method.isMap else {
        throw ParameterMistake(reason: "jumps need a flow map: objective mean-flow, or another")
      }
      guard state.allows(method, in: state.focusedLane.settings) else {
        throw ParameterMistake(
          reason: method.leaps
            ? "that jumps needs the exact p_t: a known target in the plane, independent pairs"
            : "with noise needs independent pairs from a Gaussian")
      }
      return lane(state) { $0.method = method }
    })

  /// Where its fixed steps end.
  static let grid = Parameter(
    "time-grid", "time grid", "Where fixed steps end; a flow map's jumps too.",
    range: "uniform, shift:s, edm:ρ, cosine, best, or times: 0.2,0.5",
    choices: ["uniform", "shift:3", "edm:7", "cosine", "best"],
    counts: {
      $0.traits.needsSolver && $0.traits.tokens == nil && !$0.focusedLane.settings.isAdaptive
        && $0.focusedLane.settings.stochastic == nil && !$0.focusedLane.settings.method.leaps
    },
    value: { ($0.focusedLane.settings.grid ?? .uniform).description },
    change: { state, text throws(ParameterMistake) in
      try refuseLayers(state)
      try refuseLetters(state)
      guard let grid = TimeGrid(text) else {
        throw ParameterMistake(
          reason: "needs uniform, shift:s, edm:ρ, cosine, best, or rising times")
      }
      if grid == .best, let complaint = state.bestComplaint(state.focusedLane.settings) {
        throw ParameterMistake(reason: complaint)
      }
      if case .list(let times) = grid, times.count > 257 {
        throw ParameterMistake(reason: "needs 256 steps at most")
      }
      return lane(state) { settings in
        settings.grid = grid == .uniform ? nil : grid
        if case .list(let times) = grid { settings.steps = times.count - 1 }
      }
    })

  /// Its equal steps.
  static let steps = Parameter(
    "solver-steps", "solver steps", "Equal steps of a fixed-step method over [0, 1].",
    range: "1 to 256",
    choices: ["1", "2", "4", "8", "16", "20", "32", "64", "128", "256"],
    counts: { $0.traits.needsSolver && !$0.focusedLane.settings.isAdaptive },
    value: { "\($0.focusedLane.settings.steps)" },
    change: { state, text throws(ParameterMistake) in
      try refuseLayers(state)
      let steps = try read(.whole(LaneSettings.possibleSteps), text, "1 to 256")
      return lane(state) { settings in
        settings.steps = steps
        if case .list? = settings.grid { settings.grid = nil }
      }
    })

  /// Its tolerance.
  static let tolerance = Parameter(
    "tolerance", "tolerance", "Relative and absolute tolerance of an adaptive method.",
    range: "1e-9 to 1e-1",
    choices: (1...9).map { "1e-\($0)" },
    counts: { $0.traits.needsSolver && $0.focusedLane.settings.isAdaptive },
    value: { "1e\($0.focusedLane.settings.toleranceExponent)" },
    change: { state, text throws(ParameterMistake) in
      try refuseLayers(state)
      try refuseLetters(state)
      let value = try read(.between(LaneSettings.possibleTolerances), text, "1e-9 to 1e-1")
      return lane(state) { $0.toleranceExponent = LaneSettings.exponent(of: value) }
    })

  /// The field that it is carried by.
  static let velocity = Parameter(
    "lane-velocity", "lane velocity",
    "The field that carries a lane: learned, exact, or with the score added.",
    range: "a name of the list, some with a number: “swirl:3”",
    choices: LaneVelocity.all.map(\.description),
    naming: { (try? LaneVelocity.named($0))?.title ?? $0 },
    value: { ($0.focusedLane.settings.velocity ?? .learned).description },
    change: { state, text throws(ParameterMistake) in
      guard let velocity = try? LaneVelocity.named(text) else {
        throw ParameterMistake(reason: "needs a name of the list, some with a number: “swirl:3”")
      }
      guard state.allows(velocity, in: state.focusedLane.settings) else {
        throw ParameterMistake(reason: "cannot be that: it is not known for these pairs")
      }
      return lane(state) { $0.velocity = velocity == .learned ? nil : velocity }
    })

  /// The noise of a lane of an interpolant.
  static let epsilon = Parameter(
    "lane-epsilon", "noise ε",
    "The diffusion of a lane, dX = (b + εs)dt + √(2ε)dW; every ε has the same p_t, 0 is the ODE.",
    range: "0 to 100", choices: ["0", "0.1", "0.5", "1", "2", "5"],
    counts: { $0.traits.hasConstantNoise },
    value: { $0.focusedLane.settings.epsilon.map { NumberFormat.axis($0) } ?? "other" },
    change: { state, text throws(ParameterMistake) in
      guard state.traits.hasConstantNoise else {
        throw ParameterMistake(reason: "needs an interpolant, whose score holds up to both ends")
      }
      let value = try read(.between(0...100), text, "0 to 100")
      return lane(state) {
        $0.method = value == 0 ? LaneSolver(.midpoint) : LaneSolver(StochasticHeun())
        $0.noise = value == 0 ? nil : .epsilon(value)
      }
    })

  /// How many points there are.
  static let particles = Parameter(
    "particles", "particles", "How many points are carried; a cell of the plot shows 2×4 dots.",
    range: "256 to 1 048 576", choices: (8...20).map { String(1 << $0) },
    value: { "\($0.particleCount)" },
    change: { _, text throws(ParameterMistake) in
      .particles(try read(.whole(AppState.possibleParticles), text, "256 to 1 048 576"))
    })

  /// How fast t runs.
  static let speed = Parameter(
    "speed", "speed", "How fast t runs; at 1 a pass takes four seconds.", range: "0.0625 to 16",
    choices: ["0.125", "0.25", "0.5", "1", "2", "4", "8"],
    value: { NumberFormat.axis($0.playback.clock.speed) },
    change: { _, text throws(ParameterMistake) in
      .speed(try read(.between(1 / 16...16), text, "0.0625 to 16"))
    })

  /// How fast a body turns by itself.
  static let turningSpeed = Parameter(
    "turn-speed", "turning speed",
    "Degrees a second by which a globe or a doughnut turns while t moves; ( and ) turn it by hand.",
    range: "-60 to 60", choices: ["-12", "-6", "-3", "0", "3", "6", "8", "12"],
    counts: { $0.turning != nil },
    value: { "\(Int(saturating: ($0.turning?.speed ?? 0).rounded()))" },
    change: { state, text throws(ParameterMistake) in
      guard state.turning != nil else {
        throw ParameterMistake(reason: "needs a globe or a doughnut: a data set of a curved space")
      }
      return .turning(try read(.between(-60...60), text, "-60 to 60"))
    })

  /// The two axes along which points beyond the plane are seen.
  static let axes = Parameter(
    "axes", "axes",
    "The two axes along which points of more than two coordinates are seen: where they vary most, or two coordinates.",
    range: "principal, or two coordinates by number or name: 3,7",
    choices: ["principal", "1,2", "2,3", "3,4", "1,3", "2,4"],
    counts: { $0.scene.axes != nil },
    value: { SceneAxes.text($0.look.scenery.shownAxes) },
    change: { state, text throws(ParameterMistake) in
      guard let axes = state.scene.axes else {
        throw ParameterMistake(reason: "is of points with more than two coordinates")
      }
      guard let choice = axes.choice(text) else {
        throw ParameterMistake(
          reason: "needs principal, or two of \(axes.coordinates.count) coordinates: 1,2")
      }
      return .axes(choice)
    })

  /// The settings of the focused lane with a change.
  static func lane(
    _ state: AppState, _ change: (inout LaneSettings) -> Void
  ) -> ParameterChange {
    var settings = state.focusedLane.settings
    change(&settings)
    return .lane(settings)
  }

  private static func refuseLayers(_ state: AppState) throws(ParameterMistake) {
    if !state.traits.needsSolver {
      throw ParameterMistake(reason: "layers are maps in closed form: there is no solver")
    }
  }

  private static func refuseLetters(_ state: AppState) throws(ParameterMistake) {
    if state.traits.tokens != nil {
      throw ParameterMistake(reason: "is of points that move: letters jump, in equal steps")
    }
  }

  static func read<Value>(
    _ domain: SettingDomain<Value>, _ text: String, _ range: String
  ) throws(ParameterMistake) -> Value {
    do throws(SettingMistake) { return try domain.read(text) } catch {
      throw ParameterMistake(reason: "needs " + range)
    }
  }
}

extension LaneSettings {
  /// The equal steps that a lane may take: every one is kept for scrubbing.
  public static let possibleSteps = 1...256
  /// The tolerances that a lane may have.
  public static let possibleTolerances = 1e-9...1e-1
}

extension AppState {
  /// The numbers of particles that may be carried.
  public static let possibleParticles = 256...1 << 20
}
