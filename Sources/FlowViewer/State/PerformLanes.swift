import FlowMatching
import TerminalCanvas

/// What the keys of lanes and solvers do.
extension AppState {
  mutating func perform(_ action: LaneAction) -> [Effect] {
    switch action {
    case .solver(let offset):
      if traits.tokens != nil { return changeWay(by: offset) }
      let allowed = allowedSolvers
      let effects = changeSolver { $0.cycleSolver(by: offset, among: allowed) }
      if traits.needsSolver { show(solverChoices) }
      return effects
    case .steps(let finer):
      return changeSolver { $0.refine(finer) }
    case .schedule(let offset):
      return changeSchedule(by: offset)
    case .noise:
      return changeNoise()
    case .join:
      join()
    case .keep:
      return keepWeights()
    case .particles(let more):
      let count = isInWorld ? worldParticles : particleCount
      change(Particles.Change.choose(more ? count * 2 : count / 2))
      fitParticles()
    case .split:
      return setLanes(nextLaneCount)
    case .focus(let offset):
      turnKeys(by: offset)
    case .dial(let strokes):
      turnDial(by: strokes)
    case .matching:
      lanes.update(.match(lanes.matching == .time ? .evaluations : .time))
      if comparesTrainings {
        say("NLL against", lanes.matching == .time ? "seconds" : "network evaluations")
        return []
      }
      say("lanes matched by", lanes.matching.rawValue)
      playback.positionsAreCurrent = false
    }
    return []
  }

  /// Changes how the focused lane solves, where there is something to solve.
  private mutating func changeSolver(_ change: (inout LaneSettings) -> Void) -> [Effect] {
    guard traits.needsSolver else {
      say("solver", "none: every layer is a map in closed form")
      return []
    }
    return changeLane(change)
  }

  /// Draws the particles anew and solves again; a pass under way keeps its weights.
  mutating func setNoise(count: Int, keepsWeights: Bool? = nil) {
    let keepsWeights = keepsWeights ?? !isParked
    let random = Random(seed: experiment.seed)
    particles.update(.draw(count: count, from: scene.source, random))
    lanes.update(.solve(makeEnsemble(keepsWeights: keepsWeights)))
    playback.filmFrames = []
    // Of other data particles have other coordinates.
    if lanes.all[0].positions.dimension != particles.noise.dimension {
      lanes.update(.stand(particles.noise))
    }
    judgeAnew(forgetting: true)
    playback.positionsAreCurrent = false
    revision += 1
  }

  /// As many particles as the screen and the lanes can show, unless a person chose a number.
  mutating func fitParticles() {
    // Of another number each would be another particle: a tagged group keeps those that there are.
    let usual = particles.tagged.isEmpty ? nil : particleCount
    let count = usual == nil ? wantedParticles : particles.chosenCount ?? particleCount
    if count != particleCount { setNoise(count: min(count, particleLimit)) }
  }

  /// All lanes together hold 2²⁰ at most: beyond that a frame takes too long to answer a key.
  private var particleLimit: Int { (1 << 20) / lanes.all.count }

  /// What a person chose, or as many as the screen shows.
  var wantedParticles: Int { min(particles.chosenCount ?? defaultParticles, particleLimit) }

  /// As many as the screen shows.
  private var defaultParticles: Int {
    let count = ScreenLayout.defaultParticles(
      window.size, lanes: lanes.all.count, ofLetters: traits.tokens != nil)
    guard let space = experiment.picturedSpace else { return count }
    return isComparing
      ? min(Ensemble.referenceLimit, space.particles(count)) : space.particles(count)
  }

  mutating func changeLane(
    saying what: (String, String)? = nil, _ change: (inout LaneSettings) -> Void
  ) -> [Effect] {
    let before = lanes.all[lanes.focused].settings
    var settings = before
    change(&settings)
    // The score that noise needs is that of the learned field, of the exact one, or of a guided one.
    if settings.stochastic != nil, settings.guidance == nil, !settings.hasKnownScore {
      settings.velocity = nil
    }
    let asked = settings
    settings = withPossibleGrid(withPossibleVelocity(settings))
    lanes.update(.set(settings))
    if settings.training != before.training { forgetProbes() }
    playback.filmFrames = []
    playback.positionsAreCurrent = false
    forgetStudy()
    let value = what?.1 ?? settings.short
    say(what?.0 ?? "solver", value + (settings.grid == asked.grid ? "" : ", equal steps"))
    return isComparing ? [] : [.trainer(.measureWith(focusedLane.settings))]
  }

  /// Gives lanes the settings of what is learned by now; who draws new noise solves them, as the old has
  /// other coordinates.
  mutating func resuitLanes() {
    suitView()
    lanes.update(.split(settings(ofLanes: lanes.all.count)))
    playback.openingEnd = nil
    forgetStudy()
  }

  mutating func setLanes(_ count: Int) -> [Effect] {
    suitView()
    lanes.update(.split(settings(ofLanes: count)))
    judgeAnew(forgetting: true)
    playback.openingEnd = nil
    forgetStudy()
    lanes.update(.solve(makeEnsemble(keepsWeights: !isParked)))
    playback.filmFrames = []
    playback.positionsAreCurrent = false
    fitParticles()
    say("lanes", AppState.numeral(lanes.all.count) + (isComparing ? ", from the same noise" : ""))
    return []
  }
}
