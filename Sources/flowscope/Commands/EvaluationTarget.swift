import FileFormats
import FlowMatching

/// What a model is measured against, in the units in which it works.
struct EvaluationTarget {
  /// The distribution of the run, a named one, or the points themselves.
  let dataset: Dataset
  /// The data set of which it is a class, or itself; nil where nothing is known of either.
  var whole: Dataset?
  /// What stands for samples of it; nil where they are drawn.
  var points: Batch?
  /// How many points the file has of which these are all, or some; nil without a file.
  var filePoints: Int?
  /// Whether what is known of the distribution (floor, entropy, exact field) is true of what the model
  /// is compared with; where not, those figures are left out.
  var hasDensity = true
  /// One line on why they are, for people.
  var note: String?

  /// Fewer points than these cannot show whether they are draws of a distribution.
  static let least = 100
  /// The most points that are matched with draws for that.
  private static let most = 1000

  /// Points of a file, all or drawn from its `total`, beside the distribution that may be theirs; they are
  /// matched with it, since a name is no proof.
  init(
    points: Batch, of total: Int, in file: String, on space: (any Space)? = nil,
    beside candidate: Dataset?, seed: UInt64
  ) {
    let own = Dataset(name: file, points: points, on: space)
    let judged = candidate.map {
      (dataset: $0, complaint: Self.complaint(points, of: total, in: file, $0, seed: seed))
    }
    dataset = judged.flatMap { $0.complaint == nil ? $0.dataset : nil } ?? own
    self.points = points
    hasDensity = judged.map { $0.complaint == nil } ?? false
    note = judged?.complaint.map {
      $0 + "; loss floor, field error, entropy and KL are left out"
    }
  }

  /// Fresh draws of a distribution.
  init(_ dataset: Dataset) {
    self.dataset = dataset
    points = nil
  }

  /// Fresh draws of a distribution for a model that works in other units.
  init(drawing count: Int, of dataset: Dataset, in units: Standardisation, seed: UInt64) {
    var random = Random(seed: seed).stream("evaluation").stream("target")
    let draws = units.applied(to: dataset.distribution.sample(count: count, using: &random))
    self.init(points: draws, of: count, in: dataset.name, beside: nil, seed: seed)
    note =
      "\(dataset.name) is measured in the model's own units, in which its density is not known; loss "
      + "floor, field error, entropy and KL are left out"
  }

  /// Why the density of a distribution is not that of the points; nil where nothing speaks against it.
  static func complaint(
    _ points: Batch, of total: Int, in file: String, _ dataset: Dataset, seed: UInt64
  ) -> String? {
    if let cloud = dataset.distribution as? PointCloud {
      return isSame(cloud.points, points, of: total)
        ? nil : "\(file) is another file than \(dataset.name)"
    }
    guard points.count >= least else {
      return "\(points.count) points are too few to tell whether they are draws of \(dataset.name)"
    }
    var random = Random(seed: seed).stream("evaluation").stream("belonging")
    let some = subset(points, using: &random)
    let draws = dataset.distribution.sample(count: some.count, using: &random)
    let distance = Wasserstein.w2(some, draws, on: dataset.space)
    let floor = Wasserstein.noiseFloor(
      of: dataset.distribution, on: dataset.space, count: some.count, using: &random)
    // One in some ten thousand samples of the distribution itself lies farther off.
    guard distance <= floor.mean + 4 * floor.deviation else {
      return
        "\(file) is no sample of \(dataset.name) (W2 \(short(distance)); two samples of it are "
        + "\(short(floor.mean)) ± \(short(floor.deviation)) apart)"
    }
    // Sharper where the density is known: −log p averages to the entropy.
    guard let entropy = dataset.entropyFloor, let values = dataset.logDensity(points) else {
      return nil
    }
    let estimate = Estimate(of: values.map { -$0 })
    // Entropies are known to five digits.
    guard abs(estimate.mean - entropy) <= 4 * estimate.standardError + 1e-4 else {
      return "\(file) is no sample of \(dataset.name) (its mean −log p there is "
        + "\(short(estimate.mean)), the entropy \(short(entropy)))"
    }
    return nil
  }

  /// Whether points are those of a cloud, or were drawn from as many as it has and each is one of them.
  private static func isSame(_ cloud: Batch, _ points: Batch, of total: Int) -> Bool {
    if points.count == total { return cloud == points }
    guard cloud.count == total, cloud.dimension == points.dimension else { return false }
    // The drawn are few, the cloud may be millions.
    var missing = Set((0..<points.count).map(points.point))
    for j in 0..<cloud.count where !missing.isEmpty { missing.remove(cloud.point(j)) }
    return missing.isEmpty
  }

  private static func short(_ value: Double) -> String {
    value.isFinite ? String((value * 1e3).rounded() / 1e3) : "infinite"
  }

  /// At most `most` of the points, drawn without replacement: files may be sorted.
  private static func subset(_ points: Batch, using random: inout Random) -> Batch {
    guard points.count > most else { return points }
    var indices = Array(0..<points.count)
    var result = Batch(dimension: points.dimension, count: most)
    for j in 0..<most {
      indices.swapAt(j, j + random.integer(below: points.count - j))
      for i in 0..<points.dimension { result[i, j] = points[i, indices[j]] }
    }
    return result
  }
}
