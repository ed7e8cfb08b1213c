import FlowMatching

/// How time moves: playing, seeking, stepping, and replacing what is parked by newer weights.
extension AppState {
  /// Starts a pass from t = 0 with the newest weights.
  mutating func beginPass() {
    successor = nil
    if ensemble.weightsStep != wantedWeights.step {
      ensemble = makeEnsemble()
      judgeAnew(forgetting: false)
    }
    rewind()
  }

  /// Starts a pass from t = 0 with the weights at hand.
  mutating func rewind() {
    successor = nil
    filmFrames = []
    clock.direction = 1
    clock.seek(0)
    clock.isPlaying = true
    revision += 1
  }

  /// The velocity field of weights, whatever the experiment lets them predict.
  func network(of weights: FlowWeights) -> LearnedField {
    experiment.velocityField(of: weights, instructionSet: options.instructionSet)
  }

  /// What lanes may follow with such weights.
  func laneFields(of weights: FlowWeights, rival: FlowWeights? = nil) -> LaneFields {
    var fields = LaneFields(
      network(of: weights), rival: rival.map(network), experiment, dataset, scene)
    fields.kept = keptTrainings
    return fields
  }

  /// All solves anew, with the wanted weights, or with those on show: a pass keeps its own.
  func makeEnsemble(keepsWeights: Bool = false) -> Ensemble {
    let wanted =
      keepsWeights
      ? WeightsSnapshot(
        step: ensemble.weightsStep, weights: ensemble.weights, rival: ensemble.rival?.weights)
      : wantedWeights
    // The other half is for the successor, which is solved while this one is still shown.
    return Ensemble(
      laneFields(of: wanted.weights, rival: wanted.rival), step: wanted.step, noise: noise,
      lanes: lanes.map(\.settings), focused: focused,
      memoryLimit: options.trajectoryMemory / 2, judges: judges, before: ensemble)
  }

  /// Moves t as far as it wants to go and the lanes know the way.
  mutating func advanceClock(_ seconds: Double, budget: inout Int) {
    resolvePendingStep(&budget)
    let leader = leadingLane
    if clock.isPlaying && clock.wanted == clock.t {
      let next = clock.advanced(by: seconds)
      clock.wanted = min(1, max(0, next))
    }
    ensemble.advance(to: clock.wanted, leader: leader, budget: &budget)
    let reachable = min(clock.wanted, max(clock.t, ensemble.frontier))
    if ensemble.knows(clock.wanted, leader: leader) {
      arrive(at: clock.wanted)
      ensemble.finish(budget: &budget)
    } else if clock.isPlaying && !clock.isSeeking && leader == nil && reachable > clock.t {
      arrive(at: reachable)
    }
    collectFilm()
    if clock.isPlaying && clock.t == clock.wanted { turnAtTheEnds() }
  }

  private mutating func arrive(at t: Double) {
    let moved = clock.t != t
    clock.arrive(at: t)
    if moved || !positionsAreCurrent {
      showLanes(morph: false)
      revision += 1
    } else if isComparing {
      compareLanes()
    }
  }

  /// The lane whose evaluations the others are matched by; nil where t matches them.
  var leadingLane: Int? {
    isComparing && matching == .evaluations && !comparesTrainings ? focused : nil
  }

  /// Puts every lane's particles where its solve says; later, if a solve is not there yet.
  mutating func showLanes(morph: Bool) {
    positionsAreCurrent = ensemble.knows(clock.t, leader: leadingLane)
    guard positionsAreCurrent else { return }
    for (index, t) in ensemble.times(at: clock.t, leader: leadingLane).enumerated() {
      lanes[index].show(ensemble.lanes[index], at: t, morphFrom: morph ? now : nil)
    }
    shownNoise = noise
    compareLanes()
  }

  private mutating func turnAtTheEnds() {
    if clock.direction > 0 && clock.t >= 1 {
      switch clock.mode {
      case .once: clock.isPlaying = false
      case .loop: beginPass()
      case .pingPong: clock.direction = -1
      }
      revision += 1
    } else if clock.direction < 0 && clock.t <= 0 {
      beginPass()
    }
  }

  private mutating func resolvePendingStep(_ budget: inout Int) {
    guard pendingSteps != 0, !clock.isSeeking else { return }
    var t = clock.t
    while pendingSteps > 0 {
      ensemble.advanceLane(focused, beyond: t, budget: &budget)
      if let knot = ensemble.lanes[focused].knot(after: t) {
        t = min(1, knot)
        pendingSteps -= 1
      } else if ensemble.lanes[focused].isOver {
        t = 1
        pendingSteps = 0
      } else {
        break
      }
    }
    clock.wanted = t
  }

  /// While the clock is parked, solves newer weights aside and then lets the picture move to them.
  mutating func replaceParkedSolve(budget: inout Int) {
    guard isParked else {
      successor = nil
      return
    }
    if successor == nil {
      guard wantedWeights.step != ensemble.weightsStep, now >= max(nextSuccessorTime, studyHold),
        ensemble.isSettled(at: clock.t, leader: leadingLane),
        !lanes.contains(where: \.isMorphing)
      else { return }
      successor = makeEnsemble()
    }
    let leader = leadingLane
    successor?.advance(to: clock.t, leader: leader, budget: &budget)
    guard let ready = successor, ready.isSettled(at: clock.t, leader: leader) else { return }
    ensemble = ready
    successor = nil
    // At most an eighth of the time goes into solving for a picture that nobody is playing.
    let seconds = Double(ready.cost()) / evaluationsPerSecond
    nextSuccessorTime = now + max(0.3, seconds * 8)
    filmFrames = []
    collectFilm()
    showLanes(morph: !options.reducedMotion)
    // The numbers stay until the new ones come: both follow the same training.
    judgeAnew(forgetting: false)
    revision += 1
  }

  /// Reads the clouds of the film strip that are known by now.
  mutating func collectFilm() {
    let times = filmTimes
    while filmFrames.count < times.count, ensemble.film.knows(times[filmFrames.count]) {
      var frame = Batch(dimension: 2, count: ensemble.film.count)
      ensemble.film.trajectory.position(at: times[filmFrames.count], into: &frame)
      filmFrames.append(frame)
      revision += 1
    }
  }
}
