import FlowMatching

/// √E|v − u*|² over t, on fixed draws of X_t, and √E|u*|² to judge it by; of a flow map also the error of its
/// jumps from noise, √E|ū(X₀, 0, r) − (X*_{0,r}(X₀) − X₀)/r|² over r.
struct FieldErrorCurve: SlicedWork {
  /// One time.
  struct Point: Sendable {
    let t: Double
    let error: Double
    let speed: Double
    /// Of the jump from noise to r = t; nil where there is no map.
    var jump: Double?
  }

  /// The training step of the weights.
  let weightsStep: Int
  private(set) var points: [Point] = []
  /// What the lane follows beside its weights.
  let followed: LaneSettings.Followed
  private var network: any DivergenceField
  private var exact: any ExactField
  private var map: (any TwoTimeMap)?
  /// Where the exact flow has the noise at the time of the last point.
  private var there: Batch
  private let path: any ProbabilityPath
  private let noise, data: Batch
  private let cost: Int
  private static let times = 41
  private static let draws = 256

  /// A curve that has not begun.
  init(
    network: any DivergenceField, map: (any TwoTimeMap)? = nil, weightsStep: Int,
    exact: any ExactField, scene: TargetScene, _ followed: LaneSettings.Followed = .init()
  ) {
    self.map = map
    self.followed = followed
    self.network = network
    self.weightsStep = weightsStep
    self.exact = exact
    path = followed.scheduler.map { AffinePath(scheduler: $0) } ?? scene.path
    cost = scene.exactCost
    noise = scene.noise.prefix(FieldErrorCurve.draws)
    data = scene.sample.prefix(FieldErrorCurve.draws)
    there = noise
  }

  var isOver: Bool { points.count == FieldErrorCurve.times }

  /// Works until the curve is complete or the budget is used up.
  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      var point = point(at: Double(points.count) / Double(FieldErrorCurve.times - 1))
      point.jump = jumpError(to: point.t)
      points.append(point)
      budget -= (1 + cost) * noise.count
      if map != nil { budget -= (1 + 12 * cost) * noise.count }
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

  /// The error of the jump from noise to r as a mean velocity; at r = 0 it is that of the velocity.
  private mutating func jumpError(to r: Double) -> Double? {
    guard var map else { return nil }
    var (mean, exactMean) = (noise, noise)
    map.meanVelocity(noise, from: .shared(0), to: .shared(r), into: &mean)
    if let last = points.last?.t {
      var field: any VelocityField = exact
      there = Integrator.ends(
        &field, .dop853, control: .fixed(steps: 1), from: there, start: last, end: r)
      for k in noise.values.indices {
        exactMean.values[k] = (there.values[k] - noise.values[k]) / r
      }
    } else {
      exact.evaluate(noise, at: .shared(0), into: &exactMean)
    }
    return mean.rootMeanSquareDistance(to: exactMean)
  }

  /// The curve at t, linear between its points; nil before it is complete.
  func value(at t: Double) -> Point? {
    guard isOver else { return nil }
    let place = min(1, max(0, t)) * Double(points.count - 1)
    let i = min(points.count - 2, Int(saturating: place))
    let f = place - Double(i)
    let (a, b) = (points[i], points[i + 1])
    return Point(
      t: t, error: a.error + f * (b.error - a.error), speed: a.speed + f * (b.speed - a.speed),
      jump: zip([a.jump].compactMap { $0 }, [b.jump].compactMap { $0 })
        .map { $0 + f * ($1 - $0) }.first)
  }
}
