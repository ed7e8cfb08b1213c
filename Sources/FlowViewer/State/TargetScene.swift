import FlowMatching

extension Dataset {
  /// The data set of a name in the catalogue; the viewer restarts with no others, so that another
  /// name, and its own, keep it with its points and pairs.
  func replaced(by name: String) -> Dataset {
    name == self.name ? self : (try? DatasetCatalog.named(name)) ?? self
  }
}

extension String {
  /// The text without blanks at its ends.
  var trimmed: String {
    var rest = Substring(self)
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}

/// What is drawn of a target whatever the network does: a sample of it and the window that shows it.
public struct TargetScene: Sendable {
  /// A fixed sample of the target, for its outline where the density is not known.
  public let sample: Batch
  /// The points of it that stand alone in a lane's field.
  let someData: Batch
  /// Where the flow starts; N(0, I) where a source's name is not known.
  public let source: any Distribution
  /// As many points of the source: pairs of both lie on the path between them.
  public let noise: Batch
  /// The points of the source whose W2 at t = 1 is judged: those of the run itself.
  let judges: Batch
  /// The power of ten nearest to the target's spread along a coordinate: errors are read against it.
  let errorScale: Double
  /// The power of ten nearest to what points move by along a coordinate: speeds are read against it.
  let speedScale: Double
  /// That path.
  let path: any ProbabilityPath
  /// The exact log-density, where it is known.
  public let mixture: GaussianMixture?
  /// The exact marginal field, where it is known.
  let exact: (any ExactField)?
  /// Point evaluations of a common network that one of the exact field's costs, about.
  let exactCost: Int
  /// Within what 98.9 % of the target lie of their nearest centre: three deviations of a Gaussian in the
  /// plane. Nil where there are no clusters.
  let clusterRadius: Double?
  /// The log-density of the target's thickest place, about.
  let peakLogDensity: Double
  /// The box that plots show: the target and the bulk of the source.
  public let xRange: ClosedRange<Double>
  public let yRange: ClosedRange<Double>
  /// What a curved space shows of the target; nil in the plane.
  let surface: SurfaceTarget?
  /// The axes along which flat points of other than two coordinates are seen; nil of others.
  let axes: SceneAxes?

  /// Samples the data set, always with the same seed: the window must not depend on the run's.
  init(_ dataset: Dataset, _ experiment: Experiment) {
    var random = Random(seed: 0).stream("scene")
    sample = dataset.distribution.sample(count: 16_384, using: &random)
    someData = TargetScene.spread(sample.prefix(LaneVelocity.pointRange.upperBound))
    let source =
      (try? experiment.sourceDistribution(to: dataset))
      ?? StandardNormal(dimension: sample.dimension)
    self.source = source
    noise = source.sample(count: sample.count, using: &random)
    judges = TrainingRun.distanceNoise(from: source, seed: experiment.seed)
    errorScale = TargetScene.powerOfTen(nearest: sample.spread)
    let moved = sample.rootMeanSquareDistance(to: noise)
    speedScale = TargetScene.powerOfTen(
      nearest: moved / Double(sample.dimension).squareRoot())
    path = experiment.path.path(under: experiment.scheduler)
    mixture = dataset.mixture
    exact = experiment.exactField(to: dataset)
    // Curves are mixtures of a thousand components, each of them an exponential.
    exactCost = max(1, ((exact as? MarginalField)?.terms ?? 16) / 8)
    clusterRadius = dataset.centres.isEmpty ? nil : TargetScene.radius(of: sample, dataset.centres)
    peakLogDensity = TargetScene.peak(of: sample, dataset)
    if let space = experiment.picturedSpace {
      surface = SurfaceTarget(dataset, on: space, sample: sample)
      axes = nil
      (xRange, yRange) = space.plotWindow
      return
    }
    surface = nil
    let start = source is StandardNormal ? nil : noise
    guard dataset.tokens != nil || sample.dimension == 2 else {
      let found = SceneAxes(of: sample, from: start, named: dataset.columns) {
        TargetScene.range(of: $0, and: $1, row: $2)
      }
      axes = found
      (xRange, yRange) = (found.pair(nil).x.range, found.pair(nil).y.range)
      return
    }
    axes = nil
    xRange = TargetScene.range(of: sample, and: start, row: 0)
    yRange = TargetScene.range(of: sample, and: start, row: min(1, sample.dimension - 1))
  }

