import FlowMatching
import TerminalCanvas

/// What each action does to the state.
extension AppState {
  mutating func perform(_ action: Action) -> [Effect] {
    revision += 1
    switch action {
    case .playPause, .step, .scrub, .jump, .again, .newNoise, .speed, .resetSpeed, .mode:
      playback.openingEnd = nil
      return performTime(action)
    case .pauseTraining:
      if training.report.status == .finished {
        // What has been learned need not be the end of it.
        let goal = training.report.step + experiment.steps
        say("training", "goes on to step " + NumberFormat.grouped(goal))
        return [.trainer(.trainTo(goal))]
      }
      let pause = training.report.status == .training
      guard pause || training.report.status == .paused else { return [] }
      say("training", pause ? "paused" : "resumed")
      return [.trainer(.setPaused(pause))]
    case .restartTraining:
      dialogue.overlay = .question(Question(experiment, "training → step 0"))
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
      dialogue.overlay = .palette(Palette())
    case .parameters:
      dialogue.overlay = .parameters(ParameterList())
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
      particles.chosenCount = count
      say("particles", NumberFormat.grouped(count))
      fitParticles()
    case .split:
      return setLanes(nextLaneCount)
    case .focus(let offset):
      turnKeys(by: offset)
    case .matching:
      lanes.matching = lanes.matching == .time ? .evaluations : .time
      if comparesTrainings {
        say("NLL against", lanes.matching == .time ? "seconds" : "network evaluations")
        return []
      }
      say("lanes matched by", lanes.matching.rawValue)
      playback.positionsAreCurrent = false
    case .tag:
      tag()
    case .chartSpan:
      changeChartSpan()
    case .colour, .view, .show, .density, .arrows, .distance, .follow, .trails, .content, .expand,
      .link, .zoom, .fit, .pan:
      performView(action)
    case .help:
      if dialogue.overlay != .help { dialogue.helpQuery = nil }
      dialogue.helpPage = dialogue.overlay == .help ? dialogue.helpPage + 1 : 0
      dialogue.overlay =
        dialogue.helpPage < HelpOverlay.pageCount(window.size, dialogue.helpQuery ?? "")
        ? .help : nil
    case .close:
      if dialogue.overlay == nil {
        if dialogue.reading != nil {
          return stopReading()
        } else if dialogue.caption != nil {
          dialogue.caption = nil
        } else if particles.picked != nil {
          follow(nil)
        } else if training.travel != nil {
          travel(to: nil)
        }
      }
      dialogue.overlay = nil
    case .repaint:
      return [.repaint]
    case .save:
      return [.export(.picture)]
    case .record:
      return [.export(.recording(!look.isRecording))]
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
    case .playPause, .scrub, .jump, .again: playback.pendingSteps = 0
    default: break
    }
    switch action {
    case .playPause:
      if playback.clock.isPlaying {
        playback.clock.pause()
      } else if playback.clock.t >= 1 && playback.clock.direction > 0 {
        beginPass()
      } else {
        playback.clock.isPlaying = true
        lanes.successor = nil
      }
    case .step(let forward):
      playback.clock.pause()
      if forward {
        if playback.clock.wanted < 1 { playback.pendingSteps = min(256, playback.pendingSteps + 1) }
      } else if playback.pendingSteps > 0 {
        playback.pendingSteps -= 1
      } else if let knot = lanes.ensemble.lanes[lanes.focused].knot(before: playback.clock.wanted) {
        playback.clock.wanted = knot
      }
    case .scrub(let amount):
      playback.clock.seek(scrubbed(by: amount))
    case .jump(let t):
      playback.clock.seek(t)
      if t == 0 || t == 1 {
        playback.clock.isPlaying = false
        playback.clock.direction = 1
      }
    case .again:
      lanes.ensemble = makeEnsemble()
      judgeAnew(forgetting: false)
      playback.positionsAreCurrent = false
      beginPass()
    case .newNoise:
      particles.noiseIndex += 1
      say("noise", "number \(particles.noiseIndex + 1)")
      setNoise(count: particleCount)
      if playback.clock.isPlaying { rewind() }
    case .speed(let factor):
      playback.clock.multiplySpeed(by: factor)
      say("speed", "×" + NumberFormat.significant(playback.clock.speed, 2))
    case .resetSpeed:
      playback.clock.speed = 1
      say("speed", "×1.0")
    case .mode:
      let all = Clock.Mode.allCases
      playback.clock.mode = all[((all.firstIndex(of: playback.clock.mode) ?? 0) + 1) % all.count]
      say("at the end", playback.clock.mode.rawValue)
    default:
      break
    }
    return []
  }

