import FlowMatching
import TerminalCanvas

/// What a lane follows beside its solver: a schedule of its own, and noise.
extension AppState {
  /// Whether points can jump along p_t instead: it must be known, in the plane.
  func allowsJumps(_ settings: LaneSettings) -> Bool {
    scene.exact?.dimension == 2 && turning == nil && experiment(of: settings).traits.hasScore
      && !settings.keepsWeights && dataset.distribution is any DensityDistribution
  }

  /// The methods that the focused lane may have.
  var allowedSolvers: [LaneSolver] {
    ([.map] + LaneSolver.all).filter { allows($0, in: focusedLane.settings) }
  }

  /// Whether a lane may have a method: noise needs a score, jumps a density, those of a map a map.
  func allows(_ method: LaneSolver, in settings: LaneSettings) -> Bool {
    switch method.way {
    case .flow: experiment(of: settings).traits.ownNoise == 0
    case .map:
      experiment(of: settings).traits.isMap
        && [nil, .learned, .exact].contains(settings.velocity)
    case .diffusion:
      experiment(of: settings).traits.hasScore || experiment(of: settings).traits.ownNoise > 0
    case .jumps, .teleport: allowsJumps(settings)
    }
  }

  /// Whether the focused lane can follow another schedule.
  var allowsSchedules: Bool { traits.hasSchedules }

  /// The schedule that the focused lane follows.
  var followedScheduler: Scheduler {
    focusedLane.settings.scheduler ?? followedExperiment.scheduler
  }

  /// The coefficients of the path that the focused lane follows.
  func followedPath(at t: Double) -> PathCoefficients {
    focusedLane.settings.scheduler?.coefficients(at: t)
      ?? followedExperiment.pathCoefficients(at: t)
  }

  /// Whether the exact field is known that the focused lane's training tends to; that of all data is not the
  /// one of a class.
  var knowsFollowedExact: Bool {
    if focusedLane.settings.guidance != nil { return false }
    let other = followedExperiment
    if turning != nil { return knowsGeodesicField && other.dataset == experiment.dataset }
    return scene.exact != nil && other.dataset == experiment.dataset
      && other.path == experiment.path && other.coupling == experiment.coupling
  }

  /// The learned velocity as the focused lane follows it.
  var followedFlow: any Flow {
    lanes.ensemble.fields.flow(focusedLane.settings)
  }

  /// The unit of work of its density; of another field than the learned one few points, for it may be slow.
  var densityChunk: Int {
    focusedLane.settings.velocity == nil
      ? Solve.chunkSizeWithDensity(for: shownNetwork.weights.shape) : 32
  }

  /// The exact field under the schedule of the focused lane, where it is known.
  var followedExact: (any ExactField)? {
    guard knowsFollowedExact else { return nil }
    if followedScheduler == experiment.scheduler { return scene.exact }
    var experiment = experiment
    experiment.scheduler = followedScheduler
    return experiment.exactField(to: dataset)
  }

  /// The next schedule for the focused lane, or the one of training; nothing is trained anew.
  mutating func changeSchedule(by offset: Int) -> [Effect] {
    guard allowsSchedules else {
      say("schedule of the lane", "needs a field of an affine path")
      return []
    }
    let trained = followedExperiment.scheduler
    let next = Scheduler.all.moved(from: followedScheduler, by: offset)
    let title = next.title + (next == trained ? ", as trained" : ", trained under \(trained.title)")
    let effects = changeLane(saying: ("schedule of the lane", title)) {
      $0.scheduler = next == trained ? nil : next
    }
    show(scheduleChoices)
    return effects
  }

  /// Whether a lane can be carried so: where the exact field is known, or the score follows. A lane
  /// that keeps weights follows them.
  func allows(_ velocity: LaneVelocity, in settings: LaneSettings) -> Bool {
    // A map jumps by itself, or by the exact map: others are velocities alone.
    if settings.method.isMap, ![.learned, .exact].contains(velocity) { return false }
    if let guidance = settings.guidance { return allows(velocity, in: settings, guidance) }
    return switch velocity {
    case .learned: true
    case .exact:
      (scene.exact != nil || knowsGeodesicField || dataset.tokens != nil)
        && !settings.keepsWeights
    case .points:
      (experiment.traits.impliesScore || knowsGeodesicField) && !settings.keepsWeights
    case .scaled: scene.exact is any ScoreField && !settings.keepsWeights
    case .straight: turning != nil && !settings.keepsWeights
    case .swirl, .score: experiment(of: settings).traits.impliesScore
    }
  }

  /// The same of a lane that asks for a class: the class is known to its network, or of the data, whatever
  /// pairs are learned.
  private func allows(
    _ velocity: LaneVelocity, in settings: LaneSettings, _ guidance: Guidance
  ) -> Bool {
    switch velocity {
    case .learned:
      return guidance.label.map(experiment(of: settings).traits.classes.indices.contains) ?? true
    case .exact:
      guard !settings.keepsWeights, !settings.method.isMap, settings.guide == nil,
        guidance.label.map(dataset.classNames.indices.contains) ?? true
      else { return false }
      var experiment = experiment
      experiment.coupling = .independent
      return experiment.exactFlow(to: dataset, guidance) != nil
    case .points, .scaled, .straight, .swirl, .score: return false
    }
  }

