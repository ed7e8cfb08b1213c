import FlowMatching
import TerminalCanvas

/// The lanes: how each solves, along which weights, and the solves themselves.
public struct LaneBoard: Sendable {
  public private(set) var all: [Lane]
  public private(set) var focused = 0
  public private(set) var matching = AppState.Matching.time
  private(set) var ensemble: Ensemble
  /// The solve of newer weights that replaces a parked one when it is ready.
  private(set) var successor: Ensemble?
  private(set) var nextSuccessorTime = 0.0
  private(set) var soloSettings: LaneSettings
  private(set) var comparedSettings = LaneBoard.usualCompared
  /// Weights that lanes keep, by number.
  private(set) var kept: [Int: KeptTraining] = [:]
  private(set) var nextKept = 0

  /// What is compared of points unless a person chooses.
  static let usualCompared = [
    LaneSettings(.euler, steps: 8), LaneSettings(.midpoint, steps: 4),
    LaneSettings(.rk4, steps: 2), LaneSettings(.dormandPrince, toleranceExponent: -3),
  ]

  /// What can happen to them.
  enum Change {
    /// Turns the keys to a lane, counted round and round.
    case focus(Int)
    case match(AppState.Matching)
    /// How the focused lane solves; its figures are no longer its own.
    case set(LaneSettings)
    /// Where a lane's steps end that asked for the best ones, found for the weights of a training step;
    /// nil where none could be found, for equal steps.
    case place([Double]?, lane: Int, step: Int)
    /// How a single lane solves, and the lanes side by side from the first on; they stay as they are.
    case settle(solo: LaneSettings, compared: [LaneSettings] = [])
    /// Every setting as something else lets it be.
    case revise((LaneSettings) -> LaneSettings)
    /// The single lane solves as it is settled.
    case obey
    /// As many lanes as settings; each begins where the first one's particles are.
    case split([LaneSettings])
    /// All stand on the same points, of which nothing is known yet.
    case stand(Batch)
    /// Weights that a lane keeps from now on, by the next number.
    case keep(KeptTraining)
    /// Drops the weights that no lane keeps any more.
    case dropUnused
    /// Other solves; what was under way for newer weights is dropped.
    case solve(Ensemble)
    /// Begins solves of newer weights beside those on show.
    case succeed(Ensemble)
    /// Gives them up.
    case stay
    /// The next ones may begin at a time.
    case wait(until: Double)
    /// All lanes are to be judged anew; `forgetting` their figures.
    case judge(forgetting: Bool)
    case ask(DistanceRequest.ID, lane: Int)
    case answer(JudgedDistance, lane: Int)
  }

  /// One lane along the weights that training begins with.
  init(_ ensemble: Ensemble, settings: LaneSettings, noise: Batch) {
    self.ensemble = ensemble
    soloSettings = settings
    all = [Lane(settings: settings, positions: noise)]
  }

  /// Whether there is more than one.
  var isComparing: Bool { all.count > 1 }

  /// Applies a change.
  mutating func update(_ change: Change) {
    switch change {
    case .focus(let lane): focused = (lane % all.count + all.count) % all.count
    case .match(let matching): self.matching = matching
    case .set(let settings): set(settings, in: focused)
    case .place(let times, let lane, let step):
      var settings = all[lane].settings
      settings.bestTimes = times
      if times == nil { settings.grid = nil }
      if settings != all[lane].settings { set(settings, in: lane) }
      all[lane].placedStep = step
    case .settle(let solo, let compared):
      soloSettings = solo
      for (index, settings) in compared.prefix(comparedSettings.count).enumerated() {
        comparedSettings[index] = settings
      }
    case .revise(let change):
      soloSettings = change(soloSettings)
      comparedSettings = comparedSettings.map(change)
      for index in all.indices {
        all[index].settings = change(all[index].settings)
        if all[index].settings.bestTimes == nil { all[index].placedStep = nil }
      }
    case .obey: if !isComparing { all[0].settings = soloSettings }
    case .split(let settings):
      all = settings.map { [positions = all[0].positions] in
        Lane(settings: $0, positions: positions)
      }
      focused = 0
    case .stand(let points):
      all = all.map { Lane(settings: $0.settings, positions: points) }
    case .keep(let training):
      kept[nextKept] = training
      nextKept += 1
    case .dropUnused:
      let settings = comparedSettings + all.map(\.settings)
      kept = kept.filter { number, _ in settings.contains { $0.training == .kept(number) } }
    case .solve(let ensemble):
      self.ensemble = ensemble
      successor = nil
    case .succeed(let ensemble): successor = ensemble
    case .stay: successor = nil
    case .wait(let time): nextSuccessorTime = time
    case .judge(let forgetting):
      for index in all.indices {
        all[index].judgement = .due
        if forgetting { all[index].forgetFigures() }
      }
    case .ask(let id, let lane): all[lane].judgement = .asked(id)
    case .answer(let distance, let lane):
      all[lane].distance = distance
      all[lane].judgement = .answered
    }
  }

