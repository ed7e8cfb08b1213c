import FlowMatching
import TerminalCanvas

extension AppState {
  /// The only way in: applies a message and says what should happen outside.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .event(let event): return handle(event)
    case .training(let report): return receive(report)
    case .pointed(let text): window.update(.pointed(text))
    case .cost(let cost): pace.receive(cost, adapts: options.adaptsBudget)
    case .aspect(let aspect):
      if aspect != window.cellAspect { change(Window.Change.aspect(aspect)) }
    case .exported(let outcome): receive(outcome)
    case .file(let answer): return receive(answer)
    case .tick(let seconds, let isAnswer): return tick(seconds, isAnswer)
    case .spare(let seconds):
      solve(0, max(1, Int(saturating: pace.evaluationsPerSecond * seconds)))
      return []
    }
    return []
  }

  private mutating func handle(_ event: Event) -> [Effect] {
    if event.isDeed {
      endIntroduction()
      playback.repeatsOpening = false
    }
    switch event {
    case .key(let key):
      return press(key)
    case .resize(let size):
      guard size != window.size else { return [.repaint] }
      change(Window.Change.resize(size))
      if particles.chosenCount == nil { fitParticles() }
      return []
    case .mouse(let mouse):
      return point(mouse)
    case .paste(let text):
      return paste(text)
    case .end:
      return [.quit]
    default:
      return []
    }
  }

  private mutating func press(_ key: Key) -> [Effect] {
    // No question can be read there, so that none is asked.
    if layout.isTooSmall, key == .character("q") { return [.quit] }
    switch dialogue.overlay {
    case .question(let question): return answer(question, key)
    case .datasets(let question): return chooseData(question, key)
    case .leave: return answerLeaving(key)
    case .palette(let palette): return searchCommands(palette, key)
    case .parameters(let list): return editParameters(list, key)
    case .help: return readHelp(key)
    case .drawing(let drawing): return draw(drawing, key)
    case nil: break
    }
    if let effects = guide(key) { return effects }
    if key == .enter { turnCaption() }
    if isInWorld, let action = KeyBindings.worldAction(for: key) { return perform(action) }
    guard let action = KeyBindings.action(for: key) else { return [] }
    return perform(action)
  }

  /// What is pasted is text where text is typed, and nothing elsewhere: it is no row of keys.
  private mutating func paste(_ text: String) -> [Effect] {
    guard takesText else { return [] }
    let line = text.prefix { !$0.isNewline }
    return line.filter { $0.unicodeScalars.allSatisfy { CellText.shown($0) == $0 } }.flatMap {
      press(.character($0))
    }
  }

  /// Whether letters are typed into a line.
  private var takesText: Bool {
    switch dialogue.overlay {
    case .palette: true
    case .parameters(let list): list.text != nil
    case .help: dialogue.helpQuery != nil
    default: false
    }
  }

  private mutating func answer(_ question: Question, _ key: Key) -> [Effect] {
    dialogue.overlay = nil
    revision += 1
    switch key {
    case .enter, .character("y"), .character("R"):
      return restartTraining(question)
    case .character("d"), .character("D"):
      openDatasets(by: key == .character("d") ? 1 : -1)
      return []
    default:
      return KeyBindings.action(for: key) == .app(.quit) ? leave() : []
    }
  }

  private mutating func receive(_ newer: TrainingReport) -> [Effect] {
    guard newer.generation == training.generation else { return [] }
    let statusChanged = newer.status != training.report.status
    if look.scenery.view == .theory, newer.theory?.rows != training.report.theory?.rows {
      revision += 1
    }
    noteReading(newer)
    if statusChanged, newer.status.isFailure || dialogue.caption == training.report.failureCaption {
      dialogue.caption = newer.failureCaption
    }
    training.report = newer
    // What was opened rests at first: its file keeps it.
    if options.origin != nil, training.generation == 0, training.keptStep == nil,
      newer.status == .paused
    {
      training.keptStep = newer.step
    }
    if let pairs = newer.pairs, dataset.pairs != pairs { dataset = dataset.with(pairs) }
    if let followed = newer.experiment, followed != experiment { adopt(followed) }
    if statusChanged {
      training.nextNumbersTime = now
      pace.nextShownTime = now
      revision += 1
    }
    takeDistances(newer)
    return []
  }

  /// Shows a followed run as what it is: its source, its path and what its network predicts.
  private mutating func adopt(_ followed: Experiment) {
    let usual = AppState.suited(lanes.soloSettings, of: experiment, to: followed)
    let isResuited = AppState.isResuited(experiment, followed)
    lanes.update(.settle(solo: usual))
    lanes.update(.obey)
    let (before, dimension) = (experiment.space, experiment.dimension)
    experiment = followed
    if observing?.columns ?? [] != followed.observations {
      observing = dataset.observedColumns == followed.observations ? Observing(dataset) : nil
    }
    scene = TargetScene(dataset, experiment)
    faceSpace(before: before)
    forgetMeaningless()
    if isComparing, isResuited { resuitLanes() }
    forgetProbes()
    forgetMeasurements()
    setNoise(
      count: experiment.space == before ? particleCount : wantedParticles, keepsWeights: false)
    if experiment.space != before || experiment.dimension != dimension { standOnNoise() }
  }

  private mutating func tick(_ seconds: Double, _ isAnswer: Bool) -> [Effect] {
    now += seconds
    advanceIntroduction(by: seconds)
    if dialogue.hush(at: now) { revision += 1 }
    if training.refresh(at: now) { revision += 1 }
    pace.refresh(at: now)
    refreshFollowing()
    if let openingEnd = playback.openingEnd, now >= openingEnd {
      playback.openingEnd = nil
      if isParked { beginPass() }
    }
    // What a person asked for shows at once; the particles may arrive a frame later.
    solve(seconds, isAnswer ? max(1, pace.evaluationBudget / 8) : pace.evaluationBudget)
    watchTour()
    let requests = dueEffects + distanceRequests() + theoryRequests() + holdTraining()
    dueEffects = []
    // The last frame before a rest must not go on naming a speed.
    let rests = nextDeadline == nil
    if rests != pace.isIdle {
      pace.isIdle = rests
      if pace.cost.isKnown { revision += 1 }
    }
    return requests
  }

  /// Moves and solves, for so many point evaluations at most.
  private mutating func solve(_ seconds: Double, _ allowance: Int) {
    var budget = allowance
    // After a long wait the picture goes on from where it was: nobody saw what it would jump over.
    prepareWorld()
    if isInWorld {
      advanceWorld(min(seconds, 0.1), budget: &budget)
    } else {
      advanceClock(min(seconds, 0.1), budget: &budget)
      turnBody(seconds)
      replaceParkedSolve(budget: &budget)
    }
    if lanes.morph(to: now) { revision += 1 }
    advanceProbes(budget: &budget)
    advanceStudy(budget: &budget)
    pace.spend(allowance - budget, of: allowance)
  }
}

extension Event {
  /// Whether a person did something: pressed, clicked, turned the wheel or pasted.
  fileprivate var isDeed: Bool {
    switch self {
    case .key, .paste: true
    case .mouse(let mouse): [.press, .wheelUp, .wheelDown].contains(mouse.action)
    default: false
    }
  }
}
