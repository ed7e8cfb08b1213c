import Kernels

/// A training run with what a person watches of it: losses, field error and distance to the target.
///
/// It has no clock and no thread: the viewer's background trainer, the deterministic replay and the
/// headless command all drive the same run, step by step.
public struct TrainingRun: Sendable {
  /// One measurement of the averaged weights.
  public struct Measurement: Sendable, Hashable {
    /// The optimiser steps done when it was taken.
    public let step: Int
    /// Mean |v − u*|² over points and dimensions, where u* is known exactly; where the objective is
    /// the likelihood, the negative log-likelihood above its floor, KL(q‖p₁) in nats.
    public let excess: Double?
    /// The standard error of a mean square of velocities; nil where `excess` is none.
    public internal(set) var excessError: Double?
    /// The root Wasserstein-2 distance between `sampleCount` model samples and as many of the
    /// target, where it was measured.
    public let w2: Double?
    /// The other distances between the same samples, where a run measures them.
    public internal(set) var distances: [SampleDistance: Double] = [:]
    /// The share of samples that the data can yield, of letters: real words.
    public internal(set) var supportShare: Double?
    /// Seconds that the optimiser had worked by then.
    public internal(set) var seconds = 0.0
    /// The flow matching run beside one by likelihood, where there is one.
    public internal(set) var rival: Rival?

    /// The other of two runs at the same moment.
    public struct Rival: Sendable, Hashable {
      /// Its optimiser steps.
      public let step: Int
      /// Its excess in nats, where it can be told.
      public let excess: Double?
      /// Seconds that its optimiser had worked by then.
      public let seconds: Double
    }
  }

  /// Does what it is given, which takes so much work a point, and tells the seconds that it took.
  public typealias Timer = @Sendable (_ work: Double, _ body: () -> Void) -> Double

  /// A timer without a clock, as if flow matching took 1 200 steps a second.
  public static let virtualTimer: Timer = { work, body in
    body()
    return work / (1200 * Matching.workPerStep)
  }

  /// Pairs of fresh samples that the noise floor averages over.
  private static let noisePairs = 8
  /// How many samples W2 compares (1 000 live).
  public let sampleCount: Int
  /// Whether W2 is measured on the way and not only after the last step.
  public let measuresDistance: Bool
  /// Whether `SampleDistance` is measured in all its forms beside W2.
  public let measuresAllDistances: Bool
  /// The data that are learned.
  public private(set) var dataset: Dataset
  /// The optimiser, its weights and its data streams.
  public private(set) var trainer: Trainer
  /// Every measurement so far, in order of step.
  public internal(set) var measurements: [Measurement] = []
  /// The distance between two fresh samples of the target: what no model can be expected to beat.
  public private(set) var noiseFloor: NoiseFloor?
  /// The same for the other distances.
  public private(set) var noiseFloors: [SampleDistance: NoiseFloor] = [:]
  /// The least loss that any network can have, where it is known: see `Experiment.lossFloor`.
  public var lossFloor: Double? { floorEstimation.result?.mean }
  /// The standard error of `lossFloor`, 0 where it is exact.
  public var lossFloorError: Double? { floorEstimation.result?.standardError }
  /// The times of [0, 1] to which `lossFloor` belongs, where it would be infinite over all of them.
  public var lossFloorCrop: ClosedRange<Double>? {
    floorEstimation.result == nil ? nil : floorEstimation.crop
  }
  /// The solver whose samples W2 judges.
  public var solver: ButcherTableau
  /// The steps that this solver takes.
  public var control: StepControl
  /// The jumps of a flow map that take its place; one unless something else is said.
  public var jumps: [Double]?
  /// A piece of it is done with every step, so that the first step need not wait for all of it.
  private var floorEstimation: LossFloorEstimation
  private var excess: (any ExcessMeasure)?
  private var matching: MatchingRival?
  private let timer: Timer
  private var (seconds, rivalSeconds) = (0.0, 0.0)
  private let noise: Batch
  private let target: Batch
  private var noiseRandom: Random
  private var noiseDistances: [Double] = []
  private var otherNoise: [SampleDistance: [Double]] = [:]
  private var nextExcess = TrainingRun.firstMeasurement
  private var nextDistance = TrainingRun.firstMeasurement
  /// The step of the first measurement.
  public static let firstMeasurement = 30

