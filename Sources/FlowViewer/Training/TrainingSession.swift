import FlowMatching

/// A run that answers requests: what both the background thread and the inline trainer drive.
struct TrainingSession: Sendable {
  private(set) var run: TrainingRun
  private(set) var generation = 0
  private(set) var isPaused = false
  private var keeper = SnapshotKeeper()
  /// The step at which training rests: the experiment's last, or a later one that was asked for.
  private var goal: Int
  private var marks: [TrainingMark] = []
  private var theory: TheoryStudy?
  /// The step at which the flow's own pairs are learned, and the one at which they were.
  private var reflowDue: Int?
  private var reflowStep: Int?
  private var formerFloor: Double?
  private var distances: [DistanceRequest.ID: Double] = [:]
  /// What is good of a run that left the numbers; nil as long as all is well.
  private var salvage: Salvage?
  private let instructionSet: InstructionSet
  private let timer: TrainingRun.Timer
  /// What another program trained last; nil where this session trains itself.
  private var followed: ReceivedRun?
  /// How often that was read anew.
  private var readings = 0
  /// The losses that it has told; nil where it told none.
  private var toldLosses: LossHistory?
  /// What the doctor says of it.
  private var doctor: DoctorStudy?
  private static let keptDistances = 16
  /// Few enough that training does not seem to stop while they are solved.
  private static let reflowPairs = 1 << 14

  /// A run whose samples are drawn by the solver that is on show.
  init(
    _ experiment: Experiment, dataset: Dataset, solver: LaneSettings,
    instructionSet: InstructionSet, timer: @escaping TrainingRun.Timer = TrainingRun.virtualTimer
  ) {
    self.instructionSet = instructionSet
    self.timer = timer
    goal = experiment.steps
    let dataset = experiment.encoding(dataset, instructionSet: instructionSet) ?? dataset
    run = TrainingRun(
      experiment, dataset: dataset, solver: solver.solver, control: solver.control,
      measuresAllDistances: true, instructionSet: instructionSet, timer: timer)
    run.jumps = solver.jumps
  }

  /// Whether a step would do anything.
  var isRunning: Bool {
    !isPaused && followed == nil && !isFinished && run.trainer.failure == nil
  }

  /// Shows a run from a checkpoint, at rest until somebody lets it go on.
  mutating func open(_ received: ReceivedRun) {
    take(received)
    isPaused = true
  }

  /// Shows what another program trained: this session does not train any more.
  mutating func follow(_ news: FollowedNews) {
    if let losses = news.losses { toldLosses = losses }
    guard let received = news.run else { return }
    let before = followed
    followed = received
    readings += 1
    take(received)
    consultDoctor(
      received,
      isNew: before?.experiment != received.experiment || before?.reading != received.reading)
  }

  /// Has the network that is followed looked at; `isNew` where it is another kind of it.
  private mutating func consultDoctor(_ received: ReceivedRun, isNew: Bool) {
    let reading = received.reading ?? ForeignReading()
    if isNew { doctor = DoctorStudy(of: run.trainer.experiment, to: run.dataset, as: reading) }
    doctor?.take(
      run.trainer.averagedWeights, step: run.trainer.stepsDone,
      isActivationTold: reading.isActivationTold)
  }

  private mutating func take(_ received: ReceivedRun) {
    salvage = nil
    var experiment = received.experiment
    experiment.dataset = run.dataset.name
    if run.trainer.experiment != experiment {
      let dataset = run.dataset.withGiven(of: received.dataset)
      run = TrainingRun(
        experiment, dataset: dataset, solver: run.solver, control: run.control,
        measuresAllDistances: true, instructionSet: instructionSet, timer: timer)
    }
    // What does not fit the network is not shown; the reader of files has refused it before.
    guard (try? run.restore(received.state)) != nil else { return }
    run.recall(received.measurements)
    run.measureNow()
  }

  private var isFinished: Bool { run.trainer.stepsDone >= goal }

  mutating func step() {
    if let due = reflowDue, run.trainer.stepsDone >= due { reflow() }
    if run.trainer.stepsDone < TrainingRun.firstMeasurement {
      keeper.offer(
        run.trainer.stepsDone, run.trainer.averagedWeights, rival: run.rival?.averagedWeights)
    }
    let replaced = run.trainer.couplingTally?.exact ?? 0
    run.step()
    if replaced == 0, let tally = run.trainer.couplingTally, tally.exact > 0 {
      marks.append(TrainingMark(step: run.trainer.stepsDone, text: "ε too small: exact OT"))
    }
    if run.measurements.last?.step == run.trainer.stepsDone {
      keeper.keep(
        run.trainer.stepsDone, run.trainer.averagedWeights, rival: run.rival?.averagedWeights)
    }
    if run.trainer.failure != nil { salvage = run.trainer.salvage() }
  }

