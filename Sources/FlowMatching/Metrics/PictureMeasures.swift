/// How good a flow of latents is at pictures: against held-out pictures and against copying.
public struct PictureMeasures: Sendable {
  /// The mean square error per pixel of held-out pictures that were encoded and decoded, and that of as many
  /// principal axes of the learned pictures.
  public let reconstructionError, principalAxesError: Double
  /// The accuracy of the 1-nearest-neighbour test between decoded samples and as many held-out
  /// reconstructions, in pixels, the mean over `repeats` draws; ½ where both are alike.
  public let nearestNeighbourAccuracy: Double
  /// The deviation of the accuracy from draw to draw.
  public let nearestNeighbourDeviation: Double
  /// The mean distance of latents of samples to the nearest that was learned, and that of held-out
  /// pictures: copies would lie nearer.
  public let nearestLearned, nearestLearnedOfHeldOut: Double
  /// The share of samples, each asked for its class with `guidance`, whose nearest learned picture is of
  /// that class, and that of held-out pictures; nil where no class is known.
  public let rightClass, rightClassOfHeldOut: Double?
  /// The mean spread of a class's samples over that of its learned latents, by √tr of the covariance.
  public let spread: Double?
  /// Evaluations of a field for a sample.
  public let evaluations: Int

  /// The draws over which the accuracy is averaged, and the samples of each class that are judged.
  public static let repeats = 10
  public static let perClass = 50
  /// The guidance at which classes are judged where nobody says another.
  public static let usualGuidance = 2.0

  /// Measures a flow; `flow` makes it for a class, its weight or none. The data set is encoded. Nil where a
  /// sample was lost on the way.
  public init?(
    _ dataset: Dataset, from source: any Distribution, _ plan: TransportPlan,
    guidance: Double = usualGuidance, seed: UInt64,
    progress: (Double) -> Void = { _ in }, flow: @escaping (Guidance) -> any Flow
  ) {
    guard let pictures = dataset.pictures, let autoencoder = dataset.autoencoder,
      let cloud = dataset.distribution as? PointCloud
    else { preconditionFailure("pictures that are not encoded have no latents") }
    let heldOut = pictures.heldOutPixels
    let latents = autoencoder.encoded(heldOut)
    let reconstructions = autoencoder.decoded(latents)
    reconstructionError = autoencoder.error(of: heldOut)
    principalAxesError = PrincipalAxes(of: pictures.learnedPixels)
      .error(of: heldOut, axes: autoencoder.latent)
    var draws = Draws(dataset, source, plan, seed: seed, flow)
    var accuracies: [Double] = []
    var (near, most) = (0.0, 0)
    for k in 0..<Self.repeats {
      guard let samples = draws.next(heldOut.count) else { return nil }
      accuracies.append(
        NearestNeighbours.twoSampleAccuracy(autoencoder.decoded(samples.points), reconstructions))
      near +=
        NearestNeighbours.meanDistance(to: samples.points, among: cloud.points)
        / Double(Self.repeats)
      most = max(most, samples.evaluations)
      progress(0.8 * Double(k + 1) / Double(Self.repeats))
    }
    let estimate = Estimate(of: accuracies)
    nearestNeighbourAccuracy = estimate.mean
    nearestNeighbourDeviation = estimate.standardError * Double(Self.repeats).squareRoot()
    nearestLearned = near
    nearestLearnedOfHeldOut = NearestNeighbours.meanDistance(to: latents, among: cloud.points)
    evaluations = most
    guard let learned = pictures.learnedLabels, let own = pictures.heldOutLabels,
      let classes = dataset.classes, draws.knowsClasses
    else {
      (rightClass, rightClassOfHeldOut, spread) = (nil, nil, nil)
      return
    }
    var (right, ratio) = (0.0, 0.0)
    for label in 0..<classes.count {
      guard let samples = draws.next(Self.perClass, of: label, weight: guidance) else { return nil }
      let share = NearestNeighbours.shareRight(
        autoencoder.decoded(samples.points), [Int](repeating: label, count: Self.perClass),
        among: pictures.learnedPixels, learned)
      right += share / Double(classes.count)
      let real = (classes.parts[label] as? PointCloud)?.points ?? cloud.points
      ratio +=
        samples.points.totalDeviation / max(1e-12, real.totalDeviation) / Double(classes.count)
      progress(0.8 + 0.2 * Double(label + 1) / Double(classes.count))
    }
    rightClass = right
    spread = ratio
    rightClassOfHeldOut = NearestNeighbours.shareRight(
      heldOut, own, among: pictures.learnedPixels, learned)
  }
}

/// Samples of a flow, of classes as often as the data have them.
private struct Draws {
  private let dataset: Dataset
  private let source: any Distribution
  private let plan: TransportPlan
  private let flow: (Guidance) -> any Flow
  private var random: Random
  let knowsClasses: Bool

  init(
    _ dataset: Dataset, _ source: any Distribution, _ plan: TransportPlan, seed: UInt64,
    _ flow: @escaping (Guidance) -> any Flow
  ) {
    self.dataset = dataset
    self.source = source
    self.plan = plan
    self.flow = flow
    random = Random(seed: seed).stream("pictures")
    knowsClasses = !flow(.none).traits.classes.isEmpty
  }

  /// So many of all classes together, each as it was learned; nil where one was lost.
  mutating func next(_ count: Int) -> (points: Batch, evaluations: Int)? {
    guard knowsClasses, let classes = dataset.classes else { return carry(count, .none) }
    var counts = [Int](repeating: 0, count: classes.count)
    var start = Batch(dimension: classes.dimension, count: count)
    var labels = [Int](repeating: 0, count: count)
    classes.sample(into: &start, labels: &labels, using: &random)
    for label in labels { counts[label] += 1 }
    var all = Batch(dimension: dataset.dimension, count: count)
    var (first, most) = (0, 0)
    for (label, size) in counts.enumerated() where size > 0 {
      guard let part = carry(size, Guidance(label: label)) else { return nil }
      all.scatter(part.points, to: Array(first..<first + size))
      first += size
      most = max(most, part.evaluations)
    }
    return (all, most)
  }

  /// So many of a class.
  mutating func next(
    _ count: Int, of label: Int, weight: Double
  ) -> (points: Batch, evaluations: Int)? {
    carry(count, Guidance(label: label, weight: weight))
  }

  private mutating func carry(_ count: Int, _ asked: Guidance) -> (points: Batch, evaluations: Int)?
  {
    var transport = flow(asked).transport(
      source.sample(count: count, using: &random), as: .points, from: 0, to: 1, plan)
    transport.finish()
    return transport.status == .finished && transport.lostCount == 0
      ? (transport.state, transport.evaluations) : nil
  }
}