  /// Prepares the run; nothing is trained or measured yet.
  public init(
    _ experiment: Experiment, dataset: Dataset, solver: ButcherTableau = .midpoint,
    control: StepControl = .fixed(steps: 20), sampleCount: Int = 1000,
    measuresDistance: Bool = true, measuresAllDistances: Bool = false,
    instructionSet: InstructionSet = .best, threads: Int = 1,
    timer: @escaping Timer = virtualTimer
  ) {
    self.timer = timer
    self.dataset = dataset
    self.sampleCount = sampleCount
    self.measuresDistance = measuresDistance
    self.measuresAllDistances = measuresAllDistances
    self.solver = solver
    self.control = control
    jumps = experiment.traits.isMap ? [0, 1] : nil
    trainer = Trainer(
      experiment, dataset: dataset, instructionSet: instructionSet, threads: threads)
    floorEstimation = experiment.lossFloorEstimation(to: dataset)
    let random = Random(seed: experiment.seed)
    noiseRandom = random.stream("noise floor")
    var targetStream = random.stream("distance target")
    noise = TrainingRun.distanceNoise(
      from: trainer.source, seed: experiment.seed, count: sampleCount)
    target = dataset.distribution.sample(count: sampleCount, using: &targetStream)
    let kind = experiment.kind
    excess = kind.excessMeasure(to: dataset)
    matching = kind.rival.map {
      MatchingRival($0, beside: experiment, dataset: dataset, instructionSet: instructionSet)
    }
  }

  /// The points of the source whose W2 to the target a run of that seed judges.
  public static func distanceNoise(
    from source: any Distribution, seed: UInt64, count: Int = 1000
  ) -> Batch {
    var stream = Random(seed: seed).stream("distance noise")
    return source.sample(count: count, using: &stream)
  }

  /// One optimiser step, and a measurement where the schedule asks for one.
  ///
  /// Measurements fall on steps that are fixed in advance (from 30 on the excess 12 % apart and the
  /// distance 25 %, and both after the last), so that the same seed gives the same numbers however
  /// fast the machine is.
  public mutating func step() {
    let (timer, work) = (timer, trainer.experiment.workPerStep)
    seconds += timer(work) { trainer.step() }
    guard trainer.failure == nil else { return }
    floorEstimation.advance()
    if matching != nil { rivalSeconds += timer(work) { matching?.advance() } }
    let done = trainer.stepsDone
    let isDistanceDue = measuresDistance && done >= nextDistance
    let isLast = done == trainer.experiment.steps
    guard done >= nextExcess || isDistanceDue || isLast else { return }
    if done >= nextExcess { nextExcess = max(done + 1, (nextExcess * 112 + 99) / 100) }
    if done >= nextDistance { nextDistance = max(done + 1, (nextDistance * 125 + 99) / 100) }
    measure(distance: isDistanceDue || isLast)
  }

  /// The flow matching run beside one by likelihood, where there is one.
  public var rival: Trainer? { matching?.trainer }

  /// Goes on with other settings of the optimiser: see `Trainer.adjust`.
  public mutating func adjust(to experiment: Experiment) {
    trainer.adjust(to: experiment)
    matching?.adjust(to: experiment)
  }

  private mutating func measure(distance: Bool) {
    let weights = trainer.averagedWeights
    var w2: Double?
    var others: [SampleDistance: Double] = [:]
    var share: Double?
    if trainer.isFinished { _ = floorEstimation.finish() }
    if distance {
      advanceNoiseFloor(toTheEnd: trainer.isFinished)
      let samples = dataset.isKnownTarget ? samples(of: trainer.velocityField(of: weights)) : nil
      if hasDistance {
        w2 = samples.map(self.distance) ?? .nan
        for kind in otherDistances { others[kind] = samples.map { kind($0, target) } ?? .nan }
      }
      share = samples.flatMap(supportShare)
    }
    let measured = excess?.measure(trainer.velocityField(of: weights))
    let rival = rival.map {
      Measurement.Rival(
        step: $0.stepsDone,
        excess: excess?.measure($0.velocityField(of: $0.averagedWeights)).value,
        seconds: rivalSeconds)
    }
    measurements.append(
      Measurement(
        step: trainer.stepsDone, excess: measured?.value, excessError: measured?.standardError,
        w2: w2, distances: others, supportShare: share, seconds: seconds,
        rival: rival))
  }

  /// Whether the numbers of samples are coordinates, which letters' are not, and their target is known.
  private var hasDistance: Bool { dataset.tokens == nil && dataset.isKnownTarget }

