import FlowMatching
import TerminalCanvas

/// Training anew: what is asked before, and what of the past run stays.
extension AppState {
  /// Trains anew what a question was answered with.
  ///
  /// Pictures whose latents are learned are encoded first, while all else goes on; a replay waits for them.
  mutating func restartTraining(_ question: Question) -> [Effect] {
    let wanted = dataset.replaced(by: question.experiment.dataset)
    guard question.data == nil, !question.experiment.isEncoded(wanted) else {
      return restartTraining(question, on: nil)
    }
    if options.adaptsBudget { return read(.latents(question, of: wanted)) }
    let encoded = question.experiment.encoding(wanted, instructionSet: options.instructionSet)
    return encoded.map { restartTraining(question, on: $0) } ?? []
  }

  /// The same on a data set as the flow sees it; nil for that of the catalogue, or of the question.
  mutating func restartTraining(_ question: Question, on given: Dataset?) -> [Effect] {
    training.generation += 1
    training.former = GhostRun(training.report, of: experiment) ?? training.former
    let usual = AppState.suited(lanes.soloSettings, of: experiment, to: question.experiment)
    let isResuited = AppState.isResuited(experiment, question.experiment)
    lanes.update(.settle(solo: usual))
    lanes.update(.obey)
    let (before, dimension) = (experiment.space, experiment.dimension)
    experiment = question.experiment
    let own = given ?? question.data
    // What was observed of the past run is not meant any more.
    dataset = own ?? (observing?.usual ?? dataset).replaced(by: experiment.dataset)
    experiment.forgetGiven(missingIn: dataset)
    // Pairs that were drawn on the way belong to the past run.
    if experiment.coupling == .reflow, training.report.reflowStep != nil {
      experiment.coupling = .independent
    }
    observing = experiment.learnsPosterior ? Observing(dataset) : nil
    scene = TargetScene(dataset, experiment)
    if experiment.dimension != dimension { look.scenery.shownAxes = nil }
    faceSpace(before: before)
    forgetMeaningless()
    if isComparing, isResuited { resuitLanes() }
    charts.release()
    if dialogue.caption == training.report.failureCaption { dialogue.caption = nil }
    training.report = TrainingReport(of: experiment)
    training.report.generation = training.generation
    training.shownReport = training.report
    training.keptStep = nil
    training.speedHistory = []
    forgetProbes()
    probes.update(.forgetPairs)
    forgetMeasurements()
    lanes.update(.wait(until: now))
    studies.update(.hold(until: now))
    training.travel = nil
    setNoise(
      count: experiment.space == before ? particleCount : wantedParticles, keepsWeights: false)
    if experiment.space != before || experiment.dimension != dimension { standOnNoise() }
    if particles.chosenCount == nil { fitParticles() }
    dialogue.flash = Flash(text: question.change + ", training starts anew", until: now + 1.2)
    var effects: [Effect] = [
      .trainer(.restart(experiment, data: own, generation: training.generation))
    ]
    if isResuited { effects.append(.trainer(.measureWith(usual))) }
    if let preset = Preset.all.first(where: { $0.name == question.preset }) {
      effects += arrange(preset)
    }
    if let chapter = question.chapter { effects += tell(Tour(chapter: chapter)) }
    return effects
  }
}
