import FlowMatching

/// A run that answers requests: what both the background thread and the inline trainer drive.
struct TrainingSession: Sendable {
  private(set) var run: TrainingRun
  private(set) var generation = 0
  private(set) var isPaused = false
  private var distances: [DistanceRequest.ID: Double] = [:]
  private let instructionSet: InstructionSet
  private static let keptDistances = 16

  /// A run whose samples are drawn by the solver that is on show.
  init(
    _ experiment: Experiment, dataset: Dataset, solver: LaneSettings,
    instructionSet: InstructionSet
  ) {
    self.instructionSet = instructionSet
    run = TrainingRun(
      experiment, dataset: dataset, solver: solver.solver, control: solver.control,
      instructionSet: instructionSet)
  }

  /// Whether a step would do anything.
  var isRunning: Bool { !isPaused && !run.trainer.isFinished && run.trainer.failure == nil }

  mutating func step() { run.step() }

  mutating func handle(_ request: TrainerRequest) {
    switch request {
    case .restart(let experiment, let generation):
      self.generation = generation
      distances = [:]
      isPaused = false
      // The viewer restarts only with data sets that have a name; another name keeps the old one.
      let dataset = (try? DatasetCatalog.named(experiment.dataset)) ?? run.dataset
      run = TrainingRun(
        experiment, dataset: dataset, solver: run.solver, control: run.control,
        instructionSet: instructionSet)
    case .setPaused(let paused):
      isPaused = paused
    case .measureWith(let settings):
      run.solver = settings.solver
      run.control = settings.control
    case .distance(let request):
      // Only the lanes on show are asked for; older answers are of no use to anyone.
      distances = distances.filter { $0.key > request.id - TrainingSession.keptDistances }
      distances[request.id] = request.points.isFinite ? run.distance(of: request.points) : .nan
    }
  }

  /// The report of this moment.
  func report(stepsPerSecond: Double) -> TrainingReport {
    var report = TrainingReport(weights: run.trainer.averagedWeights)
    report.generation = generation
    report.status =
      run.trainer.failure.map { .failed($0.description) }
      ?? (run.trainer.isFinished ? .finished : isPaused ? .paused : .training)
    report.step = run.trainer.stepsDone
    report.stepsPerSecond = isRunning ? stepsPerSecond : 0
    report.history = run.trainer.history
    report.averageLoss = run.trainer.stepsDone > 0 ? run.trainer.averageLoss : nil
    report.lossFloor = run.lossFloor
    report.measurements = run.measurements
    report.noiseFloor = run.noiseFloor
    report.distances = distances
    return report
  }
}