  /// The share of samples that the data can yield; nil for points.
  public func supportShare(of samples: Batch) -> Double? {
    dataset.tokens.map {
      $0.supportShare(of: TokenSequences(space: $0.space, points: samples))
    }
  }

  /// The steps in which letters jump for that share, and the sequences.
  public static let letterSteps = 64
  public static let letterSamples = 500

  /// Where a flow carries the noise; nil where the solve broke down, and there is none at t = 1.
  private func samples(of field: LearnedField) -> Batch? {
    var plan = TransportPlan(solver, control: control)
    plan.jumps = jumps
    guard dataset.tokens == nil else {
      plan.control = .fixed(steps: TrainingRun.letterSteps)
      plan.random = Random(seed: trainer.experiment.seed).stream("support")
      return field.carried(noise.prefix(TrainingRun.letterSamples), plan)
    }
    return field.carried(noise, plan)
  }

  private var otherDistances: [SampleDistance] {
    // Along a curved space it is W₂ alone.
    measuresAllDistances && dataset.space == nil ? SampleDistance.allCases.filter { $0 != .w2 } : []
  }

  /// One more pair of samples at a time: all at once would hold up the first steps of a run.
  private mutating func advanceNoiseFloor(toTheEnd: Bool) {
    guard noiseFloor == nil, hasDistance else { return }
    repeat {
      let a = dataset.distribution.sample(count: sampleCount, using: &noiseRandom)
      let b = dataset.distribution.sample(count: sampleCount, using: &noiseRandom)
      noiseDistances.append(
        Wasserstein.w2(a, b, on: dataset.space, instructionSet: trainer.instructionSet))
      for kind in otherDistances { otherNoise[kind, default: []].append(kind(a, b)) }
    } while toTheEnd && noiseDistances.count < TrainingRun.noisePairs
    if noiseDistances.count == TrainingRun.noisePairs {
      noiseFloor = NoiseFloor(noiseDistances)
      noiseFloors = otherNoise.mapValues { NoiseFloor($0) }
    }
  }

  /// W2 between the given points and as many points of the target (at most `sampleCount`).
  public func distance(of points: Batch) -> Double {
    let count = min(points.count, sampleCount)
    return Wasserstein.w2(
      points.prefix(count), target.prefix(count), on: dataset.space,
      instructionSet: trainer.instructionSet)
  }
}

extension TrainingRun {
  /// From here on learns the pairs of its own flow: where it carries noise, see `Reflow`. Weights,
  /// optimiser and history stay; the experiment's coupling becomes `reflow`, and no exact field and
  /// no floor is known any more. False, and nothing has changed, where the flow loses all its points.
  public mutating func rectify(count: Int = Reflow.count) -> Bool {
    let old = trainer.experiment
    let field = trainer.velocityField(of: trainer.averagedWeights)
    guard old.traits.followsPath,
      let pairs = Reflow.pairs(
        of: field, from: trainer.source, count: count, random: Random(seed: old.seed))
    else { return false }
    var experiment = old
    experiment.coupling = .reflow
    let rectified = dataset.with(pairs)
    guard (try? experiment.validate(to: rectified)) != nil else { return false }
    var next = Trainer(
      experiment, dataset: rectified, instructionSet: trainer.instructionSet,
      threads: trainer.threads)
    guard (try? next.restore(trainer.state)) != nil else { return false }
    trainer = next
    dataset = rectified
    floorEstimation = LossFloorEstimation(known: nil)
    excess = nil
    matching = nil
    return true
  }

  /// Goes on from the state of a run of the same experiment; measurements fall on the same steps as
  /// if it had never stopped. A run beside it is not saved, and ends.
  public mutating func restore(_ state: TrainerState) throws(UnsuitableState) {
    try trainer.restore(state)
    matching = nil
    nextExcess = TrainingRun.firstMeasurement
    while nextExcess <= state.stepsDone {
      nextExcess = max(nextExcess + 1, (nextExcess * 112 + 99) / 100)
    }
    nextDistance = TrainingRun.firstMeasurement
    while nextDistance <= state.stepsDone {
      nextDistance = max(nextDistance + 1, (nextDistance * 125 + 99) / 100)
    }
  }

  /// Measures the averaged weights as they are now, beside those of earlier steps only.
  public mutating func measureNow() {
    measurements.removeAll { $0.step >= trainer.stepsDone }
    // A run at rest has no steps with which its floor would come.
    _ = floorEstimation.finish()
    measure(distance: true)
  }
}
