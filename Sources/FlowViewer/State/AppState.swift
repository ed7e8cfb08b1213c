import FlowMatching
import TerminalCanvas

/// Everything the viewer knows. It changes only in `update`, and a frame is a function of it.
public struct AppState: Sendable {
  /// What lies over the panes.
  public enum Overlay: Sendable, Equatable {
    case help
    /// Asks before training starts anew.
    case question(Question)
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
  }

  // What is learned and from where the particles start.
  public internal(set) var experiment: Experiment
  public internal(set) var dataset: Dataset
  public internal(set) var scene: TargetScene
  public internal(set) var noiseIndex = 0
  public internal(set) var noise: Batch
  /// The noise that the particles on show came from; the new one's are still being solved.
  var shownNoise: Batch
  /// The number that a person chose; nil follows the size of the screen.
  var chosenParticles: Int?

  // The solves.
  public internal(set) var clock: Clock
  public internal(set) var lanes: [Lane] = []
  public internal(set) var focused = 0
  public internal(set) var matching = Matching.time
  var ensemble: Ensemble
  /// The solve of newer weights that replaces a parked one when it is ready.
  var successor: Ensemble?
  var nextSuccessorTime = 0.0
  var study: WorkPrecisionStudy?
  var shownStudy: ShownStudy?
  /// What a study that was replaced knew of the places it measured by.
  var keptPlaces: ExactPlaces?
  /// The own error of the reference on the way, as it was last measured at its end.
  var referenceSolveError: Double?
  /// W2 of the solve that lanes are compared with, and how far the question for it is.
  var exactDistance: JudgedDistance?
  var exactJudgement = Lane.Judgement.due
  var nextStudyTime = 0.0
  /// Until when compared lanes wait with newer weights, so that rows, dots, curves and verdicts are of
  /// one step and stay long enough to be read.
  var studyHold = 0.0
  var soloSettings: LaneSettings
  var comparedSettings: [LaneSettings]
  /// Weights that lanes keep, by number.
  var keptTrainings: [Int: KeptTraining] = [:]
  var nextKept = 0
  /// Steps of the focused lane that wait for their knots.
  var pendingSteps = 0
  /// The step of the newest weights that a file keeps.
  var keptStep: Int?
  /// What a preset asked for before anybody listened.
  var openingEffects: [Effect] = []
  /// What is to be seen, in a paragraph; nil when it was closed.
  public internal(set) var caption: Caption?
  /// The file that is being read.
  var reading: FileRequest?
  /// What was drawn last, to go on with, and how many drawings were taken.
  var lastDrawing = Drawing()
  var drawings = 0
  /// When the opening replay begins, unless a person touches the clock before.
  var openingEnd: Double?

  // Training, as last told, and as shown (numbers change at most four times a second).
  public internal(set) var report: TrainingReport
  public internal(set) var shownReport: TrainingReport
  public internal(set) var speedHistory: [Double] = []
  /// Which part of training the charts show, and what they showed when they were held.
  public internal(set) var chartSpan = ChartSpan.whole
  var frozenReport: TrainingReport?
  var generation = 0
  var nextNumbersTime = 0.0
  var nextStepTime = 0.0
  var nextDistanceID = 0
  var nextTheoryTime = 0.0
  /// When the followed file was last read anew, and what is said of it.
  var lastReading = 0.0
  var shownFollowWords: String?

  /// Point evaluations spent since the start.
  public internal(set) var evaluationsSpent = 0
  /// Point evaluations that the next tick may spend.
  var evaluationBudget: Int

  /// How fast the network is evaluated here: points per second, at first by its size.
  var evaluationsPerSecond: Double
  /// Seconds of a tick that solving may take: half of what a key may wait, with room to draw.
  static let sliceSeconds = 0.012

  // The screen.
  public internal(set) var size: Size
  public internal(set) var overlay: Overlay?
  /// The page of help, counted from 0; small screens need several.
  var helpPage = 0
  /// What help is searched for; nil while it is only read.
  var helpQuery: String?
  public internal(set) var flash: Flash?
  /// What the plots show.
  public internal(set) var scenery = Scenery()
  /// The window of each lane.
  public internal(set) var viewports = [Viewport](repeating: .fitted, count: 4)
  /// Whether all lanes show the same window.
  public internal(set) var areLinked = true
  /// The share of the columns that the plot takes, where a person has dragged its border.
  public internal(set) var plotShare: Double?
  /// The pane that has the whole body, and the one that keys are turned to.
  public internal(set) var expanded: PaneName?
  public internal(set) var focusedPane = PaneName.plot
  /// Height over width of a cell, as the terminal has it.
  public internal(set) var cellAspect = 2.0
  /// The particle that is followed, counted in the noise.
  public internal(set) var picked: Int?
  /// The group of particles that keeps its colour, counted in the noise, ascending.
  public internal(set) var tagged: [Int] = []
  var inspection: Inspection?
  var shownInspection: Inspection?
  /// The step of the kept weights on show; nil follows the newest.
  public internal(set) var travel: Int?
  public internal(set) var bookmarks: [Bookmark] = []
  var bookmark = 0
  public internal(set) var appearance = Appearance()
  /// Whether every frame goes to a file.
  public internal(set) var isRecording = false
  /// Whether the costs of a frame stand over the plot.
  public internal(set) var showsCosts = false
  /// Whether nothing moves, so that no frames are drawn.
  var isIdle = false
  /// Where a button went down, and whether the pointer has moved since.
  var drag: Drag?

