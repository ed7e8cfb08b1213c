import FlowMatching

/// What is known of an exact world in numbers: from few draws in the very frame of a change, then finer while
/// it stands.
struct WorldFigures: Sendable {
  /// What they are of.
  struct Key: Sendable, Hashable {
    let version: Int
    let scheduler: Scheduler
    let steps: Int
  }

  /// All of them, always of one world.
  struct Values: Sendable {
    let key: Key
    /// The least loss of velocities, a dimension, and the times it is of where it would be infinite else.
    var floor: Estimate?
    var floorTimes: ClosedRange<Double>?
    /// E|x₁ − x₀|² of random pairs.
    let independent: Double?
    /// W₂²; an upper bound in the mean unless it is exact.
    var least: Estimate
    var isLeastExact: Bool
    var errors: SolverErrors

    /// The least cost as far as it is known. The flow is a pairing too: what is only a bound is no more than its
    /// cost; what is exact does not give way to a chance below it.
    func leastCost(beside flow: Estimate?) -> Estimate {
      guard !isLeastExact, let flow, flow.mean < least.mean else { return least }
      return flow
    }
  }

  /// What they are measured with.
  struct Subject: Sendable {
    let experiment: Experiment
    let dataset: Dataset
    let field: any ExactField
    let source: any Distribution
    /// The same where it is a mixture.
    let sourceMixture: GaussianMixture?
    let target: GaussianMixture
    let instructionSet: InstructionSet
  }

  /// What is shown; of an older world only before the first frame of the present one.
  private(set) var shown: Values?
  private var floorEstimation: LossFloorEstimation?
  private var pairings: [Double] = []
  private var reference: ReferenceSolve.Progress?
  private var points: Batch?
  private(set) var isFine = false

  private static let (fewDraws, fewPoints, fewPairs) = (2048, 48, 256)
  private static let (manyPoints, manyPairs, mostPairings) = (384, 1024, 8)
  /// Steps of DOP853 that stand for the truth in a frame.
  private static let fineSteps = 12
  /// Point evaluations that a look costs, about; none waits for them.
  static let price = 24_000

  /// Measures at once, unless that was done.
  mutating func look(_ key: Key, _ subject: Subject) -> Bool {
    guard shown?.key != key else { return false }
    (floorEstimation, pairings, reference, points, isFine) = (nil, [], nil, nil, false)
    var random = Random(seed: 0).stream("world")
    let path = subject.experiment.path.path(under: subject.experiment.scheduler)
    let noise = subject.source.sample(count: WorldFigures.fewPoints, using: &random)
    let exact = subject.sourceMixture.flatMap {
      TransportCosts.leastExactly(from: $0, to: subject.target)
    }
    // The same draws every time, so that numbers move with the world and not with chance.
    let least =
      exact.map { Estimate(mean: $0, standardError: 0) }
      ?? Estimate(of: (0..<2).map { _ in pairing(subject, WorldFigures.fewPairs, &random) })
    let times = subject.experiment.floorTimes(to: subject.dataset)
    shown = Values(
      key: key,
      floor: DrawnFloor.estimate(
        of: subject.field, from: subject.source, to: subject.dataset.distribution, along: path,
        times: times ?? 0...1, count: WorldFigures.fewDraws, using: &random),
      floorTimes: times,
      independent: subject.sourceMixture.map {
        TransportCosts.independent(from: $0, to: subject.target)
      }, least: least, isLeastExact: exact != nil,
      errors: SolverErrors(
        subject.field, from: noise, steps: key.steps, fineSteps: WorldFigures.fineSteps))
    return true
  }

  /// Makes one of them finer; true where it is there.
  mutating func refine(_ subject: Subject, budget: inout Int) -> Bool {
    guard var values = shown, !isFine, budget > 0 else { return false }
    if floorEstimation?.isDone != true {
      budget -= 20_000
      var estimation =
        floorEstimation ?? subject.experiment.lossFloorEstimation(to: subject.dataset)
      for _ in 0..<16 where !estimation.isDone { estimation.advance() }
      floorEstimation = estimation
      guard estimation.isDone, let floor = estimation.result else { return false }
      values.floor = floor
    } else if !values.isLeastExact, pairings.count < WorldFigures.mostPairings {
      budget -= 20_000
      var random = Random(seed: 0).stream("world \(pairings.count)")
      pairings.append(pairing(subject, WorldFigures.manyPairs, &random))
      guard pairings.count == WorldFigures.mostPairings else { return false }
      values.least = Estimate(of: pairings)
    } else {
      guard let errors = fineErrors(subject, values.key.steps, budget: &budget) else {
        return false
      }
      values.errors = errors
      isFine = true
    }
    shown = values
    return true
  }

  private func pairing(_ subject: Subject, _ count: Int, _ random: inout Random) -> Double {
    TransportCosts.leastOfSamples(
      from: subject.sourceMixture ?? .standardNormal(dimension: 2), to: subject.target,
      count: count, using: &random, instructionSet: subject.instructionSet)
  }

  /// The errors of many points against places that each is solved for by itself; those of few where that
  /// fails.
  private mutating func fineErrors(
    _ subject: Subject, _ steps: Int, budget: inout Int
  ) -> SolverErrors? {
    if points == nil {
      var random = Random(seed: 0).stream("world points")
      let sample = subject.source.sample(count: WorldFigures.manyPoints, using: &random)
      points = sample
      reference = ReferenceSolve.Progress(subject.field, from: sample, chunkSize: 64)
    }
    guard let points, var progress = reference else { return shown?.errors }
    budget -= progress.advance(budget: max(1, budget))
    reference = progress
    guard progress.isOver else { return nil }
    guard let solve = try? ReferenceSolve(progress) else { return shown?.errors }
    budget -= points.count * steps * 7
    return SolverErrors(subject.field, from: points, steps: steps, exact: solve.ends)
  }
}