  /// Draws the particles anew and solves again; a pass under way keeps its weights.
  mutating func setNoise(count: Int, keepsWeights: Bool? = nil) {
    let keepsWeights = keepsWeights ?? !isParked
    let random = Random(seed: experiment.seed)
    let before = particles.noise
    particles.noise = AppState.noise(
      index: particles.noiseIndex, count: count, from: scene.source, random: random)
    // The same number would be another particle.
    if particles.noise != before { particles.tagged = [] }
    lanes.ensemble = makeEnsemble(keepsWeights: keepsWeights)
    lanes.successor = nil
    playback.filmFrames = []
    judgeAnew(forgetting: true)
    playback.positionsAreCurrent = false
    revision += 1
  }

  /// As many particles as the screen and the lanes can show, unless a person chose a number.
  mutating func fitParticles() {
    // Of another number each would be another particle: a tagged group keeps those that there are.
    let usual = particles.tagged.isEmpty ? nil : particleCount
    let wanted =
      particles.chosenCount ?? usual
      ?? ScreenLayout.defaultParticles(window.size, lanes: lanes.all.count)
    // All lanes together hold 2²⁰ at most: beyond that a frame takes too long to answer a key.
    let count = min(wanted, (1 << 20) / lanes.all.count)
    if count != particleCount { setNoise(count: count) }
  }

  mutating func changeLane(
    saying what: (String, String)? = nil, _ change: (inout LaneSettings) -> Void
  ) -> [Effect] {
    let before = lanes.all[lanes.focused].settings
    var settings = before
    change(&settings)
    // The score that noise needs is that of the learned field.
    if settings.stochastic != nil { settings.velocity = nil }
    lanes.all[lanes.focused].settings = settings
    lanes.all[lanes.focused].forgetFigures()
    if isComparing {
      lanes.comparedSettings[lanes.focused] = settings
    } else {
      lanes.soloSettings = settings
    }
    if settings.training != before.training { forgetProbes() }
    lanes.ensemble.setLane(lanes.focused, to: settings, keeping: lanes.kept, focused: true)
    lanes.successor = nil
    playback.filmFrames = []
    playback.positionsAreCurrent = false
    forgetStudy()
    say(what?.0 ?? "solver", what?.1 ?? settings.short)
    return isComparing ? [] : [.trainer(.measureWith(settings))]
  }

  mutating func setLanes(_ count: Int) -> [Effect] {
    let settings = settings(ofLanes: count)
    let positions = lanes.all[0].positions
    lanes.all = settings.map { Lane(settings: $0, positions: positions) }
    judgeAnew(forgetting: true)
    lanes.focused = 0
    playback.openingEnd = nil
    lanes.successor = nil
    forgetStudy()
    lanes.ensemble = makeEnsemble(keepsWeights: !isParked)
    playback.filmFrames = []
    playback.positionsAreCurrent = false
    fitParticles()
    say("lanes", AppState.numeral(lanes.all.count) + (isComparing ? ", from the same noise" : ""))
    return []
  }

  /// Asks whether to train on a data set of the catalogue, `offset` places after another.
  mutating func askForDataset(after name: String, by offset: Int) {
    let next = DatasetCatalog.all.map(\.name).moved(from: name, by: offset)
    var changed = experiment
    changed.dataset = next
    dialogue.overlay = .question(
      Question(changed, "data set → \(Parameter.dataset.title(of: next))"))
  }

  /// Trains anew what a question was answered with.
  mutating func restartTraining(_ question: Question) -> [Effect] {
    training.generation += 1
    let usual = AppState.suited(lanes.soloSettings, of: experiment, to: question.experiment)
    let isResuited = question.experiment.model != experiment.model
    lanes.soloSettings = usual
    if !isComparing { lanes.all[0].settings = usual }
    experiment = question.experiment
    let own = question.points.map { Dataset(name: experiment.dataset, points: $0) }
    dataset = own ?? dataset.replaced(by: experiment.dataset)
    experiment.forgetGiven(missingIn: dataset)
    // Pairs that were drawn on the way belong to the past run.
    if experiment.coupling == .reflow, training.report.reflowStep != nil {
      experiment.coupling = .independent
    }
    scene = TargetScene(dataset, experiment)
    forgetMeaningless()
    if isComparing, isResuited { _ = setLanes(lanes.all.count) }
    releaseCharts()
    training.report = TrainingReport(of: experiment)
    training.report.generation = training.generation
    training.shownReport = training.report
    training.keptStep = nil
    training.speedHistory = []
    forgetProbes()
    probes.pairKey = nil
    forgetMeasurements()
    lanes.nextSuccessorTime = now
    studies.hold = now
    training.travel = nil
    setNoise(count: particleCount, keepsWeights: false)
    dialogue.flash = Flash(text: question.change + ", training starts anew", until: now + 1.2)
    var effects: [Effect] = [
      .trainer(.restart(experiment, data: own, generation: training.generation))
    ]
    if isResuited { effects.append(.trainer(.measureWith(usual))) }
    if let preset = Preset.all.first(where: { $0.name == question.preset }) {
      effects += arrange(preset)
    }
    return effects
  }
}
