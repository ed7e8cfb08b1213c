import FlowMatching

/// Samples of every class, or of the one that is asked for, carried beside the lane as it is: what the wall
/// of pictures shows at t.
struct PictureWall: Sendable {
  /// What it is of.
  struct Key: Sendable, Hashable {
    let settings: LaneSettings
    let weightsStep, generation, noiseIndex: Int
    /// The class of each group of samples; nil for none.
    let labels: [Int?]
  }

  /// The samples of a group.
  static let perGroup = 24
  /// The most groups.
  static let mostGroups = 12
  private static let memory = 8 << 20

  let key: Key
  private var solves: [Solve]

  init(_ key: Key, _ fields: LaneFields, from noise: Batch) {
    self.key = key
    solves = key.labels.enumerated().map { group, label in
      var settings = key.settings
      settings.guidance = label.map {
        var guidance = settings.guidance ?? .none
        guidance.label = $0
        return guidance
      }
      let places = (0..<Self.perGroup).map { (group * Self.perGroup + $0) % max(1, noise.count) }
      return Solve(
        fields, weightsStep: key.weightsStep, settings: settings, noise: noise.choosing(places),
        memoryLimit: Self.memory)
    }
  }

  /// Whether every sample has arrived.
  var isOver: Bool { solves.allSatisfy(\.isOver) }

  /// Whether the samples are known at t.
  func knows(_ t: Double) -> Bool { solves.allSatisfy { $0.knows(t) } }

  /// Carries on, all groups as far as the one that is least far.
  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      guard
        let last = solves.indices.filter({ !solves[$0].isOver })
          .min(by: { solves[$0].frontier < solves[$1].frontier })
      else { return }
      solves[last].advance(beyond: solves[last].frontier, budget: &budget)
    }
  }

  /// The latents of a group at t, which is known.
  func latents(ofGroup group: Int, at t: Double) -> Batch { solves[group].position(at: t) }
}

/// The plane in which latents are seen, with those that were learned.
struct LatentPlane: Sendable {
  private let projection: AxesProjection
  /// The learned latents, and where the mean of each class lies, 2×n; no means without classes.
  let learned, means: Batch
  let labels: [Int]
  let xRange, yRange: ClosedRange<Double>
  /// Whether two numbers are all that a latent has.
  let isWhole: Bool

  /// Of the latents of a data set: the two directions in which the means of classes vary most, or without
  /// classes all latents; of two numbers those.
  init?(_ dataset: Dataset) {
    guard let cloud = dataset.distribution as? PointCloud, dataset.autoencoder != nil else {
      return nil
    }
    let points = cloud.points
    labels = dataset.classes?.labels ?? []
    let k = points.dimension
    isWhole = k <= 2
    func unit(_ i: Int) -> [Double] { (0..<k).map { $0 == i ? 1 : 0 } }
    let parts = (dataset.classes?.parts ?? []).compactMap { ($0 as? PointCloud)?.points }
    let middles = parts.map { part in
      (0..<k).map { i in
        (0..<part.count).reduce(0.0) { $0 + part[i, $1] } / Double(part.count)
      }
    }
    let spread = middles.count > 2 ? Batch(points: middles) : points
    let axes = isWhole ? [] : PrincipalAxes(of: spread).directions
    projection = AxesProjection(
      middle: [Double](repeating: 0, count: k),
      along: isWhole
        ? (unit(0), k > 1 ? unit(1) : [Double](repeating: 0, count: k)) : (axes[0], axes[1]))
    learned = projection.picture(points)
    means =
      middles.isEmpty
      ? Batch(dimension: 2, count: 0) : projection.picture(Batch(points: middles))
    xRange = Self.range(learned, 0)
    yRange = Self.range(learned, 1)
  }

  /// All but the outermost.
  private static func range(_ points: Batch, _ row: Int) -> ClosedRange<Double> {
    let n = points.count
    let sorted = points.values[row * n..<(row + 1) * n].sorted()
    let (low, high) = (sorted[n / 200], sorted[n - 1 - n / 200])
    let margin = 0.12 * max(0.1, high - low)
    return low - margin...high + margin
  }

  /// Where latents are seen.
  func picture(_ latents: Batch) -> Batch { projection.picture(latents) }
}

