import FlowMatching

/// What a person chooses for one lane: the solver and how finely it steps.
public struct LaneSettings: Codable, Sendable, Hashable {
  /// The method.
  public var method: LaneSolver
  /// Steps over [0, 1] of a fixed-step method, 1…256.
  public var steps: Int
  /// Relative and absolute tolerance of an adaptive method, as a power of ten, −9…−1.
  public var toleranceExponent: Int
  /// The schedule that particles follow, whatever the field was trained under; nil is the same.
  public var scheduler: Scheduler?
  /// How much noise a stochastic method adds; nil is `usualNoise`.
  public var noise: NoiseSchedule?
  /// What carries the particles; nil is what is learned.
  public var velocity: LaneVelocity?
  /// Where fixed steps end; nil is equal steps.
  public var grid: TimeGrid?
  /// The times of the best steps, where those were asked for and found. They are of the weights at hand and
  /// never saved.
  public internal(set) var bestTimes: [Double]?
  /// How letters jump, where they do; nil where points move.
  public var letters: TokenChoice?
  /// Whose weights it follows; nil is the experiment's own training.
  public var training: Training?
  /// For which class its field is asked, and how strongly; nil where none is.
  public var guidance: Guidance?
  /// What it is guided away from; nil is the field without a class.
  public var guide: Guide?

  /// The names in saved states.
  enum CodingKeys: String, CodingKey {
    case method = "solverName"
    case steps, toleranceExponent, scheduler, noise, velocity, letters, training, grid
    case guidance, guide
  }

  /// What a lane is guided away from.
  public enum Guide: String, Codable, Sendable, Hashable {
    /// The same class as its network knew it at an eighth of the steps: autoguidance.
    case earlier
  }

  /// A training beside the experiment's own.
  public enum Training: Codable, Sendable, Hashable {
    /// Flow matching beside a flow by likelihood, see `LikelihoodOptions.besideMatching`.
    case matching
    /// Weights that the lane keeps, by their number in `AppState.keptTrainings`.
    case kept(Int)
  }

  /// g = √(1 − t): g² in proportion to conditional OT's σ.
  public static let usualNoise = NoiseSchedule.squareRoot(scale: 1)

  public init(_ solver: ButcherTableau, steps: Int = 20, toleranceExponent: Int = -3) {
    method = LaneSolver(solver)
    self.steps = steps
    self.toleranceExponent = toleranceExponent
  }

  /// The method itself; of a stochastic lane the one that stands for it where an ODE is solved.
  public var solver: ButcherTableau { method.tableau }

  /// The method of a stochastic lane; nil where an ODE is solved.
  var stochastic: (any StochasticStepper)? { method.stochastic }

  /// Evaluations of the field in one step.
  var evaluationsPerStep: Int {
    leaps ? 1 : stochastic?.evaluationsPerStep ?? solver.evaluationsPerStep
  }

  /// What a lane follows: whose weights, under which schedule, along which velocity.
  struct Followed: Sendable, Hashable {
    var scheduler: Scheduler?
    var velocity: LaneVelocity?
    var training: Training?
    var guidance: Guidance?
    var guide: Guide?
    var isMap = false
  }

  var followed: Followed {
    Followed(
      scheduler: scheduler, velocity: velocity, training: training, guidance: guidance,
      guide: guide, isMap: method.isMap)
  }

  /// What lanes must share to have one curve of error against work.
  var curve: String {
    method.name + (scheduler.map { "/" + $0.name } ?? "") + (velocity.map { "/\($0)" } ?? "")
      + (training.map { "/\($0)" } ?? "") + gridOfCurve
      + (letters.map { "/\($0.words)" } ?? "")
      + (guidance.map { "/\($0)\(guide?.rawValue ?? "")" } ?? "")
  }

  /// Whether points leap from place to place.
  var leaps: Bool { letters == nil && method.leaps }

  /// Whether the score is known besides the velocity, as noise needs it.
  var hasKnownScore: Bool {
    switch velocity {
    case nil, .learned, .exact, .scaled: true
    case .points, .straight, .swirl, .score: false
    }
  }

  /// ε of a lane with constant noise; 0 of one without noise, nil with other noise.
  var epsilon: Double? {
    guard stochastic != nil else { return 0 }
    if case .epsilon(let epsilon) = noise { return epsilon }
    return nil
  }

  /// Whether each particle has one way, the same for every solver that follows it well.
  var isDeterministic: Bool { stochastic == nil && !leaps }

  /// Whether its particles have the places that a solve of the learned field has: without noise, and
  /// with nothing added.
  var hasReference: Bool {
    letters == nil && isDeterministic && velocity == nil && training == nil && guidance == nil
  }

  /// Whether the lane follows the same weights while the experiment trains on.
  var keepsWeights: Bool { if case .kept = training { true } else { false } }

  /// Whether the method chooses its own steps.
  public var isAdaptive: Bool { letters == nil && !leaps && solver.hasErrorEstimate }

  /// The tolerance 10^`toleranceExponent`.
  public var tolerance: Double {
    (0..<(-toleranceExponent)).reduce(1.0) { value, _ in value / 10 }
  }

  /// A fixed-step method along another velocity than the learned one.
  init(_ solver: ButcherTableau, steps: Int, along velocity: LaneVelocity) {
    self.init(solver, steps: steps)
    self.velocity = velocity
  }

  /// A method in so many steps along a velocity.
  init(_ method: LaneSolver, steps: Int, along velocity: LaneVelocity? = nil) {
    self.init(.midpoint, steps: steps)
    self.method = method
    self.velocity = velocity
  }

