/// What a network is to have learned: the data, and how it is read before anything is in doubt.
public struct DoctorCase: Sendable {
  /// The data in the units in which the network is read.
  let target: any ExactDistribution
  /// The data from which the ends of paths are drawn: without what lies far off.
  let inner: any Distribution
  /// Where flows start; nil for N(0, I).
  let source: GaussianMixture?
  let scheduler: Scheduler
  let path: ConditionalPath
  let prediction: Prediction
  let seed: UInt64
  /// The order in which the network is said to take its inputs.
  let order: InputOrder
  /// The units that the data may have had in training, relative to `target`.
  public let units: [Standardisation]
  /// How many of the points lie far off.
  public let farPoints: Int
  /// Whether the exact field is that of draws: nothing better is known.
  public let isOfDraws: Bool

  /// The case of an experiment's data, in the network's own units where there are some; nil where the exact field is not known.
  public init?(
    _ experiment: Experiment, to dataset: Dataset, in own: Standardisation? = nil,
    order: InputOrder = .pointTime
  ) {
    self.order = order
    let start = experiment.independentSource
    guard start.isKnown else { return nil }
    (source, scheduler, path) = (start.mixture, experiment.scheduler, experiment.path)
    (prediction, seed) = (experiment.prediction, experiment.seed)
    var random = Random(seed: seed).stream("doctor").stream("data")
    var distribution = dataset.distribution
    isOfDraws = !(distribution is any ExactDistribution)
    if isOfDraws { distribution = PointCloud(distribution.sample(count: 4096, using: &random)) }
    if let own { distribution = own.changed(distribution) ?? distribution }
    guard let known = distribution as? any ExactDistribution else { return nil }
    target = known
    if let cloud = known as? PointCloud {
      let survey = PointSurvey(cloud.points)
      inner = PointCloud(survey.inner)
      farPoints = survey.far.count
      units = DoctorCase.usualUnits(of: cloud.points)
    } else {
      inner = known
      farPoints = 0
      var units = DoctorCase.usualUnits(of: known.sample(count: 20_000, using: &random))
      // Half circles of radius 1 are scikit-learn's, in which most notebooks train.
      if let moons = known as? Moons {
        let (offset, scale) = (moons.offset, moons.scale)
        units += [Standardisation(means: [offset.x, offset.y], deviations: [scale, scale])]
          .compactMap { $0 }
      }
      self.units = units
    }
  }

  /// The units that people give data: each coordinate by its own mean and deviation, all by one deviation with and
  /// without the mean, and the span put on [−1, 1].
  private static func usualUnits(of points: Batch) -> [Standardisation] {
    let d = points.dimension
    guard let each = Standardisation(of: points) else { return [] }
    let one = (each.deviations.reduce(0) { $0 + $1 * $1 } / Double(d)).squareRoot()
    let mean = each.means.reduce(0, +) / Double(d)
    // numpy's std() of all numbers, about their one mean.
    let all = (0..<d).reduce(0) {
      $0
        + (each.deviations[$1] * each.deviations[$1]
          + (each.means[$1] - mean) * (each.means[$1] - mean)) / Double(d)
    }.squareRoot()
    let spans = (0..<d).map { i in
      (0..<points.count).reduce((Double.infinity, -Double.infinity)) {
        (min($0.0, points[i, $1]), max($0.1, points[i, $1]))
      }
    }
    let candidates = [
      each,
      Standardisation(means: each.means, deviations: [Double](repeating: one, count: d)),
      Standardisation(
        means: [Double](repeating: 0, count: d), deviations: [Double](repeating: all, count: d)),
      Standardisation(
        means: spans.map { ($0.0 + $0.1) / 2 }, deviations: spans.map { ($0.1 - $0.0) / 2 }),
    ].compactMap { $0 }
    // Data that have these units already are no hypothesis of their own.
    return candidates.filter { unit in
      zip(unit.means, unit.deviations).contains { abs($0) > 0.1 || abs($1 - 1) > 0.1 }
    }
  }

  /// The target in one of the other units.
  func target(in index: Int?) -> (known: any ExactDistribution, inner: any Distribution) {
    guard let index else { return (target, inner) }
    let known = units[index].changed(target) as? any ExactDistribution
    return (known ?? target, units[index].changed(inner) ?? inner)
  }
}
