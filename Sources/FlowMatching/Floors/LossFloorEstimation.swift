/// How uncertain what is regressed on is at one time, by random draws.
protocol ConditionalVariance: Sendable {
  /// The times at which it is asked for.
  var quadrature: FloorQuadrature { get }
  /// What was done so far, in points looked at.
  var work: Double { get }
  /// The mean over `draws`, the numbers of a sequence that `random` begins, of the variance given X_t,
  /// a dimension; without the path's own share from N(0, I), see `RegressionTarget.ownFloor`.
  mutating func mean(
    at node: FloorQuadrature.Node, draws: Range<Int>, random: inout Random
  ) -> Double
}

/// The floor of the loss as it is computed, a piece at a time: nobody waits for it.
///
/// Mixtures and tabulated curves are known at once. Of all else the variance given X_t is averaged at
/// the nodes of a quadrature over eight independent replicates, whose scatter is the standard error,
/// with twice the draws again and again, most where they scatter most, until the error is small or
/// enough was done. Which it is depends on the data alone, so that the same data have the same floor
/// on every machine.
public struct LossFloorEstimation: Sendable {
  /// Replicates that tell the error.
  private static let replicates = 8
  /// Relative standard errors: where no more is done, and beyond which a floor is not known.
  static let (goal, largestError) = (1e-3, 0.02)
  /// So much is done, in points looked at: some tenths of a second.
  private static let budget = 3e7

  /// What is known of one node.
  private struct Tally {
    /// Σ weight·variance of all draws, a replicate.
    var sums = [Double](repeating: 0, count: replicates)
    /// The draws of a replicate so far, and in this pass.
    var draws = 0
    var size = 16
    var estimate: Estimate { Estimate(of: sums.map { $0 / Double(draws) }) }
  }

  private var variance: (any ConditionalVariance)?
  private var ownFloor = 0.0
  private var nextNode = 0
  private var tallies: [Tally] = []
  private var random = Random(seed: 0).stream("loss floor")

  /// The floor with its standard error; nil before it is computed and where it is not known.
  public private(set) var result: Estimate?
  /// The times of [0, 1] to which it belongs, where it would be infinite over all of them.
  public private(set) var crop: ClosedRange<Double>?

  /// Floors of which it is the mean, with their shares.
  private var parts: [(share: Double, floor: LossFloorEstimation)] = []

  /// Nothing is left to do.
  public var isDone: Bool { variance == nil && parts.allSatisfy(\.floor.isDone) }

  /// The floor by given variances alone, `firstSize` draws of a replicate at a time to begin with.
  init(
    of variance: any ConditionalVariance, _ regression: RegressionTarget, ownFloor: Double = 0,
    firstSize: Int = 16
  ) {
    crop = nil
    self.ownFloor = ownFloor
    begin(variance, firstSize: firstSize)
  }

  /// A floor that is known.
  init(known: Estimate?) {
    result = known
    crop = nil
  }

  /// The same where a network is told the class of a point, but for a share of them; nil where none are
  /// told. It is the mean of the floors of all data and of each class.
  init(
    from source: GaussianMixture?, to dataset: Dataset, _ regression: RegressionTarget,
    labelDropout: Double?
  ) {
    guard let labelDropout, let classes = dataset.classes else {
      self.init(from: source, to: dataset, regression)
      return
    }
    let whole = LossFloorEstimation(from: source, to: dataset, regression)
    self.init(known: nil)
    crop = whole.crop
    parts = classes.weights.indices.map {
      (
        (1 - labelDropout) * classes.weights[$0],
        LossFloorEstimation(from: source, to: dataset.part($0), regression)
      )
    }
    parts.append((labelDropout, whole))
    joinParts()
  }

  /// The mean of the parts once all are there; nil where one is not known.
  private mutating func joinParts() {
    guard !parts.isEmpty, isDone else { return }
    let known = parts.compactMap { part in part.floor.result.map { (part.share, $0) } }
    guard known.count == parts.count else { return }
    result = Estimate(
      mean: known.reduce(0) { $0 + $1.0 * $1.1.mean },
      standardError: known.reduce(0) {
        let error = $1.0 * $1.1.standardError
        return $0 + error * error
      }.squareRoot())
  }

