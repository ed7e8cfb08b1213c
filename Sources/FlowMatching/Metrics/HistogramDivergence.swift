#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Kullback–Leibler divergence of two samples in the plane by their histograms on the square [−2.5, 2.5]²
/// with 50 bins along each axis, as it is published of flow maps on the checkerboard.
///
/// Every bin has half a count more than points, so that none is empty; points outside the square share one
/// more bin. Two samples of one distribution with n points each have about (bins that it fills)/n.
public struct HistogramDivergence: Sendable {
  /// The number of bins along an axis, and half the side of the square.
  public static let bins = 50, reach = 2.5
  /// The number of points that figures are of.
  public static let count = 100_000

  private let shares: [Double]
  /// How many bins have a point.
  private let filled: Int
  private let points: Int

  /// The histogram of points, `2×n`; nil where one is no number.
  public init?(_ points: Batch) {
    precondition(points.dimension == 2, "the square lies in the plane")
    guard points.count > 0, points.isFinite else { return nil }
    let bins = HistogramDivergence.bins
    var counts = [Double](repeating: 0.5, count: bins * bins + 1)
    for j in 0..<points.count {
      let (x, y) = (HistogramDivergence.bin(points[0, j]), HistogramDivergence.bin(points[1, j]))
      if let x, let y { counts[y * bins + x] += 1 } else { counts[bins * bins] += 1 }
    }
    self.points = points.count
    filled = counts.dropLast().count { $0 > 0.5 }
    let total = counts.reduce(0, +)
    shares = counts.map { $0 / total }
  }

  private static func bin(_ value: Double) -> Int? {
    let place = (value + reach) / (2 * reach) * Double(bins)
    return (0..<Double(bins)).contains(place) ? Int(place) : nil
  }

  /// Σ p ln(p/q) of this histogram p from another q, in nats.
  public func divergence(from other: HistogramDivergence) -> Double {
    zip(shares, other.shares).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
  }

  /// Whether there are points enough to fill the bins, twenty in each, so that two samples are less than
  /// .05 nats apart, and bins enough to tell where they lie.
  var isTelling: Bool { filled >= 50 && points >= 20 * filled }

  /// The share of points outside the square.
  public var outside: Double { shares[shares.count - 1] }
}

/// The histogram of a flow's samples beside that of its target.
public struct HistogramComparison: Sendable, Hashable {
  /// KL(target‖model), and of two samples of the target, in nats.
  public let divergence, noiseFloor: Double

  /// Of `HistogramDivergence.count` samples carried as planned, against given points or as many draws of the
  /// target; nil outside the plane, where a sample is lost, and where the target leaves the square, or its points
  /// are too few for the bins or fill too few of them.
  init?(
    _ flow: any Flow, _ problem: Evaluation.Problem, _ plan: TransportPlan, _ points: Batch?,
    random: Random
  ) {
    guard flow.dimension == 2 else { return nil }
    let count = HistogramDivergence.count
    var (sources, targets) = (random.stream("histogram noise"), random.stream("histogram data"))
    let target = problem.target.distribution
    let known = points ?? target.sample(count: count, using: &targets)
    guard let data = HistogramDivergence(known), data.outside < 1e-3, data.isTelling,
      let there = flow.carried(problem.source.sample(count: count, using: &sources), plan),
      let model = HistogramDivergence(there),
      let other = HistogramDivergence(target.sample(count: count, using: &targets))
    else { return nil }
    divergence = data.divergence(from: model)
    noiseFloor = data.divergence(from: other)
  }
}
