import FlowMatching
import TerminalCanvas

/// Everything the viewer knows. It changes only in `update`, and a frame is a function of it.
public struct AppState: Sendable {
  /// What lies over the panes.
  public enum Overlay: Sendable, Equatable {
    case help
    /// Asks before training starts anew.
    case question(Question)
    /// The data sets, one of which is marked; asks in the same place.
    case datasets(Question)
    /// Asks before what was learned is lost.
    case leave
    /// The commands that fit what is typed.
    case palette(Palette)
    /// The list of parameters.
    case parameters(ParameterList)
    /// A data set is drawn by hand.
    case drawing(Drawing)
  }

  /// How lanes are set side by side.
  public enum Matching: String, Codable, Sendable {
    case time = "t"
    case evaluations
  }

  /// A change that is named for a moment.
  public struct Flash: Sendable, Equatable {
    public let text: String
    public let until: Double
    /// What the key went through.
    var choices: Choices?
  }

  // What is learned.
  public internal(set) var experiment: Experiment
  public internal(set) var dataset: Dataset
  public internal(set) var scene: TargetScene

  // Its parts, each with what it alone answers for.
  public internal(set) var particles: Particles
  public internal(set) var playback = Playback()
  public internal(set) var lanes: LaneBoard
  public internal(set) var studies = LaneStudies()
  public internal(set) var training: TrainingDisplay
  public internal(set) var charts = Charts()
  public internal(set) var probes: Probes
  public internal(set) var window: Window
  public internal(set) var look = Look()
  /// How the body of a curved space stands and turns; nil in the plane.
  public internal(set) var turning: Turning?
  /// What is observed where a posterior is shown; nil where nothing is.
  public internal(set) var observing: Observing?
  public internal(set) var dialogue = Dialogue()
  /// The target as it is taken hold of; nil before that view was shown.
  public internal(set) var world: ExactWorld?
  /// A newcomer's first ten seconds, while they last.
  public internal(set) var introduction: Introduction?
  public internal(set) var pace: Pace

  /// What is asked for at the next tick: by a preset before anybody listened, by work that was completed.
  var dueEffects: [Effect] = []
  /// Seconds since the viewer started, by the loop's clock.
  public internal(set) var now = 0.0
  /// Counts visible changes: a frame is drawn only when it moved.
  public internal(set) var revision = 1

  /// The settings that stay.
  public let options: Options

  /// What is fixed when the viewer starts.
  public struct Options: Sendable {
    /// Bytes that all trajectories together may hold.
    public var trajectoryMemory = 256 << 20
    public var instructionSet = InstructionSet.best
    /// Point evaluations a tick may spend; the loop fits it to the machine.
    public var evaluationBudget = 60_000
    /// Whether the slices follow what frames cost; a replay keeps them as they are.
    public var adaptsBudget = true
    /// Whether a parked picture morphs and numbers move smoothly.
    public var reducedMotion = false
    /// Whether it begins with the introduction, where there is room for that.
    public var introduces = false
    public var particles: Int?
    /// The weights that it begins with, and the step that they are of: else those of step 0 would be solved,
    /// shown and measured beside the words of a run that is trained.
    public var opened: (weights: FlowWeights, step: Int)?
    /// Whether it begins as a lecture.
    public var lecture = false
    /// The file that was opened and keeps its own weights, as it may be shown.
    public var origin: String?
    /// The file that another program trains into, as it may be shown; nothing here can be lost.
    public var follows: String?
    /// Frames a second that the loop aims at.
    public var framesPerSecond = 30.0
    public var solver = LaneSettings(.midpoint, steps: 20)
    /// What is arranged at the start.
    public var preset: Preset?
    /// The chapter of the tour that is told at the start.
    public var chapter: Chapter?
    /// What was saved and is to be seen again.
    public var saved: SavedState?
    /// Runs that lanes beside the experiment's own follow, up to three; those of what was saved.
    public var beside: [KeptTraining] = []
    /// A run whose curves stand behind those of training.
    public var overlay: GhostRun?

    public init() {}
  }