  // What the views other than the particles have computed, and what they work on.
  var fieldProbe: FieldProbe?
  var shownField: FieldPicture?
  var errorCurve = Study<FieldErrorCurve>()
  var carrier: Carrier?
  var warp: Solve?
  /// The grid through newer weights, which replaces it when it is complete.
  var nextWarp: Solve?
  var pairs: PairSample?
  var pairKey: PairKey?
  var densityProbe: DensityProbe?
  var shownDensity: DensityPicture?
  var nextDensityTime = 0.0
  var likelihood = Study<LikelihoodStudy>()
  var hutchinson = Study<HutchinsonStudy>()
  /// The place whose density is asked for.
  public internal(set) var cross: (x: Double, y: Double)
  public internal(set) var cost = FrameCost()
  public internal(set) var shownCost = FrameCost()
  /// Seconds since the viewer started, by the loop's clock.
  public internal(set) var now = 0.0
  /// Counts visible changes: a frame is drawn only when it moved.
  public internal(set) var revision = 1
  public internal(set) var filmFrames: [Batch] = []
  var positionsAreCurrent = false
  var scratch = Batch(dimension: 2, count: 0)

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
    public var particles: Int?
    /// The file that was opened and keeps its own weights, as it may be shown.
    public var origin: String?
    /// The file that another program trains into, as it may be shown; nothing here can be lost.
    public var follows: String?
    /// Frames a second that the loop aims at.
    public var framesPerSecond = 30.0
    public var solver = LaneSettings(.midpoint, steps: 20)
    /// What is arranged at the start.
    public var preset: Preset?
    /// What was saved and is to be seen again.
    public var saved: SavedState?
    /// Runs that lanes beside the experiment's own follow, up to three; those of what was saved.
    public var beside: [KeptTraining] = []

    public init() {}
  }

  /// The state at launch: untrained weights, a first noise, the clock parked at t = 1.
  public init(
    experiment: Experiment, dataset: Dataset, size: Size, options: Options = Options()
  ) {
    self.experiment = experiment
    self.dataset = dataset
    self.size = size
    self.options = options
    scene = TargetScene(dataset, experiment)
    cross = (scene.sample[0, 0], scene.sample[1, 0])
    // As the default network's 9 000 weights on a common processor, until frames tell.
    evaluationsPerSecond = min(3e6, 3e6 * 9000 / Double(experiment.shape.parameterCount))
    evaluationBudget = options.evaluationBudget
    if options.adaptsBudget {
      let slice = Int(saturating: evaluationsPerSecond * AppState.sliceSeconds)
      evaluationBudget = min(evaluationBudget, max(1, slice))
    }
    chosenParticles = options.particles
    soloSettings = AppState.suited(options.solver, to: experiment)
    comparedSettings = [
      LaneSettings(.euler, steps: 8), LaneSettings(.midpoint, steps: 4),
      LaneSettings(.rk4, steps: 2), LaneSettings(.dormandPrince, toleranceExponent: -3),
    ]
    clock = Clock(t: 1)
    let random = Random(seed: experiment.seed)
    let count = options.particles ?? ScreenLayout.defaultParticles(size, lanes: 1)
    noise = AppState.noise(index: 0, count: count, from: scene.source, random: random)
    shownNoise = noise
    // The trainer draws its first weights from the same stream, so that step 0 is the same network.
    let weights = Trainer.initialWeights(experiment)
    report = TrainingReport(of: experiment)
    shownReport = report
    let network = experiment.velocityField(of: weights, instructionSet: options.instructionSet)
    ensemble = Ensemble(
      LaneFields(network, experiment, dataset, scene), step: 0, noise: noise,
      lanes: [soloSettings], focused: 0, memoryLimit: options.trajectoryMemory / 2)
    lanes = [Lane(settings: soloSettings, positions: noise)]
    openingEnd = 2.5
    if let preset = options.preset {
      openingEffects = arrange(preset)
      flash = nil
    }
    if let saved = options.saved { restore(saved) } else { compare(with: options.beside) }
  }

  /// The lane that single-lane keys act on.
  public var focusedLane: Lane { lanes[focused] }

  /// Whether solvers are compared.
  public var isComparing: Bool { lanes.count > 1 }

  /// The number of particles now.
  public var particleCount: Int { noise.count }

  /// The training step of the weights on show.
  public var shownWeightsStep: Int { ensemble.weightsStep }

  /// The weights that every picture follows now.
  public var shownWeights: FlowWeights { ensemble.weights }

  /// Whether the clock rests, so that newer weights may replace the picture.
  public var isParked: Bool { !clock.isPlaying && clock.t == clock.wanted && pendingSteps == 0 }

  /// The `index`-th noise of a seed, `count` points of the source.
  static func noise(
    index: Int, count: Int, from source: any Distribution, random: Random
  ) -> Batch {
    var stream = random.stream("particles \(index)")
    return source.sample(count: count, using: &stream)
  }

  /// Says what was changed to what, for 1.2 seconds.
  mutating func say(_ what: String, _ value: String, for seconds: Double = 1.2) {
    flash = Flash(text: "\(what) → \(value)", until: now + seconds)
    revision += 1
  }
}
