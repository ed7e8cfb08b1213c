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
  /// What the flow's velocity should be, and how much farther ∇s is from ∇s* than that from this.
  private let exact: Batch
  private let reach: [Double]
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
    let noise = experiment.actionNoise
    let half = 0.5 * noise * noise
    var slopes = exact
    if half > 0 {
      field.score(points, at: times, into: &drift)
      for k in slopes.values.indices { slopes.values[k] += half * drift.values[k] }
    }
    // Where noise can be taken out of the drift, the flow's velocity is without it.
    let isWithout = half > 0 && experiment.traits.ownNoise == 0
    if half > 0 && !isWithout { exact = slopes }
    self.exact = exact
    reach = pairs.times.map {
      isWithout ? 1 / EntropicField.shares(of: noise, experiment.scheduler, at: $0).slope : 1
    }
    if half == 0, experiment.path == .affine, let mixture = dataset.mixture, dataset.dimension <= 2
    {
      let energies = LossFloor.energies(target: mixture, scheduler: experiment.scheduler)
      leastAction = Estimate(mean: -0.5 * energies.marginal, standardError: 0)
    } else {
      leastAction = Estimate(of: ActionError.halfSquares(slopes).map { -$0 })
    }
  }

  mutating func measure(_ learned: LearnedField) -> Excess {
    var learned = learned
    learned.evaluate(points, at: times, into: &drift)
    for k in drift.values.indices {
      drift.values[k] = reach[k % reach.count] * (drift.values[k] - exact.values[k])
    }
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