  /// The same without a class that nothing known to it can be asked for, and along a velocity that there is.
  func withPossibleVelocity(_ settings: LaneSettings) -> LaneSettings {
    var settings = settings
    if settings.velocity.map({ !allows($0, in: settings) }) ?? false { settings.velocity = nil }
    if settings.velocity == nil, !allows(.learned, in: settings) {
      (settings.guidance, settings.guide) = (nil, nil)
    }
    return settings
  }

  /// The next velocity of the focused lane.
  private mutating func changeVelocity() -> [Effect] {
    if traits.tokens != nil {
      let isExact = focusedLane.settings.velocity == .exact
      return changeLane(
        saying: ("letters by", isExact ? "the learned posterior" : "the exact posterior")
      ) { $0.velocity = isExact ? nil : .exact }
    }
    let choices = LaneVelocity.all.filter { allows($0, in: focusedLane.settings) }
    guard choices.count > 1 else {
      say("velocity of the lane", "no other needs no independent pairs from a Gaussian")
      return []
    }
    let now = focusedLane.settings.velocity ?? .learned
    let next = choices.moved(from: now, by: 1)
    return changeLane(saying: ("velocity of the lane", next.formula)) {
      $0.velocity = next == .learned ? nil : next
    }
  }

  /// The next noise schedule of a stochastic lane, of others the next velocity.
  mutating func changeNoise() -> [Effect] {
    let settings = focusedLane.settings
    if settings.leaps {
      say("velocity of the lane", "jumps have none: they follow what is known of p_t")
      return []
    }
    guard settings.stochastic != nil else { return changeVelocity() }
    guard experiment(of: settings).traits.ownNoise == 0 else {
      say("noise", "is the process's own, with which it was learned")
      return []
    }
    let choices =
      NoiseSchedule.all.filter { $0 != .none }
      + (traits.hasConstantNoise ? [0.1, 1, 5].map { .epsilon($0) } : [])
    let next = choices.moved(from: settings.noise ?? LaneSettings.usualNoise, by: 1)
    return changeLane(saying: ("noise", next.formula)) { $0.noise = next }
  }

  /// Where the experiment has become another, lanes let go what has no meaning any more: weights from
  /// another source, noise, another field or schedule.
  mutating func forgetMeaningless() {
    suitView()
    let measured = lanes.soloSettings
    let plain = { [self] (settings: LaneSettings) -> LaneSettings in
      var settings = settings
      if settings.keepsWeights, kept(settings)?.complaint(beside: experiment) != nil {
        settings.training = nil
      }
      let followed = experiment(of: settings).traits
      if !allows(settings.method, in: settings) { settings.method = LaneSolver(settings.solver) }
      settings = withPossibleVelocity(settings)
      if !followed.hasSchedules { settings.scheduler = nil }
      // They are looked for anew.
      settings.bestTimes = nil
      settings = withPossibleGrid(settings)
      if (settings.letters != nil) != (followed.tokens != nil) {
        settings = AppState.usualSolver(of: experiment(of: settings))
      } else if let letters = settings.letters,
        letters.complaint(along: experiment.tokenPath) != nil
      {
        settings.letters = TokenChoice()
      }
      return settings
    }
    lanes.update(.revise(plain))
    // The trainer measures with what a single lane has.
    if !isComparing, lanes.soloSettings != measured {
      dueEffects.append(.trainer(.measureWith(lanes.soloSettings)))
    }
  }

  /// The lane that the focused one is joined with.
  var partner: Int? {
    isComparing && look.scenery.joins ? (lanes.focused + 1) % lanes.all.count : nil
  }

  /// √(mean |x − y|²) between the focused lane's particles and its partner's.
  var distanceToPartner: Double? {
    // At different t they are apart for that reason alone.
    guard let partner, lanes.all[partner].positions.count == focusedLane.positions.count,
      abs(lanes.all[partner].t - focusedLane.t) < 1e-9
    else { return nil }
    let (x, y) = (focusedLane.positions, lanes.all[partner].positions)
    let sum = zip(x.values, y.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (sum / Double(max(1, x.count))).squareRoot()
  }

  /// Joins the focused lane's particles with where the next lane has them, or lets them go.
  mutating func join() {
    guard isComparing else { return say("lanes", "are joined where there are two, | splits") }
    look.scenery.joins.toggle()
    let name = partner.map { kept(lanes.all[$0].settings)?.title ?? lanes.all[$0].settings.short }
    say("joined with", name ?? "no lane")
  }

  /// What is compared of a flow map unless a person chooses: one jump and one step, two jumps, and what the
  /// jumps are to reach.
  static let comparedMaps: [LaneSettings] = [
    .jumps(1), LaneSettings(.euler, steps: 1), .jumps(2), LaneSettings(.rk4, steps: 64),
  ]

  /// What is compared of words unless a person chooses: the learned posterior and the exact one.
  static let comparedLetters: [LaneSettings] = {
    var corrector = TokenChoice()
    corrector.corrector = 1
    return [
      .letters(), .letters(along: .exact), .letters(corrector), .letters(steps: 16),
    ]
  }()
}
