import FlowMatching

/// How time moves: playing, seeking, stepping, and replacing what is parked by newer weights.
extension AppState {
  /// At once while t moves; the opening replay begins by itself.
  var playbackDelay: Double? {
    if playback.isMoving { return isTurning ? Turning.step : 0 }
    return playback.openingEnd.map { $0 - now }
  }

  /// At once while a solve is under way; for newer weights when they may replace a parked picture.
  var laneDelay: Double? {
    if isInWorld { return nil }
    if lanes.successor != nil || lanes.all.contains(where: \.isMorphing) { return 0 }
    if !lanes.ensemble.isOver || !playback.positionsAreCurrent { return 0 }
    guard isParked, wantedWeights.step != lanes.ensemble.weightsStep else { return nil }
    return max(lanes.nextSuccessorTime, studies.hold) - now
  }

  /// Starts a pass from t = 0 with the newest weights.
  mutating func beginPass() {
    if isInWorld { return rewind() }
    lanes.update(.stay)
    if lanes.ensemble.weightsStep != wantedWeights.step {
      lanes.update(.solve(makeEnsemble()))
      judgeAnew(forgetting: false)
    }
    placeFound(isBetweenPasses: true)
    rewind()
  }

  /// Starts a pass from t = 0 with the weights at hand.
  mutating func rewind() {
    lanes.update(.stay)
    playback.filmFrames = []
    playback.clock.direction = 1
    playback.clock.seek(0)
    playback.clock.isPlaying = true
    revision += 1
  }

  /// What was observed, where that is what is learned.
  private var asked: Guidance {
    guard let observing, observing.columns == experiment.observations else { return .none }
    return Guidance(given: observing.observation)
  }

  /// The velocity field of weights, whatever the experiment lets them predict, given what is observed.
  func network(of weights: FlowWeights) -> LearnedField {
    experiment.velocityField(
      of: weights, asked,
      instructionSet: options.instructionSet)
  }

  /// The kept weights nearest to an eighth of the steps that are wanted; nil before there are such.
  private var earlierWeights: FlowWeights? {
    let wanted = wantedWeights.step / 8
    return training.report.snapshots.last { $0.step <= max(1, wanted) }?.weights
  }

  /// What lanes may follow with such weights.
  func laneFields(of weights: FlowWeights, rival: FlowWeights? = nil) -> LaneFields {
    var fields = LaneFields(
      network(of: weights), rival: rival.map(network), experiment, dataset, scene)
    if let observing {
      fields.keep(lanes.kept, given: observing.observation, of: observing.columns)
    } else {
      fields.keep(lanes.kept)
    }
    fields.earlier = earlierWeights
    return fields
  }

  /// All solves anew, with the wanted weights, or with those on show: a pass keeps its own. What was solved
  /// of kept weights is taken over unless they are asked for something else.
  func makeEnsemble(keepsWeights: Bool = false, takingOver: Bool = true) -> Ensemble {
    let wanted =
      keepsWeights
      ? WeightsSnapshot(
        step: lanes.ensemble.weightsStep, weights: lanes.ensemble.weights,
        rival: lanes.ensemble.rival?.weights)
      : wantedWeights
    // The other half is for the successor, which is solved while this one is still shown.
    return Ensemble(
      laneFields(of: wanted.weights, rival: wanted.rival), step: wanted.step,
      noise: particles.noise,
      lanes: lanes.all.map(\.settings), focused: lanes.focused,
      memoryLimit: options.trajectoryMemory / 2, judges: judges,
      before: takingOver ? lanes.ensemble : nil)
  }

  /// Moves t as far as it wants to go and the lanes know the way.
  mutating func advanceClock(_ seconds: Double, budget: inout Int) {
    resolvePendingStep(&budget)
    let leader = leadingLane
    if playback.clock.isPlaying && playback.clock.wanted == playback.clock.t {
      let next = playback.clock.advanced(by: seconds * playbackPace)
      playback.clock.wanted = min(1, max(0, next))
    }
    lanes.advance(to: playback.clock.wanted, leader: leader, budget: &budget)
    let reachable = min(playback.clock.wanted, max(playback.clock.t, lanes.ensemble.frontier))
    if lanes.ensemble.knows(playback.clock.wanted, leader: leader) {
      arrive(at: playback.clock.wanted)
      lanes.finish(budget: &budget)
    } else if playback.clock.isPlaying && !playback.clock.isSeeking && leader == nil
      && reachable > playback.clock.t
    {
      arrive(at: reachable)
    }
    collectFilm()
    if playback.clock.isPlaying && playback.clock.t == playback.clock.wanted { turnAtTheEnds() }
  }