  /// The state at launch: untrained weights, a first noise, the clock parked at t = 1.
  public init(
    experiment: Experiment, dataset given: Dataset, size: Size, options: Options = Options()
  ) {
    // Whoever opens the viewer has encoded pictures before.
    let dataset = experiment.encoding(given, instructionSet: options.instructionSet) ?? given
    self.experiment = experiment
    self.dataset = dataset
    self.options = options
    scene = TargetScene(dataset, experiment)
    window = Window(size: size)
    look.isLecture = options.lecture
    turning = experiment.picturedSpace?.turning
    observing = experiment.learnsPosterior ? Observing(dataset) : nil
    probes = Probes(cross: (scene.sample[0, 0], scene.sample[scene.lastRow, 0]))
    pace = Pace(weights: experiment.shape.parameterCount, options)
    training = TrainingDisplay(experiment)
    let usual = ScreenLayout.defaultParticles(
      size, lanes: 1, ofLetters: experiment.traits.tokens != nil)
    let count = options.particles ?? experiment.picturedSpace?.particles(usual) ?? usual
    let noise = Particles.noise(
      index: 0, count: count, from: scene.source, random: Random(seed: experiment.seed))
    particles = Particles(noise, chosenCount: options.particles)
    if let opened = options.opened {
      (training.report.weights, training.report.step) = (opened.weights, opened.step)
      // It rests until somebody goes on with it, and its file keeps it.
      training.report.status = .paused
      training.shownReport = training.report
      if options.origin != nil { training.keptStep = opened.step }
    }
    // The trainer draws its first weights from the same stream, so that step 0 is the same network.
    let network = experiment.velocityField(
      of: options.opened?.weights ?? Trainer.initialWeights(experiment),
      instructionSet: options.instructionSet)
    let settings = AppState.suited(options.solver, to: experiment)
    let ensemble = Ensemble(
      LaneFields(network, experiment, dataset, scene), step: options.opened?.step ?? 0,
      noise: noise, lanes: [settings],
      focused: 0, memoryLimit: options.trajectoryMemory / 2)
    lanes = LaneBoard(ensemble, settings: settings, noise: noise)
    if experiment.traits.tokens != nil {
      look.scenery.view = .words
      lanes.update(.settle(solo: settings, compared: AppState.comparedLetters))
    }
    if experiment.traits.isLatent { look.scenery.view = .pictures }
    if showsMolecules { look.scenery.view = .molecules }
    if let preset = options.preset {
      dueEffects = arrange(preset)
      dialogue.flash = nil
    }
    if let chapter = options.chapter {
      dueEffects += tell(Tour(chapter: chapter.place))
    }
    training.overlay = options.overlay
    if let saved = options.saved { restore(saved) } else { compare(with: options.beside) }
    playback.repeatsOpening = playback.openingEnd != nil && !options.reducedMotion
    introduce()
  }

  /// The lane that single-lane keys act on.
  public var focusedLane: Lane { lanes.all[lanes.focused] }

  /// Whether solvers are compared.
  public var isComparing: Bool { lanes.all.count > 1 }

  /// The number of particles now.
  public var particleCount: Int { particles.noise.count }

  /// The training step of the weights on show.
  public var shownWeightsStep: Int { lanes.ensemble.weightsStep }

  /// The weights that every picture follows now.
  public var shownWeights: FlowWeights { lanes.ensemble.weights }

  /// Soon while training moves.
  var numbersDelay: Double? { training.delay }

  /// When what was said goes.
  var sayingDelay: Double? { dialogue.flash.map { $0.until - now } }

  /// Whether the clock rests, so that newer weights may replace the picture.
  public var isParked: Bool { !playback.isMoving }

  /// Says what was changed to what, for 1.2 seconds.
  mutating func say(_ what: String, _ value: String, for seconds: Double = 1.2) {
    say(Saying(what, value), for: seconds)
  }

  /// Shows all that there was to choose from beside what was said, for somewhat longer.
  mutating func show(_ choices: Choices?) {
    guard let choices, let flash = dialogue.flash else { return }
    dialogue.flash = Flash(text: flash.text, until: now + Choices.seconds, choices: choices)
  }

  /// The same of a part's own words.
  mutating func say(_ saying: Saying, for seconds: Double = 1.2) {
    dialogue.say(saying, until: now + seconds)
    revision += 1
  }
}
