import FlowMatching
import TerminalCanvas

/// What a lane follows beside its solver: a schedule of its own, and noise.
extension AppState {
  /// Whether the score follows from the velocity, which a stochastic lane needs: for pairs that are
  /// drawn independently from a Gaussian.
  var allowsNoise: Bool {
    experiment.source == Source.gaussian && experiment.coupling == .independent && allowsSchedules
  }

  /// Whether the learned field can be followed under another schedule: where it was trained along an
  /// affine path.
  var allowsSchedules: Bool {
    experiment.path == .affine && experiment.objective == .flowMatching
  }

  /// The schedule that the focused lane follows.
  var followedScheduler: Scheduler { focusedLane.settings.scheduler ?? experiment.scheduler }

  /// The coefficients of the path that the focused lane follows.
  func followedPath(at t: Double) -> PathCoefficients {
    focusedLane.settings.scheduler?.coefficients(at: t) ?? experiment.pathCoefficients(at: t)
  }

  /// The learned velocity as the focused lane follows it.
  var followedField: any DivergenceField {
    ensemble.fields.field(focusedLane.settings)
  }

  /// The exact field under the schedule of the focused lane, where it is known.
  var followedExact: (any ExactField)? {
    guard scene.exact != nil, let other = focusedLane.settings.scheduler else { return scene.exact }
    var experiment = experiment
    experiment.scheduler = other
    return experiment.exactField(to: dataset)
  }

  /// The next schedule for the focused lane, or the one of training; nothing is trained anew.
  mutating func changeSchedule(by offset: Int) -> [Effect] {
    guard allowsSchedules else {
      say("schedule of the lane", "needs a field of an affine path")
      return []
    }
    let trained = experiment.scheduler
    let next = Scheduler.all.moved(from: followedScheduler, by: offset)
    let title = next.title + (next == trained ? ", as trained" : ", trained under \(trained.title)")
    return changeLane(saying: ("schedule of the lane", title)) {
      $0.scheduler = next == trained ? nil : next
    }
  }

  /// Whether lanes can be carried so: where the exact field is known, or the score follows.
  func allows(_ velocity: LaneVelocity) -> Bool {
    switch velocity {
    case .learned: true
    case .exact: scene.exact != nil
    case .points, .swirl, .score: allowsNoise
    }
  }

  /// The next velocity of the focused lane.
  private mutating func changeVelocity() -> [Effect] {
    let choices = LaneVelocity.all.filter(allows)
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
    guard settings.stochastic != nil else { return changeVelocity() }
    let choices = NoiseSchedule.all.filter { $0 != .none }
    let next = choices.moved(from: settings.noise ?? LaneSettings.usualNoise, by: 1)
    return changeLane(saying: ("noise", next.formula)) { $0.noise = next }
  }

  /// Where noise cannot be added any more, stochastic lanes solve the ODE; what else is not known any
  /// more is followed as it is learned.
  mutating func forgetNoise() {
    func plain(_ settings: LaneSettings) -> LaneSettings {
      var settings = settings
      if !allowsNoise { settings.solverName = settings.solver.name }
      if let velocity = settings.velocity, !allows(velocity) { settings.velocity = nil }
      return settings
    }
    soloSettings = plain(soloSettings)
    comparedSettings = comparedSettings.map(plain)
    for index in lanes.indices { lanes[index].settings = plain(lanes[index].settings) }
  }

  /// Where schedules have no meaning any more, lanes follow the field as it was trained.
  mutating func forgetSchedules() {
    soloSettings.scheduler = nil
    for index in comparedSettings.indices { comparedSettings[index].scheduler = nil }
    for index in lanes.indices { lanes[index].settings.scheduler = nil }
  }

  /// The lane that the focused one is joined with.
  var partner: Int? {
    isComparing && scenery.joins ? (focused + 1) % lanes.count : nil
  }

  /// √(mean |x − y|²) between the focused lane's particles and its partner's.
  var distanceToPartner: Double? {
    guard let partner, lanes[partner].positions.count == focusedLane.positions.count else {
      return nil
    }
    let (x, y) = (focusedLane.positions, lanes[partner].positions)
    let sum = zip(x.values, y.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (sum / Double(max(1, x.count))).squareRoot()
  }

  /// Joins the focused lane's particles with where the next lane has them, or lets them go.
  mutating func join() {
    guard isComparing else { return say("lanes", "are joined where there are two, | splits") }
    scenery.joins.toggle()
    let name = partner.map { lanes[$0].settings.short }
    say("joined with", name ?? "no lane")
  }
}