  /// The floor of what is regressed on, with independent ends from `source` (N(0, I) where nil).
  init(from source: GaussianMixture?, to dataset: Dataset, _ regression: RegressionTarget) {
    crop = regression.floorCrop(hasDensity: !(dataset.distribution is PointCloud))
    var firstSize = 16
    var variance: (any ConditionalVariance)?
    if source == nil, dataset.dimension <= 2, let mixture = dataset.mixture {
      result = Estimate(
        mean: LossFloor.of(target: mixture, regressing: regression), standardError: 0)
    } else if source == nil, let profile = dataset.varianceProfile {
      result = Estimate(mean: profile.floor(of: regression), standardError: 0)
    } else if source == nil, dataset.dimension <= 2,
      let cloud = dataset.distribution as? PointCloud
    {
      ownFloor = regression.ownFloor
      variance = CloudVariance(cloud.points, regression)
    } else if let exact = dataset.distribution as? any ExactDistribution {
      let field = exact.exactField(
        source: source, scheduler: regression.scheduler, path: regression.path)
      if let field = field as? MarginalField {
        let between = MixtureFloorVariance(field, target: dataset.distribution, regression)
        let least = Double(between.quadrature.nodes.count * LossFloorEstimation.replicates)
        // The whole cloud for a handful of draws would take many seconds, and tell little.
        if least * between.price < 10 * LossFloorEstimation.budget { variance = between }
        firstSize = min(16, max(1, Int(LossFloorEstimation.budget / (least * between.price))))
      } else if field != nil {
        if source == nil { ownFloor = regression.ownFloor }
        variance = FieldVariance(from: source, to: exact, regression)
      }
    }
    if let variance { begin(variance, firstSize: firstSize) }
  }

  private mutating func begin(_ variance: any ConditionalVariance, firstSize: Int) {
    let nodes = variance.quadrature.nodes
    var tally = Tally()
    tally.size = firstSize
    tallies = nodes.map { _ in tally }
    // All points are one place.
    if nodes.isEmpty {
      result = Estimate(mean: ownFloor, standardError: 0)
    } else {
      self.variance = variance
    }
  }

  /// Does one piece: a node of the quadrature.
  public mutating func advance() {
    if let next = parts.firstIndex(where: { !$0.floor.isDone }) {
      parts[next].floor.advance()
      joinParts()
      return
    }
    guard var variance else { return }
    let node = variance.quadrature.nodes[nextNode]
    let (draws, size) = (tallies[nextNode].draws, tallies[nextNode].size)
    for replicate in 0..<LossFloorEstimation.replicates {
      var random = random.stream("\(replicate) \(nextNode) \(draws)")
      let mean = variance.mean(at: node, draws: 0..<size, random: &random)
      tallies[nextNode].sums[replicate] += node.weight * mean * Double(size)
    }
    tallies[nextNode].draws += size
    nextNode += 1
    self.variance = variance
    if nextNode == tallies.count { endPass(variance.work) }
  }

  /// What whole passes have given so far; the nodes are independent of each other.
  var progress: Estimate {
    let estimates = tallies.map(\.estimate)
    let square = estimates.reduce(0) { $0 + $1.standardError * $1.standardError }
    return Estimate(
      mean: estimates.reduce(ownFloor) { $0 + $1.mean }, standardError: square.squareRoot())
  }

  private mutating func endPass(_ work: Double) {
    nextNode = 0
    let estimates = tallies.map(\.estimate)
    let (mean, error) = (progress.mean - ownFloor, progress.standardError)
    // The next pass doubles what was done.
    if error > LossFloorEstimation.goal * mean && 2 * work < LossFloorEstimation.budget {
      divide(estimates)
      return
    }
    variance = nil
    let floor = ownFloor + mean
    let isKnown = floor.isFinite && error <= LossFloorEstimation.largestError * floor
    result = isKnown ? Estimate(mean: floor, standardError: error) : nil
  }

  /// As many draws as before: a quarter to all nodes alike, since what was not seen yet has no scatter,
  /// the rest by the scatter of a draw (Neyman, 1934).
  private mutating func divide(_ estimates: [Estimate]) {
    let scatters = zip(estimates, tallies).map {
      $0.standardError * Double($1.draws).squareRoot()
    }
    let total = Double(tallies.reduce(0) { $0 + $1.draws })
    let scatter = max(scatters.reduce(0, +), .leastNormalMagnitude)
    for k in tallies.indices {
      let share = 0.25 / Double(tallies.count) + 0.75 * scatters[k] / scatter
      // Of squares that overflowed nothing is known: even shares.
      tallies[k].size = max(1, Int(share.isFinite ? total * share : 0.25 * total))
    }
  }

  /// Does all that is left; some tenths of a second at most.
  public mutating func finish() -> Estimate? {
    while !isDone { advance() }
    return result
  }
}
