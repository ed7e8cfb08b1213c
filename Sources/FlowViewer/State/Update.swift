import FlowMatching
import TerminalCanvas

extension AppState {
  /// The only way in: applies a message and says what should happen outside.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .event(let event): return handle(event)
    case .training(let report): return receive(report)
    case .cost(let cost): return receive(cost)
    case .aspect(let aspect): return receive(aspect)
    case .exported(let outcome): receive(outcome)
    case .file(let answer): return receive(answer)
    case .tick(let seconds, let isAnswer): return tick(seconds, isAnswer)
    }
    return []
  }

  private mutating func handle(_ event: Event) -> [Effect] {
    switch event {
    case .key(let key):
      return press(key)
    case .resize(let size):
      guard size != self.size else { return [.repaint] }
      self.size = size
      revision += 1
      if chosenParticles == nil { fitParticles() }
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
    switch overlay {
    case .question(let question): return answer(question, key)
    case .leave: return answerLeaving(key)
    case .palette(let palette): return searchCommands(palette, key)
    case .parameters(let list): return editParameters(list, key)
    case .help: return readHelp(key)
    case .drawing(let drawing): return draw(drawing, key)
    case nil: break
    }
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
    switch overlay {
    case .palette: true
    case .parameters(let list): list.text != nil
    case .help: helpQuery != nil
    default: false
    }
  }

  private mutating func answer(_ question: Question, _ key: Key) -> [Effect] {
    overlay = nil
    revision += 1
    switch key {
    case .enter, .character("y"), .character("R"):
      return restartTraining(question)
    case .character("d"), .character("D"):
      // Going on through the catalogue asks for the next one.
      askForDataset(after: question.experiment.dataset, by: key == .character("d") ? 1 : -1)
      return []
    default:
      return KeyBindings.action(for: key) == .quit ? leave() : []
    }
  }

  private mutating func receive(_ newer: TrainingReport) -> [Effect] {
    guard newer.generation == generation else { return [] }
    let statusChanged = newer.status != report.status
    if scenery.view == .theory, newer.theory?.rows != report.theory?.rows { revision += 1 }
    noteReading(newer)
    if statusChanged, newer.status.isFailure || caption == report.failureCaption {
      caption = newer.failureCaption
    }
    report = newer
    // What was opened rests at first: its file keeps it.
    if options.origin != nil, generation == 0, keptStep == nil, newer.status == .paused {
      keptStep = newer.step
    }
    if let pairs = newer.pairs, dataset.pairs != pairs { dataset = dataset.with(pairs) }
    if let followed = newer.experiment, followed != experiment { adopt(followed) }
    if statusChanged {
      nextNumbersTime = now
      revision += 1
    }
    takeDistances(newer)
    return []
  }

  /// Shows a followed run as what it is: its source, its path and what its network predicts.
  private mutating func adopt(_ followed: Experiment) {
    soloSettings = AppState.suited(soloSettings, of: experiment, to: followed)
    let isResuited = followed.model != experiment.model
    if !isComparing { lanes[0].settings = soloSettings }
    experiment = followed
    scene = TargetScene(dataset, experiment)
    forgetMeaningless()
    if isComparing, isResuited { _ = setLanes(lanes.count) }
    forgetProbes()
    forgetMeasurements()
    setNoise(count: particleCount, keepsWeights: false)
  }

  private mutating func receive(_ aspect: Double) -> [Effect] {
    if aspect != cellAspect { revision += 1 }
    cellAspect = aspect
    return []
  }

  private mutating func receive(_ newer: FrameCost) -> [Effect] {
    cost = newer
    // Frames with few evaluations say more about the rest of the tick than about the network.
    if options.adaptsBudget, newer.evaluations >= evaluationBudget / 4, newer.evaluations > 0,
      newer.solve > 0
    {
      let rate = Double(newer.evaluations) / newer.solve
      evaluationsPerSecond += 0.3 * (rate - evaluationsPerSecond)
      evaluationBudget = max(1, Int(saturating: evaluationsPerSecond * AppState.sliceSeconds))
    }
    return []
  }

  /// The seconds until the next tick has something to do; nil when nothing moves at all.
  public var nextDeadline: Double? {
    let frame = 0.0
    if clock.isPlaying || clock.wanted != clock.t || pendingSteps != 0 { return frame }
    if successor != nil || lanes.contains(where: \.isMorphing) { return frame }
    if !ensemble.isOver || !positionsAreCurrent { return frame }
    if let study, !study.isOver { return frame }
    if isProbing { return frame }
    var times: [Double] = []
    if let flash { times.append(flash.until - now) }
    if reading != nil { times.append(AppState.readingInterval) }
    if let openingEnd { times.append(openingEnd - now) }
    if report.status == .training || report.step != shownReport.step { times.append(0.1) }
    if isParked, wantedWeights.step != ensemble.weightsStep {
      times.append(max(nextSuccessorTime, studyHold) - now)
    }
    if isParked, let nextStudy { times.append(nextStudy - now) }
    if let nextFollowChange { times.append(nextFollowChange) }
    if let nextProbeTime { times.append(nextProbeTime - now) }
    if waitsForDistances || waitsForTheory { times.append(0.1) }
    return times.min().map { max(0, $0) }
  }

  private mutating func tick(_ seconds: Double, _ isAnswer: Bool) -> [Effect] {
    now += seconds
    if let flash, now >= flash.until - 1e-9 {
      self.flash = nil
      revision += 1
    }
    refreshNumbers()
    refreshFollowing()
    if let openingEnd, now >= openingEnd {
      self.openingEnd = nil
      if isParked { beginPass() }
    }
    // What a person asked for shows at once; the particles may arrive a frame later.
    let allowance = isAnswer ? max(1, evaluationBudget / 8) : evaluationBudget
    var budget = allowance
    // After a long wait the picture goes on from where it was: nobody saw what it would jump over.
    advanceClock(min(seconds, 0.1), budget: &budget)
    replaceParkedSolve(budget: &budget)
    for index in lanes.indices where lanes[index].morph(to: now) { revision += 1 }
    advanceProbes(budget: &budget)
    advanceStudy(budget: &budget)
    evaluationsSpent += allowance - budget
    let requests = openingEffects + distanceRequests() + theoryRequests()
    openingEffects = []
    // The last frame before a rest must not go on naming a speed.
    let rests = nextDeadline == nil
    if rests != isIdle {
      isIdle = rests
      if cost.isKnown { revision += 1 }
    }
    return requests
  }

  /// Copies the trainer's numbers to the screen: the step ten times a second, the rest four times.
  private mutating func refreshNumbers() {
    if now >= nextNumbersTime - 1e-9 {
      if shownReport.step != report.step || shownReport.status != report.status {
        shownReport = report
        speedHistory.append(report.stepsPerSecond)
        if speedHistory.count > 32 { speedHistory.removeFirst() }
        revision += 1
      }
      shownCost = cost
      nextNumbersTime = now + 0.25
    } else if report.step != shownReport.step, now >= nextStepTime - 1e-9 {
      shownReport.step = report.step
      nextStepTime = now + 0.1
      revision += 1
    }
  }
}