  /// The second coordinate's row, or the only one's.
  var lastRow: Int { min(1, sample.dimension - 1) }

  private static func radius(of sample: Batch, _ centres: [[Double]]) -> Double {
    // As many distances whatever the number of centres: a mixture of a file may have a thousand.
    let some = sample.prefix(min(4096, max(256, 65_536 / centres.count)))
    let distances = NearestNeighbours.nearest(to: some, among: Batch(points: centres))
      .map(\.distance).sorted()
    return distances[Int(0.98889 * Double(distances.count))]
  }

  /// 1 where there is no spread, or none that can be told.
  private static func powerOfTen(nearest value: Double) -> Double {
    guard value.isFinite, value > 1e-100 else { return 1 }
    var power = 1.0
    while value >= power * 3.1622776601683795 { power *= 10 }
    while value < power / 3.1622776601683795 { power /= 10 }
    return power
  }

  /// The greatest log-density at the sample itself, or of its squares where it is not known.
  private static func peak(of sample: Batch, _ dataset: Dataset) -> Double {
    if let known = dataset.logDensity(sample.prefix(1024))?.max(), known.isFinite { return known }
    guard dataset.tokens == nil else { return 0 }
    guard sample.dimension == 2 || dataset.space != nil else {
      // That of a Gaussian as wide.
      return PrincipalAxes(of: sample).variances.reduce(0) {
        $0 - 0.5 * BackwardDensity.logDensity(2 * .pi * max($1, 1e-12))
      }
    }
    let (x, y) = (range(of: sample, row: 0), range(of: sample, row: 1))
    let side = max(x.upperBound - x.lowerBound, y.upperBound - y.lowerBound) / 48
    var counts: [Int: Int] = [:]
    for j in 0..<sample.count {
      let i = Int(saturating: (sample[0, j] - x.lowerBound) / side)
      counts[i * 1000 + Int(saturating: (sample[1, j] - y.lowerBound) / side), default: 0] += 1
    }
    let greatest = Double(counts.values.max() ?? 1) / Double(sample.count) / (side * side)
    return BackwardDensity.logDensity(greatest)
  }

  /// The points with the first few as far apart as can be, so that few show the whole target.
  private static func spread(_ points: Batch) -> Batch {
    guard points.dimension > 1 else { return points }
    var order = [0]
    var squares = [Double](repeating: .infinity, count: points.count)
    while order.count < min(16, points.count) {
      let last = points.point(order[order.count - 1])
      for j in 0..<points.count {
        let (x, y) = (points[0, j] - last[0], points[1, j] - last[1])
        squares[j] = min(squares[j], x * x + y * y)
      }
      order.append(squares.indices.max { squares[$0] < squares[$1] } ?? 0)
    }
    let rest = (0..<points.count).filter { !order.contains($0) }
    return Batch(points: (order + rest).map(points.point))
  }

  /// The range of both samples, where there are two.
  private static func range(of sample: Batch, and other: Batch?, row: Int) -> ClosedRange<Double> {
    let first = range(of: sample, row: row)
    guard let other else { return first }
    let second = range(of: other, row: row)
    return min(first.lowerBound, second.lowerBound)...max(first.upperBound, second.upperBound)
  }

  /// The central 99.8 % of one coordinate with a margin, and at least the source's ±2.5.
  private static func range(of sample: Batch, row: Int) -> ClosedRange<Double> {
    let sorted = sample.values[row * sample.count..<(row + 1) * sample.count].sorted()
    let low = sorted[sorted.count / 1000]
    let high = sorted[sorted.count - 1 - sorted.count / 1000]
    let margin = 0.01 * (high - low)
    return min(-2.5, low - margin)...max(2.5, high + margin)
  }
}