  private mutating func set(_ settings: LaneSettings, in lane: Int) {
    var settings = settings
    // What was found for other steps says nothing of these.
    let before = all[lane].settings
    if settings != before, settings.bestTimes == before.bestTimes { settings.bestTimes = nil }
    all[lane].settings = settings
    if settings.bestTimes == nil { all[lane].placedStep = nil }
    all[lane].forgetFigures()
    if isComparing { comparedSettings[lane] = settings } else { soloSettings = settings }
    ensemble.setLane(lane, to: settings, keeping: kept, focused: lane == focused)
    successor = nil
  }
}

/// The solves, in slices.
extension LaneBoard {
  /// Carries the particles on towards t.
  mutating func advance(to t: Double, leader: Int?, budget: inout Int) {
    ensemble.advance(to: t, leader: leader, budget: &budget)
  }

  /// Carries them on to the end of the flow.
  mutating func finish(budget: inout Int) { ensemble.finish(budget: &budget) }

  /// Carries the focused lane on past t, so that its next knot is known.
  mutating func advanceFocused(beyond t: Double, budget: inout Int) {
    ensemble.advanceLane(focused, beyond: t, budget: &budget)
  }

  /// Works on the solves of newer weights; true when they have replaced those on show.
  mutating func advanceSuccessor(to t: Double, leader: Int?, budget: inout Int) -> Bool {
    successor?.advance(to: t, leader: leader, budget: &budget)
    guard let ready = successor, ready.isSettled(at: t, leader: leader) else { return false }
    update(.solve(ready))
    return true
  }

  /// Turns the film to the focused lane.
  mutating func turnFilm() { ensemble.turnFilm(to: focused) }

  /// Puts every lane's particles where its solve says for the clock's t.
  mutating func show(at t: Double, leader: Int?, morphFrom now: Double?) {
    for (index, t) in ensemble.times(at: t, leader: leader).enumerated() {
      all[index].show(ensemble.lanes[index], at: t, morphFrom: now)
    }
  }

  /// Moves running morphs on; true while a picture changes.
  mutating func morph(to now: Double) -> Bool {
    all.indices.reduce(false) { all[$1].morph(to: now) || $0 }
  }

  /// Compares every lane with the reference at its place, at the end with the exact places, by a curved
  /// space's distance or the plane's; true where a figure became another.
  mutating func compare(
    exact: ReferenceSolve?, resolution: Double?, on space: (any Space)?, scratch: inout Batch
  ) -> Bool {
    guard let reference = ensemble.reference else { return false }
    var isOther = false
    for index in all.indices {
      let before = all[index].error
      let place = ensemble.place(ofLane: index, at: all[index].t)
      all[index].compare(
        ensemble.lanes[index], with: reference, at: place,
        judged: place.flatMap {
          ensemble.judgedError(ofLane: index, at: all[index].t, $0, exact: exact)
        },
        resolution: resolution, on: space, scratch: &scratch)
      if all[index].error != before { isOther = true }
    }
    return isOther
  }
}
