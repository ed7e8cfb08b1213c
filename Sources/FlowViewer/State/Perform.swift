import FlowMatching
import TerminalCanvas

/// What each action does to the state.
extension AppState {
  mutating func perform(_ action: Action) -> [Effect] {
    revision += 1
    switch action {
    case .playPause, .step, .scrub, .jump, .again, .newNoise, .speed, .resetSpeed, .mode:
      openingEnd = nil
      return performTime(action)
    case .pauseTraining:
      if report.status == .finished {
        // What has been learned need not be the end of it.
        let goal = report.step + experiment.steps
        say("training", "goes on to step " + NumberFormat.grouped(goal))
        return [.trainer(.trainTo(goal))]
      }
      let pause = report.status == .training
      guard pause || report.status == .paused else { return [] }
      say("training", pause ? "paused" : "resumed")
      return [.trainer(.setPaused(pause))]
    case .restartTraining:
      overlay = .question(Question(experiment, "training → step 0"))
    case .dataset(let offset):
      askForDataset(after: dataset.name, by: offset)
    case .draw:
      beginDrawing()
    case .travel(let offset):
      travel(by: offset)
    case .bookmark:
      addBookmark()
    case .recall(let offset):
      recall(offset)
    case .map, .axes, .theme, .glyphs, .costs:
      performLook(action)
    case .palette:
      overlay = .palette(Palette())
    case .parameters:
      overlay = .parameters(ParameterList())
    case .solver, .steps:
      if layers != nil {
        say("solver", "none: every layer is a map in closed form")
        return []
      }
      return performSolver(action)
    case .schedule(let offset):
      return changeSchedule(by: offset)
    case .noise:
      return changeNoise()
    case .join:
      join()
    case .keep:
      return keepWeights()
    case .particles(let more):
      let count = min(1 << 20, max(256, more ? particleCount * 2 : particleCount / 2))
      chosenParticles = count
      say("particles", NumberFormat.grouped(count))
      fitParticles()
    case .split:
      return setLanes(nextLaneCount)
    case .focus(let offset):
      turnKeys(by: offset)
    case .matching:
      matching = matching == .time ? .evaluations : .time
      if comparesTrainings {
        say("NLL against", matching == .time ? "seconds" : "network evaluations")
        return []
      }
      say("lanes matched by", matching.rawValue)
      positionsAreCurrent = false
    case .tag:
      tag()
    case .chartSpan:
      changeChartSpan()
    case .colour, .view, .show, .density, .arrows, .distance, .follow, .trails, .content, .expand,
      .link, .zoom, .fit, .pan:
      performView(action)
    case .help:
      if overlay != .help { helpQuery = nil }
      helpPage = overlay == .help ? helpPage + 1 : 0
      overlay = helpPage < HelpOverlay.pageCount(size, helpQuery ?? "") ? .help : nil
    case .close:
      if overlay == nil {
        if reading != nil {
          return stopReading()
        } else if caption != nil {
          caption = nil
        } else if picked != nil {
          follow(nil)
        } else if travel != nil {
          travel(to: nil)
        }
      }
      overlay = nil
    case .repaint:
      return [.repaint]
    case .save:
      return [.export(.picture)]
    case .record:
      return [.export(.recording(!isRecording))]
    case .quit:
      return leave()
    }
    return []
  }

  private mutating func performSolver(_ action: Action) -> [Effect] {
    switch action {
    case .solver(let offset):
      let allowed = allowsNoise
      return changeLane { $0.cycleSolver(by: offset, stochastic: allowed) }
    case .steps(let finer): return changeLane { $0.refine(finer) }
    default: return []
    }
  }

  private mutating func performTime(_ action: Action) -> [Effect] {
    switch action {
    case .playPause, .scrub, .jump, .again: pendingSteps = 0
    default: break
    }
    switch action {
    case .playPause:
      if clock.isPlaying {
        clock.pause()
      } else if clock.t >= 1 && clock.direction > 0 {
        beginPass()
      } else {
        clock.isPlaying = true
        successor = nil
      }
    case .step(let forward):
      clock.pause()
      if forward {
        if clock.wanted < 1 { pendingSteps = min(256, pendingSteps + 1) }
      } else if pendingSteps > 0 {
        pendingSteps -= 1
      } else if let knot = ensemble.lanes[focused].knot(before: clock.wanted) {
        clock.wanted = knot
      }
    case .scrub(let amount):
      clock.seek(scrubbed(by: amount))
    case .jump(let t):
      clock.seek(t)
      if t == 0 || t == 1 {
        clock.isPlaying = false
        clock.direction = 1
      }
    case .again:
      ensemble = makeEnsemble()
      judgeAnew(forgetting: false)
      positionsAreCurrent = false
      beginPass()
    case .newNoise:
      noiseIndex += 1
      say("noise", "number \(noiseIndex + 1)")
      setNoise(count: particleCount)
      if clock.isPlaying { rewind() }
    case .speed(let factor):
      clock.multiplySpeed(by: factor)
      say("speed", "×" + NumberFormat.significant(clock.speed, 2))
    case .resetSpeed:
      clock.speed = 1
      say("speed", "×1.0")
    case .mode:
      let all = Clock.Mode.allCases
      clock.mode = all[((all.firstIndex(of: clock.mode) ?? 0) + 1) % all.count]
      say("at the end", clock.mode.rawValue)
    default:
      break
    }
    return []
  }

