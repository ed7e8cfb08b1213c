import FlowMatching

/// How often central intervals of the learned posterior hold the true parameters of simulations: fresh ones of
/// a simulator, of a file those that were learned.
struct CalibrationStudy: KeyedWork {
  /// The weights, and the run.
  struct Key: RenewedKey, Hashable {
    var weightsStep: Int
    let generation: Int
  }

  let key: Key
  /// The pairs so far.
  private(set) var calibration: Calibration
  private let experiment: Experiment
  private let weights: FlowWeights
  private let source: any Distribution
  private let parameters, observations: Batch
  private var next = 0
  private var random = Random(seed: 0).stream("coverage noise")

  /// The pairs, the draws of each, and the midpoint steps of a draw.
  static let (pairs, draws, steps) = (200, 39, 20)

  /// A study that has not begun.
  init(
    _ key: Key, _ experiment: Experiment, of weights: FlowWeights, from source: any Distribution,
    to simulations: any Simulations
  ) {
    self.key = key
    self.experiment = experiment
    self.weights = weights
    self.source = source
    calibration = Calibration(dimension: simulations.dimension, draws: Self.draws)
    var random = Random(seed: 0).stream("coverage")
    (parameters, observations) = simulations.sample(count: Self.pairs, using: &random)
  }

  var isOver: Bool { next == CalibrationStudy.pairs }

  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      let field = experiment.velocityField(
        of: weights, Guidance(given: observations.point(next)))
      let noise = source.sample(count: CalibrationStudy.draws, using: &random)
      let plan = TransportPlan(.midpoint, control: .fixed(steps: CalibrationStudy.steps))
      if let draws = field.carried(noise, plan), draws.isFinite {
        calibration.note(parameters.point(next), among: draws)
      }
      budget -= CalibrationStudy.draws * 2 * CalibrationStudy.steps
      next += 1
    }
  }
}

extension AppState {
  private var calibrationKey: CalibrationStudy.Key? {
    guard let observing, observing.columns == experiment.observations,
      layout.rect(of: .coverage) != nil
    else { return nil }
    return CalibrationStudy.Key(
      weightsStep: lanes.ensemble.weightsStep, generation: training.generation)
  }

  /// At once while coverage is being found; that of newer weights waits.
  var calibrationDelay: Double? {
    calibrationKey.flatMap { probes.calibration.delay(for: $0, now: now) }
  }

  /// What is known of it, maybe of older weights of this run.
  var shownCalibration: CalibrationStudy? {
    probes.calibration.shown.flatMap { $0.key.generation == training.generation ? $0 : nil }
  }

  /// Works on it; it does not depend on the observation on show.
  mutating func advanceCalibration(_ budget: inout Int) {
    guard let key = calibrationKey, let simulations = observing?.usual.simulations else { return }
    if probes.calibration.wants(key, now: now) {
      let study = CalibrationStudy(
        key, experiment, of: lanes.ensemble.weights, from: scene.source, to: simulations)
      probes.update(.calibration(study, until: now + 6))
    }
    if probes.advanceCalibration(budget: &budget) { revision += 1 }
  }
}