  /// Goes back to where a run that left the numbers was whole, to go on with other settings.
  private mutating func goBack() {
    guard run.trainer.failure != nil, let salvage, (try? run.restore(salvage.state)) != nil else {
      return
    }
    self.salvage = nil
    keeper.forget(after: salvage.state.stepsDone)
    run.measureNow()
  }

  private mutating func reflow() {
    reflowDue = nil
    formerFloor = run.lossFloor ?? formerFloor
    if run.rectify(count: TrainingSession.reflowPairs) { reflowStep = run.trainer.stepsDone }
  }

  /// Whether something is asked that takes its turn with training.
  var hasStudy: Bool { theory.map { !$0.isOver } ?? false || doctor.map { !$0.isOver } ?? false }

  /// Does one piece of it.
  mutating func studyOnce() {
    theory?.advance()
    doctor?.advance()
  }

  mutating func handle(_ request: TrainerRequest) {
    switch request {
    case .restart(let experiment, let data, let generation):
      self.generation = generation
      distances = [:]
      theory = nil
      marks = []
      reflowDue = nil
      reflowStep = nil
      formerFloor = nil
      isPaused = false
      keeper = SnapshotKeeper()
      salvage = nil
      goal = experiment.steps
      let dataset = data ?? run.dataset.replaced(by: experiment.dataset)
      run = TrainingRun(
        experiment, dataset: dataset, solver: run.solver, control: run.control,
        measuresAllDistances: true, instructionSet: instructionSet, timer: timer)
      if let followed {
        take(followed)
        consultDoctor(followed, isNew: true)
      }
    case .adjust(let experiment, let mark):
      guard followed == nil else { return }
      goal = experiment.steps
      goBack()
      run.adjust(to: experiment)
      if !mark.isEmpty { marks.append(TrainingMark(step: run.trainer.stepsDone, text: mark)) }
    case .setPaused(let paused):
      isPaused = paused
    case .trainTo(let step):
      goal = max(goal, step)
      isPaused = false
    case .reflow(let step):
      let due = max(step, run.trainer.stepsDone)
      reflowDue = due
      // At rest nothing would come of it.
      goal = max(goal, due + run.trainer.experiment.steps / 2)
    case .measureWith(let settings):
      run.solver = settings.solver
      run.control = settings.control
      run.jumps = settings.jumps
    case .theory:
      var study = theory ?? TheoryStudy(run.trainer)
      if theory != nil { study.renew(run.trainer) }
      theory = study
    case .distance(let request):
      // Only the lanes on show are asked for; older answers are of no use to anyone.
      distances = distances.filter { $0.key > request.id - TrainingSession.keptDistances }
      distances[request.id] = request.points.isFinite ? run.distance(of: request.points) : .nan
    }
  }

  /// The report of this moment.
  func report(stepsPerSecond: Double) -> TrainingReport {
    var report = TrainingReport(weights: salvage?.weights ?? run.trainer.averagedWeights)
    report.generation = generation
    report.experiment = followed == nil && reflowStep == nil ? nil : run.trainer.experiment
    report.reflowStep = reflowStep
    report.pairs = reflowStep == nil ? nil : run.dataset.pairs
    report.formerFloor = reflowStep == nil ? nil : formerFloor
    report.status =
      run.trainer.failure.map { .failed($0.description) }
      ?? (followed != nil ? .training : isFinished ? .finished : isPaused ? .paused : .training)
    report.step = salvage?.step ?? run.trainer.stepsDone
    report.goal = followed == nil ? goal : 0
    report.stepsPerSecond = isRunning ? stepsPerSecond : 0
    if let rival = run.rival {
      let ratio = Double(rival.stepsDone) / Double(max(1, report.step))
      report.rival = TrainingReport.Rival(
        weights: rival.averagedWeights, step: rival.stepsDone,
        stepsPerSecond: report.stepsPerSecond * ratio)
    }
    report.history = run.trainer.history
    report.averageLoss = run.trainer.stepsDone > 0 ? run.trainer.averageLoss : nil
    // Weights alone keep the course of their losses, not what their average goes on from.
    if let average = report.averageLoss, !average.isFinite {
      report.averageLoss = report.history.points.last?.average
    }
    report.lossFloor = run.lossFloor
    report.lossFloorError = run.lossFloorError
    report.lossFloorCrop = run.lossFloorCrop
    report.measurements = run.measurements
    report.marks = marks
    report.noiseFloor = run.noiseFloor
    report.noiseFloors = run.noiseFloors
    report.distances = distances
    report.theory = theory
    report.snapshots = keeper.snapshots
    report.readings = readings
    if let toldLosses, report.history.points.isEmpty {
      report.history = toldLosses
      report.averageLoss = toldLosses.points.last?.average
    }
    report.doctor = doctor
    return report
  }
}