  /// Draws the particles anew and solves again; a pass under way keeps its weights.
  mutating func setNoise(count: Int, keepsWeights: Bool? = nil) {
    let keepsWeights = keepsWeights ?? !isParked
    let random = Random(seed: experiment.seed)
    let before = noise
    noise = AppState.noise(
      index: noiseIndex, count: count, from: scene.source, random: random)
    // The same number would be another particle.
    if noise != before { tagged = [] }
    ensemble = makeEnsemble(keepsWeights: keepsWeights)
    successor = nil
    filmFrames = []
    judgeAnew(forgetting: true)
    positionsAreCurrent = false
    revision += 1
  }

  /// As many particles as the screen and the lanes can show, unless a person chose a number.
  mutating func fitParticles() {
    // Of another number each would be another particle: a tagged group keeps those that there are.
    let usual = tagged.isEmpty ? nil : particleCount
    let wanted = chosenParticles ?? usual ?? ScreenLayout.defaultParticles(size, lanes: lanes.count)
    // All lanes together hold 2²⁰ at most: beyond that a frame takes too long to answer a key.
    let count = min(wanted, (1 << 20) / lanes.count)
    if count != particleCount { setNoise(count: count) }
  }

  mutating func changeLane(
    saying what: (String, String)? = nil, _ change: (inout LaneSettings) -> Void
  ) -> [Effect] {
    let before = lanes[focused].settings
    var settings = before
    change(&settings)
    // The score that noise needs is that of the learned field.
    if settings.stochastic != nil { settings.velocity = nil }
    lanes[focused].settings = settings
    lanes[focused].forgetFigures()
    if isComparing { comparedSettings[focused] = settings } else { soloSettings = settings }
    if settings.training != before.training { forgetProbes() }
    ensemble.setLane(focused, to: settings, keeping: keptTrainings, focused: true)
    successor = nil
    filmFrames = []
    positionsAreCurrent = false
    forgetStudy()
    say(what?.0 ?? "solver", what?.1 ?? settings.short)
    return isComparing ? [] : [.trainer(.measureWith(settings))]
  }

  mutating func setLanes(_ count: Int) -> [Effect] {
    let settings = settings(ofLanes: count)
    let positions = lanes[0].positions
    lanes = settings.map { Lane(settings: $0, positions: positions) }
    judgeAnew(forgetting: true)
    focused = 0
    openingEnd = nil
    successor = nil
    forgetStudy()
    ensemble = makeEnsemble(keepsWeights: !isParked)
    filmFrames = []
    positionsAreCurrent = false
    fitParticles()
    say("lanes", AppState.numeral(lanes.count) + (isComparing ? ", from the same noise" : ""))
    return []
  }

  /// Asks whether to train on a data set of the catalogue, `offset` places after another.
  mutating func askForDataset(after name: String, by offset: Int) {
    let next = DatasetCatalog.all.map(\.name).moved(from: name, by: offset)
    var changed = experiment
    changed.dataset = next
    overlay = .question(
      Question(changed, "data set → \(Parameter.dataset.title(of: next))"))
  }

  /// Trains anew what a question was answered with.
  mutating func restartTraining(_ question: Question) -> [Effect] {
    generation += 1
    let usual = AppState.suited(soloSettings, of: experiment, to: question.experiment)
    let isResuited = question.experiment.model != experiment.model
    soloSettings = usual
    if !isComparing { lanes[0].settings = usual }
    experiment = question.experiment
    let own = question.points.map { Dataset(name: experiment.dataset, points: $0) }
    dataset = own ?? dataset.replaced(by: experiment.dataset)
    experiment.forgetGiven(missingIn: dataset)
    // Pairs that were drawn on the way belong to the past run.
    if experiment.coupling == .reflow, report.reflowStep != nil {
      experiment.coupling = .independent
    }
    scene = TargetScene(dataset, experiment)
    forgetMeaningless()
    if isComparing, isResuited { _ = setLanes(lanes.count) }
    releaseCharts()
    if caption == report.failureCaption { caption = nil }
    report = TrainingReport(of: experiment)
    report.generation = generation
    shownReport = report
    keptStep = nil
    speedHistory = []
    forgetProbes()
    pairKey = nil
    forgetMeasurements()
    nextSuccessorTime = now
    studyHold = now
    travel = nil
    setNoise(count: particleCount, keepsWeights: false)
    flash = Flash(text: question.change + ", training starts anew", until: now + 1.2)
    var effects: [Effect] = [
      .trainer(.restart(experiment, data: own, generation: generation))
    ]
    if isResuited { effects.append(.trainer(.measureWith(usual))) }
    if let preset = Preset.all.first(where: { $0.name == question.preset }) {
      effects += arrange(preset)
    }
    return effects
  }
}