/// How many samples are of the class asked for, and how far they spread, over the weight of guidance; and how
/// near they come to what was learned.
struct PictureStudy: KeyedWork {
  /// What it is of.
  struct Key: RenewedKey, Hashable {
    let dataset: String
    let generation: Int
    var weightsStep: Int
    let training: LaneSettings.Training?
  }

  /// One weight's figures; shares of 1.
  struct Figure: Sendable {
    let weight, right, spread: Double
  }

  let key: Key
  private(set) var figures: [Figure] = []
  /// The mean distance to the nearest learned latent, of samples at w = 1 and of held-out pictures.
  private(set) var nearest, nearestOfHeldOut: Double?
  /// The share of held-out pictures whose nearest learned one is of their class.
  private(set) var rightOfHeldOut: Double?
  private var open: [(weight: Double, label: Int)] = []
  private var (right, spread, near) = (0.0, 0.0, 0.0)
  private var solve: Solve?
  private let settings: LaneSettings
  private let fields: LaneFields
  private let noise: Batch
  private let dataset: Dataset
  private let classes: Int

  /// The weights of the chart.
  static let weights = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 8]
  /// The samples of each class at each weight.
  private static let count = 20

  init?(_ key: Key, _ dataset: Dataset, _ fields: LaneFields, from noise: Batch) {
    guard let classes = dataset.classes?.count, dataset.autoencoder != nil else { return nil }
    self.key = key
    self.dataset = dataset
    self.fields = fields
    self.noise = noise
    self.classes = classes
    var settings = LaneSettings(.midpoint, steps: 16)
    settings.training = key.training
    self.settings = settings
    for weight in Self.weights { for label in 0..<classes { open.append((weight, label)) } }
  }

  var isOver: Bool { open.isEmpty && rightOfHeldOut != nil }
  /// What is done, so that a frame is drawn when there is more.
  var progress: Int { figures.count }

  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      if open.isEmpty { measureHeldOut(&budget) } else { advanceClass(&budget) }
    }
  }

  private mutating func advanceClass(_ budget: inout Int) {
    let (weight, label) = open[0]
    if solve == nil {
      var settings = settings
      settings.guidance = Guidance(label: label, weight: weight)
      let places = (0..<Self.count).map { (label * Self.count + $0) % max(1, noise.count) }
      solve = Solve(
        fields, weightsStep: key.weightsStep, settings: settings, noise: noise.choosing(places),
        memoryLimit: 1 << 20)
    }
    solve?.advance(to: 1, budget: &budget)
    guard let done = solve, done.isOver else { return }
    solve = nil
    open.removeFirst()
    note(done.end, weight, label)
    // Comparing pictures costs as much as some thousand points of a network.
    budget -= 3000
  }

  private mutating func note(_ latents: Batch, _ weight: Double, _ label: Int) {
    guard latents.isFinite, let pictures = dataset.pictures,
      let pixels = dataset.pixels(of: latents),
      let labels = pictures.learnedLabels, let cloud = dataset.distribution as? PointCloud,
      let part = dataset.classes?.parts[label] as? PointCloud
    else { return }
    let wanted = [Int](repeating: label, count: latents.count)
    right +=
      NearestNeighbours.shareRight(pixels, wanted, among: pictures.learnedPixels, labels)
      / Double(classes)
    spread +=
      latents.totalDeviation / max(1e-12, part.points.totalDeviation)
      / Double(classes)
    if weight == 1 {
      near += NearestNeighbours.meanDistance(to: latents, among: cloud.points) / Double(classes)
    }
    guard label == classes - 1 else { return }
    figures.append(Figure(weight: weight, right: right, spread: spread))
    if weight == 1 { nearest = near }
    (right, spread) = (0, 0)
  }

  private mutating func measureHeldOut(_ budget: inout Int) {
    budget -= 20_000
    rightOfHeldOut = 0
    guard let pictures = dataset.pictures, let autoencoder = dataset.autoencoder,
      let cloud = dataset.distribution as? PointCloud, let own = pictures.heldOutLabels,
      let labels = pictures.learnedLabels
    else { return }
    // A few hundred tell it.
    let some = pictures.heldOutPixels.prefix(400)
    nearestOfHeldOut = NearestNeighbours.meanDistance(
      to: autoencoder.encoded(some), among: cloud.points)
    rightOfHeldOut = NearestNeighbours.shareRight(
      some, Array(own.prefix(some.count)), among: pictures.learnedPixels, labels)
  }
}