  /// On a curved space nothing has a shape before the last fifth of t: there time goes more slowly.
  private var playbackPace: Double { turning != nil && playback.clock.t > 0.8 ? 0.4 : 1 }

  private mutating func arrive(at t: Double) {
    let moved = playback.clock.t != t
    playback.clock.arrive(at: t)
    if moved || !playback.positionsAreCurrent {
      showLanes(morph: false)
      revision += 1
    } else if isComparing {
      compareLanes()
    }
  }

  /// The lane whose evaluations the others are matched by; nil where t matches them.
  var leadingLane: Int? {
    isComparing && lanes.matching == .evaluations && !comparesTrainings ? lanes.focused : nil
  }

  /// Puts every lane's particles where its solve says; later, if a solve is not there yet.
  mutating func showLanes(morph: Bool) {
    playback.positionsAreCurrent = lanes.ensemble.knows(playback.clock.t, leader: leadingLane)
    guard playback.positionsAreCurrent else { return }
    let (t, leader) = (playback.clock.t, leadingLane)
    lanes.show(at: t, leader: leader, morphFrom: morph ? now : nil)
    particles.update(.show)
    compareLanes()
  }

  mutating func turnAtTheEnds() {
    if playback.clock.direction > 0 && playback.clock.t >= 1 {
      switch playback.clock.mode {
      case .once:
        playback.clock.isPlaying = false
        if playback.repeatsOpening { playback.openingEnd = now + Playback.rest }
      case .loop: beginPass()
      case .pingPong: playback.clock.direction = -1
      }
      revision += 1
    } else if playback.clock.direction < 0 && playback.clock.t <= 0 {
      beginPass()
    }
  }

  private mutating func resolvePendingStep(_ budget: inout Int) {
    guard playback.pendingSteps != 0, !playback.clock.isSeeking else { return }
    var t = playback.clock.t
    while playback.pendingSteps > 0 {
      lanes.advanceFocused(beyond: t, budget: &budget)
      if let knot = lanes.ensemble.lanes[lanes.focused].knot(after: t) {
        t = min(1, knot)
        playback.pendingSteps -= 1
      } else if lanes.ensemble.lanes[lanes.focused].isOver {
        t = 1
        playback.pendingSteps = 0
      } else {
        break
      }
    }
    playback.clock.wanted = t
  }

  /// While the clock is parked, solves newer weights aside and then lets the picture move to them.
  mutating func replaceParkedSolve(budget: inout Int) {
    guard isParked else {
      lanes.update(.stay)
      return
    }
    if lanes.successor == nil {
      guard wantedWeights.step != lanes.ensemble.weightsStep,
        now >= max(lanes.nextSuccessorTime, studies.hold),
        lanes.ensemble.isSettled(at: playback.clock.t, leader: leadingLane),
        !lanes.all.contains(where: \.isMorphing)
      else { return }
      lanes.update(.succeed(makeEnsemble()))
    }
    let (t, leader) = (playback.clock.t, leadingLane)
    guard lanes.advanceSuccessor(to: t, leader: leader, budget: &budget) else { return }
    // At most an eighth of the time goes into solving for a picture that nobody is playing.
    let seconds = Double(lanes.ensemble.cost()) / pace.evaluationsPerSecond
    lanes.update(.wait(until: now + max(0.3, seconds * 8)))
    playback.filmFrames = []
    collectFilm()
    // Letters are one or another: between two there is no way.
    showLanes(morph: !options.reducedMotion && traits.tokens == nil)
    // The numbers stay until the new ones come: both follow the same training.
    judgeAnew(forgetting: false)
    revision += 1
  }

  /// Reads the clouds of the film strip that are known by now.
  mutating func collectFilm() {
    let times = filmTimes
    let solve = filmSolve
    if playback.filmFrames.isEmpty { turning?.takeFilm() }
    while playback.filmFrames.count < times.count, solve.knows(times[playback.filmFrames.count]),
      !solve.trajectory.times.isEmpty
    {
      var frame = Batch(
        dimension: solve.trajectory.dimension, count: min(solve.count, filmCount))
      solve.trajectory.positionOfFirst(at: times[playback.filmFrames.count], into: &frame)
      playback.filmFrames.append(frame)
      revision += 1
    }
  }

  /// What the film is taken of: on a surface of which half is hidden a few particles tell too little.
  private var filmSolve: Solve {
    if isInWorld { return timedSolve }
    return turning == nil ? lanes.ensemble.film : lanes.ensemble.lanes[lanes.focused]
  }

  private var filmCount: Int { turning == nil ? Ensemble.filmCount : 3000 }
}
