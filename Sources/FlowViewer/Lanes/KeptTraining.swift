import FlowMatching
import TerminalCanvas

/// Weights that a lane keeps while the experiment trains on: its own at some step, or a file's.
public struct KeptTraining: Sendable {
  /// What the lane is called, “kept 12 000” or the name of a file.
  public internal(set) var title: String
  /// How they were trained.
  public let experiment: Experiment
  /// After how many optimiser steps.
  public let step: Int
  /// The velocity field that they are.
  private(set) var network: LearnedField
  /// What was read of a foreign network's file, and what was left; nil for any other.
  let reading: String?
  /// Whether they were trained here, so that the step is the name.
  private let isOwn: Bool

  /// What is learned here, after so many steps.
  init(_ experiment: Experiment, step: Int, network: LearnedField) {
    title = "kept " + NumberFormat.grouped(step)
    isOwn = true
    reading = nil
    self.experiment = experiment
    self.step = step
    self.network = network
  }

  /// What a file holds, called as it may be shown.
  public init(
    title: String, experiment: Experiment, step: Int, weights: FlowWeights,
    instructionSet: InstructionSet = .best, reading: String? = nil
  ) {
    self.reading = reading
    self.title = title
    self.experiment = experiment
    self.step = step
    isOwn = false
    network = experiment.velocityField(of: weights, instructionSet: instructionSet)
  }

  /// What was learned.
  public var weights: FlowWeights { network.weights }

  /// The same given an observation, where that is what it learned.
  func given(_ observation: [Double], of columns: [ObservedColumn]) -> KeptTraining {
    guard experiment.observations == columns else { return self }
    var kept = self
    kept.network = experiment.velocityField(of: weights, Guidance(given: observation))
    return kept
  }

  /// What sets it apart from an experiment beside it, in a few words.
  func words(beside experiment: Experiment) -> String {
    let own = self.experiment
    let differences: [(Bool, String)] = [
      (own.dataset != experiment.dataset, own.dataset),
      (own.model != experiment.model, own.model.title),
      (own.objective != experiment.objective, own.objective.title),
      (own.path != experiment.path, "\(own.path)"),
      (own.timeDensity != experiment.timeDensity, "t \(own.timeDensity)"),
      (own.scheduler != experiment.scheduler, own.scheduler.title),
      (own.coupling != experiment.coupling, own.coupling.title),
      (own.prediction != experiment.prediction, "predicts " + own.prediction.title),
      (own.loss != experiment.loss, "\(own.loss)"),
      (own.shape != experiment.shape, own.widths.map(String.init).joined(separator: ",")),
      (own.activation != experiment.activation, own.activation.title),
      (own.batch != experiment.batch, "batch \(own.batch)"),
      (own.seed != experiment.seed, "seed \(own.seed)"),
    ]
    return differences.first { $0.0 }?.1
      ?? (isOwn ? "of this run" : "step " + NumberFormat.grouped(step))
  }

  /// Why a lane beside an experiment cannot follow it; nil where it can. From one noise particles only
  /// start together where that is the source of both.
  public func complaint(beside experiment: Experiment) -> String? {
    if self.experiment.traits.tokens?.space != experiment.traits.tokens?.space {
      return "its letters and those here are not the same"
    }
    if !experiment.traits.needsSolver {
      return "layers have no lanes of other weights; open a velocity first, and layers beside it"
    }
    if self.experiment.space != experiment.space {
      return "it flows on another space, \(self.experiment.spaceName), not \(experiment.spaceName)"
    }
    if self.experiment.dimension != experiment.dimension {
      return "it has \(self.experiment.dimension) dimensions, not \(experiment.dimension)"
    }
    if KeptTraining.start(of: self.experiment) != KeptTraining.start(of: experiment) {
      return "it flows from \(KeptTraining.start(of: self.experiment)), these particles from "
        + KeptTraining.start(of: experiment)
    }
    return nil
  }

  /// Where an experiment's flow starts, in words that are the same for the same source.
  private static func start(of experiment: Experiment) -> String {
    if case .rotation = experiment.coupling { return "\(experiment.dataset) turned" }
    return experiment.source == Source.points
      ? "the points given with \(experiment.dataset)" : experiment.source
  }
}

/// What became of a network that a lane was to follow.
public enum OpenOutcome: Sendable {
  case training(KeptTraining)
  case failed(String)
}

extension AppState {
  /// What the settings' weights are kept with; nil where they are those of the experiment.
  func kept(_ settings: LaneSettings) -> KeptTraining? {
    guard case .kept(let number) = settings.training else { return nil }
    return lanes.kept[number]
  }

  /// How the weights were trained that the settings follow.
  func experiment(of settings: LaneSettings) -> Experiment {
    kept(settings)?.experiment ?? experiment
  }

  /// How the weights were trained that the focused lane follows.
  var followedExperiment: Experiment { experiment(of: focusedLane.settings) }

  /// The focused lane keeps the weights that it shows, or follows the newest again.
  mutating func keepWeights() -> [Effect] {
    if let kept = kept(focusedLane.settings) {
      return changeLane(saying: ("lane follows", "the newest weights, no more \(kept.title)")) {
        $0.training = nil
      }
    }
    guard isComparing, !comparesTrainings else {
      say("weights", isComparing ? "lanes show trainings here" : "are kept in lanes, | splits")
      return []
    }
    return follow(
      KeptTraining(experiment, step: lanes.ensemble.weightsStep, network: lanes.ensemble.network))
  }

  /// The focused lane follows what a file holds; a single one is split first.
  mutating func receive(_ outcome: OpenOutcome) -> [Effect] {
    switch outcome {
    case .training(let training):
      if let complaint = training.complaint(beside: experiment) {
        say(training.title, complaint, for: AppState.readingSeconds)
        return []
      }
      var effects: [Effect] = []
      if !isComparing {
        let solo = lanes.soloSettings
        lanes.update(.settle(solo: solo, compared: [solo, solo]))
        effects = setLanes(2)
        lanes.update(.focus(1))
      }
      effects += follow(training)
      // As long as a sentence takes to read, in the words of the commands.
      if let words = training.reading {
        say(training.title, words, for: AppState.readingSeconds)
      }
      return effects
    case .failed(let reason):
      say("not opened", reason, for: AppState.readingSeconds)
      return []
    }
  }

  private mutating func follow(_ training: KeptTraining) -> [Effect] {
    let number = lanes.nextKept
    lanes.update(.keep(training))
    defer { lanes.update(.dropUnused) }
    return changeLane(saying: ("lane follows", training.title)) {
      if !training.experiment.traits.needsSolver {
        $0 = AppState.usualSolver(of: training.experiment)
      }
      $0.training = .kept(number)
      $0.scheduler = nil
      $0.velocity = nil
    }
  }

  /// Sets lanes beside the experiment's own, one for each of up to three runs.
  mutating func compare(with runs: [KeptTraining]) {
    guard !runs.isEmpty else { return }
    let solver = lanes.soloSettings
    var settings = lanes.comparedSettings.map { _ in solver }
    for (index, run) in runs.prefix(3).enumerated() {
      if !run.experiment.traits.needsSolver {
        settings[index + 1] = AppState.usualSolver(of: run.experiment)
      }
      settings[index + 1].training = .kept(lanes.nextKept)
      lanes.update(.keep(run))
    }
    lanes.update(.settle(solo: solver, compared: settings))
    _ = setLanes(min(runs.count, 3) + 1)
    dialogue.flash = nil
  }
}
