import FlowMatching

/// What is drawn of a target whatever the network does: a sample of it and the window that shows it.
public struct TargetScene: Sendable {
  /// A fixed sample of the target, for its outline where the density is not known.
  public let sample: Batch
  /// As many points of the source: pairs of both lie on the path between them.
  public let noise: Batch
  /// The exact log-density, where it is known.
  public let mixture: GaussianMixture?
  /// The exact marginal field, where it is known.
  let exact: (any ExactField)?
  /// Point evaluations of a common network that one of the exact field's costs, about.
  let exactCost: Int
  /// The log-density of the target's thickest place, about.
  let peakLogDensity: Double
  /// The box that plots show: the target and the bulk of the source.
  public let xRange: ClosedRange<Double>
  public let yRange: ClosedRange<Double>

  /// Samples the data set, always with the same seed: the window must not depend on the run's.
  ///
  /// A flow that is trained by likelihood follows no path: no field is the exact one.
  init(_ dataset: Dataset, _ experiment: Experiment) {
    var random = Random(seed: 0).stream("scene")
    sample = dataset.distribution.sample(count: 16_384, using: &random)
    noise = StandardNormal(dimension: sample.dimension).sample(count: sample.count, using: &random)
    mixture = dataset.mixture
    exact =
      experiment.objective == .likelihood
      ? nil : dataset.exactField(scheduler: experiment.scheduler)
    // Curves are mixtures of a thousand components, each of them an exponential.
    exactCost = max(1, ((exact as? MarginalField)?.target.weights.count ?? 16) / 8)
    peakLogDensity = TargetScene.peak(of: sample, dataset)
    xRange = TargetScene.range(of: sample, row: 0)
    yRange = TargetScene.range(of: sample, row: 1)
  }

  /// The greatest log-density at the sample itself, or of its squares where it is not known.
  private static func peak(of sample: Batch, _ dataset: Dataset) -> Double {
    if let known = dataset.logDensity(sample.prefix(1024))?.max(), known.isFinite { return known }
    let (x, y) = (range(of: sample, row: 0), range(of: sample, row: 1))
    let side = max(x.upperBound - x.lowerBound, y.upperBound - y.lowerBound) / 48
    var counts: [Int: Int] = [:]
    for j in 0..<sample.count {
      let i = Int((sample[0, j] - x.lowerBound) / side)
      counts[i * 1000 + Int((sample[1, j] - y.lowerBound) / side), default: 0] += 1
    }
    let greatest = Double(counts.values.max() ?? 1) / Double(sample.count) / (side * side)
    return BackwardDensity.logDensity(greatest)
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
