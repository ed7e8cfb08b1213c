import FlowMatching

/// A class of the data as guided flows are judged by it: the direction that tells it from all data, and
/// where most of it lies.
struct GuidanceTarget: Sendable {
  let dataset: String
  let label: Int
  /// The unit direction from the mean of all data to that of the class.
  let axis: [Double]
  /// The extent of all data along the axis: a ruler's.
  let range: ClosedRange<Double>
  /// Draws of the class.
  let draws: Batch
  /// 95 % of the class have a greater log-density.
  let threshold: Double
  /// The tilt's own density, by the class and all data.
  let classes: LabelledDistribution
  let whole: any Distribution
  /// Points a side of the grid by which a tilt is averaged: curves are thousand Gaussians.
  let side: Int

  /// The class of a data set whose densities are known.
  init?(_ dataset: Dataset, _ classes: LabelledDistribution, label: Int) {
    guard let part = classes.parts[label] as? any DensityDistribution else { return nil }
    self.dataset = dataset.name
    self.label = label
    self.classes = classes
    whole = dataset.distribution
    side = dataset.mixture == nil ? 64 : 140
    var random = Random(seed: 0).stream("guidance")
    draws = part.sample(count: 2000, using: &random)
    let all = dataset.distribution.sample(count: 4000, using: &random)
    let (own, other) = (GuidanceTarget.mean(draws), GuidanceTarget.mean(all))
    let way = zip(own, other).map { $0 - $1 }
    let length = (way[0] * way[0] + way[1] * way[1]).squareRoot()
    // Where a class has the mean of all, as a ring, no direction is its own.
    let spread = Standardisation(of: all)?.deviations.max() ?? 1
    axis = length > 0.05 * spread ? way.map { $0 / length } : [1, 0]
    let places = GuidanceTarget.along(all, axis).sorted()
    let reach = places[places.count - 1] - places[0]
    range = places[0] - 0.1 * reach...places[places.count - 1] + 0.3 * reach
    let logs = part.logDensity(draws.prefix(1000)).sorted()
    threshold = logs[logs.count / 20]
  }

  func isOf(_ dataset: Dataset, _ label: Int) -> Bool {
    self.dataset == dataset.name && self.label == label
  }

  /// What a weight promises.
  func tilt(_ weight: Double) -> ClassTilt? {
    ClassTilt(classes, of: whole, label: label, weight: weight)
  }

  static func mean(_ points: Batch) -> [Double] {
    (0..<2).map { i in (0..<points.count).reduce(0) { $0 + points[i, $1] } / Double(points.count) }
  }

  /// Where points are along a direction; those that left the numbers are nowhere.
  static func along(_ points: Batch, _ axis: [Double]) -> [Double] {
    (0..<points.count).map { axis[0] * points[0, $0] + axis[1] * points[1, $0] }
      .filter(\.isFinite)
  }

  /// The share of points, of the first few hundred, outside of where 95 % of the class are.
  func shareOutside(_ points: Batch) -> Double {
    let some = points.prefix(400)
    guard let part = classes.parts[label] as? any DensityDistribution, some.count > 0 else {
      return 0
    }
    let logs = part.logDensity(some)
    return Double(logs.count { !($0 >= threshold) }) / Double(logs.count)
  }
}

/// What guidance made of a class in one lane, at t = 1.
struct GuidedFigure: Sendable {
  /// Where the particles are along the class's axis.
  let places: [Double]
  let mean, deviation: Double
  /// What w promises; nil where it is not known yet.
  let tilt: (mean: Double, deviation: Double)?
  /// The share of the particles outside of where 95 % of the class are.
  let outside: Double

  init?(_ points: Batch, _ target: GuidanceTarget, tilt: ClassTilt.Moments?) {
    places = GuidanceTarget.along(points, target.axis)
    guard places.count > 1 else { return nil }
    let mean = places.reduce(0, +) / Double(places.count)
    self.mean = mean
    deviation =
      (places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(places.count)).squareRoot()
    self.tilt = tilt.map {
      (target.axis[0] * $0.mean[0] + target.axis[1] * $0.mean[1], $0.deviation)
    }
    outside = target.shareOutside(points)
  }

  /// By how far the mean is beyond that of the tilt, in the units of the data.
  var overshoot: Double? { tilt.map { mean - $0.mean } }

  /// The same in deviations of the tilt.
  var overshootInDeviations: Double? { tilt.map { (mean - $0.mean) / $0.deviation } }
}
