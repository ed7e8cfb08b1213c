import FlowMatching

/// A run that comes from elsewhere: a checkpoint, or a file that another program rewrites.
public struct ReceivedRun: Sendable {
  /// The network's shape and how it was trained, as far as that is known.
  public var experiment: Experiment
  /// What it is judged by.
  public var dataset: Dataset
  /// Its weights and where training stands.
  public var state: TrainerState
  /// What was measured of it on the way, where its file keeps that.
  public var measurements: [TrainingRun.Measurement] = []
  /// How it was read; nil where its file says that itself.
  public var reading: ForeignReading?

  /// A run with everything that training goes on from.
  public init(experiment: Experiment, dataset: Dataset, state: TrainerState) {
    self.experiment = experiment
    self.dataset = dataset
    self.state = state
  }

  /// The averaged weights, which are shown, with their step.
  public var opened: (weights: FlowWeights, step: Int) {
    (
      FlowWeights(experiment.model, shape: experiment.shape, values: state.average),
      state.stepsDone
    )
  }

  /// Weights alone, at the given step, with the course that led there where it is known.
  public init(
    experiment: Experiment, dataset: Dataset, weights: FlowWeights, step: Int,
    course: TrainingCourse? = nil
  ) {
    var state = Trainer(experiment, dataset: dataset).state
    if let course { state.history = course.history }
    state.stepsDone = step
    state.weights = weights.values
    state.average = weights.values
    self.init(experiment: experiment, dataset: dataset, state: state)
    measurements = course?.measurements ?? []
  }
}