  /// Letters that jump in so many steps.
  public static func letters(
    _ choice: TokenChoice = TokenChoice(), steps: Int = 64, along velocity: LaneVelocity? = nil
  ) -> LaneSettings {
    var settings = LaneSettings(.euler, steps: steps)
    settings.letters = choice
    settings.velocity = velocity
    return settings
  }

  /// Euler–Maruyama with the usual noise.
  static let noisy: LaneSettings = {
    var settings = LaneSettings(.euler, steps: 64)
    settings.method = LaneSolver(EulerMaruyama())
    return settings
  }()

  /// Midpoint along what flow matching beside the experiment has learned.
  static let matching: LaneSettings = {
    var settings = LaneSettings(.midpoint, steps: 20)
    settings.training = .matching
    return settings
  }()

  /// Midpoint under the cosine schedule.
  static let cosine: LaneSettings = {
    var settings = LaneSettings(.midpoint, steps: 16)
    settings.scheduler = .cosine
    return settings
  }()

  /// The power of ten nearest to a tolerance between 1e-9 and 1e-1.
  public static func exponent(of tolerance: Double) -> Int {
    var exponent = -1
    var power = 0.1
    while exponent > -9, tolerance < power / 3.1622776601683795 {
      exponent -= 1
      power /= 10
    }
    return exponent
  }

  /// How the integrator is to step.
  public var control: StepControl {
    if isAdaptive { return .adaptive(relative: tolerance, absolute: tolerance) }
    return gridTimes.map { .grid($0) } ?? .fixed(steps: steps)
  }

  /// A flow map's jumps.
  public static func jumps(_ steps: Int) -> LaneSettings {
    var settings = LaneSettings(.euler, steps: steps)
    settings.method = .map
    return settings
  }

  /// The jumps of the exact map.
  static func exactJumps(_ steps: Int) -> LaneSettings {
    var settings = jumps(steps)
    settings.velocity = .exact
    return settings
  }

  /// How points are to be carried, so many as the unit of work.
  func plan(chunkSize: Int, adding noise: AddedNoise? = nil) -> TransportPlan {
    var plan = TransportPlan(solver, control: control, chunkSize: chunkSize)
    plan.mapSteps = steps
    plan.jumps = jumps
    // As many as a film has pictures; fewer where each is a solve of its own.
    plan.pictures = max(1, (velocity == .exact ? 8 : 32) / steps)
    plan.noise = noise
    plan.letters = letters ?? TokenChoice()
    plan.random = Random(seed: 0).stream("lane")
    return plan
  }

  /// The solver's short name, “Euler”; of another velocity than the learned one that one's.
  public var title: String {
    if let letters {
      let way = letters.words.isEmpty ? "jumps" : letters.words
      return velocity == .exact ? "exact, " + way : way
    }
    if let guidance { return title(of: guidance) }
    if stochastic != nil, let epsilon, epsilon > 0 {
      return "ε = " + epsilon.shortText
    }
    // Along the exact field it is the method that tells lanes apart.
    if !isDeterministic { return method.title }
    if method.isMap, velocity == .exact { return "exact map" }
    return velocity?.title ?? method.title
  }

  /// “w = 4 ODE”, “w = 3 auto”, “w = 4 .2–.8”, “w = 4 SDE .2–.8”.
  private func title(of guidance: Guidance) -> String {
    let way =
      method.isMap ? "jumps" : guide != nil ? "auto" : stochastic == nil ? nil : "SDE"
    let interval = guidance.switches.isEmpty ? nil : guidance.interval
    let words = [way, interval].compactMap { $0 }
    return "w = \(guidance.weight.shortText) "
      + (words.isEmpty ? "ODE" : words.joined(separator: " "))
  }

  /// “8 steps”, “8 steps shift:3”, or “tol 1e-3”; “8 steps best …” while those are being looked for.
  public var detail: String {
    if isAdaptive { return "tol 1e\(toleranceExponent)" }
    let grid =
      switch grid {
      case .list: " own grid"
      case .best where isBeingPlaced: " best …"
      case let grid? where stochastic == nil: " \(grid)"
      default: ""
      }
    return (steps == 1 ? "1 step" : "\(steps) steps") + grid
  }

  /// “Euler 64”, or “Dormand–Prince 1e-3”.
  public var short: String {
    isAdaptive ? "\(title) 1e\(toleranceExponent)" : "\(title) \(steps)"
  }

  /// The next or previous method of those that are allowed.
  mutating func cycleSolver(by offset: Int, among allowed: [LaneSolver]) {
    method = allowed.moved(from: method, by: offset)
  }

  /// Doubles (`finer`) or halves the work: the next power of two of steps, or a decade of tolerance.
  mutating func refine(_ finer: Bool) {
    if isAdaptive {
      toleranceExponent = min(-1, max(-9, toleranceExponent + (finer ? -1 : 1)))
      return
    }
    // Given times are those of so many steps.
    if case .list? = grid { grid = nil }
    var power = 1
    if finer {
      while power <= steps { power *= 2 }
    } else {
      while power * 2 < steps { power *= 2 }
    }
    steps = min(256, max(1, power))
  }
}

extension Guidance {
  /// Where in t it counts, as short as can be: “.2–.8”.
  var interval: String {
    [start, end].map { time in
      let text = time.shortText
      return text.hasPrefix("0.") ? String(text.dropFirst()) : text
    }.joined(separator: "–")
  }
}
