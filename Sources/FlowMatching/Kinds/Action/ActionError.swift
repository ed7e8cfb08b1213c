/// How far a potential is above the least action, L(s) − L(s*) = ½∫E|∇s − ∇s*|²dt (Neklyudov et al., 2023,
/// theorem 2.1), on fixed draws.
///
/// From N(0, I) with independent pairs ∇s* = u + ½g²∇log p_t, where u is the exact field and g the noise; u
/// is a gradient there, a sum of x and the score.
struct ActionError: ExcessMeasure {
  /// The least action −½∫E|∇s*|²dt, with its standard error.
  let leastAction: Estimate
  private let points: Batch
  private let times: Times
  private let exact: Batch
  private var drift: Batch

  /// The measure of an experiment; nil where ∇s* is not known.
  init?(_ experiment: Experiment, to dataset: Dataset, count: Int = 8192) {
    guard case (nil, true) = experiment.independentSource,
      var field = experiment.exactField(to: dataset)
    else { return nil }
    var pairs = TrainingPairs(
      from: StandardNormal(dimension: dataset.dimension), to: dataset.distribution,
      along: experiment.path.path(under: experiment.scheduler), count: field.affordable(count),
      random: Random(seed: experiment.seed).stream("action error"))
    pairs.draw()
    points = pairs.sample.x
    times = .each(pairs.times)
    drift = points
    var exact = points
    field.evaluate(points, at: times, into: &exact)
    let half = 0.5 * experiment.actionNoise * experiment.actionNoise
    if half > 0 {
      field.score(points, at: times, into: &drift)
      for k in exact.values.indices { exact.values[k] += half * drift.values[k] }
    }
    self.exact = exact
    if half == 0, experiment.path == .affine, let mixture = dataset.mixture, dataset.dimension <= 2
    {
      let energies = LossFloor.energies(target: mixture, scheduler: experiment.scheduler)
      leastAction = Estimate(mean: -0.5 * energies.marginal, standardError: 0)
    } else {
      leastAction = Estimate(of: ActionError.halfSquares(exact).map { -$0 })
    }
  }

  mutating func measure(_ learned: LearnedField) -> Excess {
    var learned = learned
    learned.evaluate(points, at: times, into: &drift)
    for k in drift.values.indices { drift.values[k] -= exact.values[k] }
    let estimate = Estimate(of: ActionError.halfSquares(drift))
    return Excess(value: estimate.mean, standardError: estimate.standardError)
  }

  /// ½|v|² of every point.
  private static func halfSquares(_ velocity: Batch) -> [Double] {
    var squares = [Double](repeating: 0, count: velocity.count)
    for i in 0..<velocity.dimension {
      for j in 0..<velocity.count {
        let v = velocity.values[i * velocity.count + j]
        squares[j] += 0.5 * v * v
      }
    }
    return squares
  }
}
