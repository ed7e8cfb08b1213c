import FlowMatching

/// √E|v − u*|² over t, on fixed draws of X_t; and √E|u*|² to judge it by.
struct FieldErrorCurve: SlicedWork {
  /// One time.
  struct Point: Sendable {
    let t: Double
    let error: Double
    let speed: Double
  }

  /// The training step of the weights.
  let weightsStep: Int
  private(set) var points: [Point] = []
  /// What the lane follows beside its weights.
  let followed: LaneSettings.Followed
  private var network: any DivergenceField
  private var exact: any ExactField
  private let path: any ProbabilityPath
  private let noise, data: Batch
  private let cost: Int
  private static let times = 41
  private static let draws = 256

  /// A curve that has not begun.
  init(
    network: any DivergenceField, weightsStep: Int, exact: any ExactField, scene: TargetScene,
    _ followed: LaneSettings.Followed = .init()
  ) {
    self.followed = followed
    self.network = network
    self.weightsStep = weightsStep
    self.exact = exact
    path = followed.scheduler.map { AffinePath(scheduler: $0) } ?? scene.path
    cost = scene.exactCost
    noise = scene.noise.prefix(FieldErrorCurve.draws)
    data = scene.sample.prefix(FieldErrorCurve.draws)
  }

  var isOver: Bool { points.count == FieldErrorCurve.times }

  /// Works until the curve is complete or the budget is used up.
  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      points.append(point(at: Double(points.count) / Double(FieldErrorCurve.times - 1)))
      budget -= (1 + cost) * noise.count
    }
  }

  private mutating func point(at t: Double) -> Point {
    var random = Random(seed: 0).stream("field error curve")
    var sample = PathSample(dimension: noise.dimension, count: noise.count)
    let times = [Double](repeating: t, count: noise.count)
    path.sample(from: noise, to: data, at: times, using: &random, into: &sample)
    let x = sample.x
    var learned = x
    var best = x
    network.evaluate(x, at: .shared(t), into: &learned)
    exact.evaluate(x, at: .shared(t), into: &best)
    var (error, speed) = (0.0, 0.0)
    for k in x.values.indices {
      error += (learned.values[k] - best.values[k]) * (learned.values[k] - best.values[k])
      speed += best.values[k] * best.values[k]
    }
    let n = Double(x.count)
    return Point(t: t, error: (error / n).squareRoot(), speed: (speed / n).squareRoot())
  }

  /// The curve at t, linear between its points; nil before it is complete.
  func value(at t: Double) -> Point? {
    guard isOver else { return nil }
    let place = min(1, max(0, t)) * Double(points.count - 1)
    let i = min(points.count - 2, Int(saturating: place))
    let f = place - Double(i)
    let (a, b) = (points[i], points[i + 1])
    return Point(
      t: t, error: a.error + f * (b.error - a.error), speed: a.speed + f * (b.speed - a.speed))
  }
}
