#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Draws of X_t on the way to the data, with what a right network says there.
///
/// t lies in [0.1, 0.9]: what a prediction is divided by at the ends, α or σ, makes a small error of a right
/// network there a large one of its velocity, and the field to single points is one that nothing learns.
struct DoctorTeacher: Sendable {
  /// The times that are asked about.
  static let span = 0.1...0.9

  let points: Batch
  let times: [Double]
  /// u*, the exact velocity.
  let velocity: Batch
  /// E|u*|², sum over the dimensions: what no motion at all is wrong by.
  let power: Double
  /// E|u* − E u*|²: what one velocity for all is wrong by.
  let variation: Double
  /// a and b of u = a·x + b·f for every prediction f, draw by draw.
  private let coefficients: [PathCoefficients]

  /// As many draws; `units` is an entry of the case's.
  init(_ examined: DoctorCase, scheduler: Scheduler, units: Int?, count: Int) {
    let (target, inner) = examined.target(in: units)
    let isOwn = scheduler == examined.scheduler
    let path = isOwn ? examined.path : .affine
    let random = Random(seed: examined.seed).stream("doctor")
    var (first, second) = (random.stream("source"), random.stream("target"))
    var (clock, noise) = (random.stream("time"), random.stream("path"))
    // Evenly spread, and so are the times of any first part of them.
    let golden = 0.618033988749894848
    let offset = clock.uniform()
    let span = DoctorTeacher.span
    times = (0..<count).map { j in
      let share = (offset + Double(j) * golden).truncatingRemainder(dividingBy: 1)
      return span.lowerBound + (span.upperBound - span.lowerBound) * share
    }
    let start: any Distribution = examined.source ?? StandardNormal(dimension: target.dimension)
    var sample = PathSample(dimension: target.dimension, count: count)
    path.path(under: scheduler).sample(
      from: start.sample(count: count, using: &first),
      to: inner.sample(count: count, using: &second),
      at: times, using: &noise, into: &sample)
    points = sample.x
    coefficients = times.map { path.coefficients(scheduler, at: $0) }
    var exact = points
    if var field = target.exactField(source: examined.source, scheduler: scheduler, path: path) {
      field.evaluate(points, at: .each(times), into: &exact)
    }
    velocity = exact
    let n = Double(count)
    // Where nothing has to move, as from N(0, I) to itself on a sphere of variances, points are the scale.
    let size = points.values.reduce(0) { $0 + $1 * $1 } / n
    power = max(exact.values.reduce(0) { $0 + $1 * $1 } / n, 1e-3 * size)
    variation = (0..<exact.dimension).reduce(0) { sum, i in
      let row = exact.values[i * count..<(i + 1) * count]
      let mean = row.reduce(0, +) / n
      return sum + row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    }
  }

  /// E[u_t | X_t = x] with t drawn too, at the draws: the best that a field can do that knows no time.
  ///
  /// Σ p_t(x)u_t(x)/Σ p_t(x) over the middles of `nodes` equal parts of [0, 1]; the field to single points is
  /// nowhere later than 0.9.
  func timeless(_ examined: DoctorCase, nodes: Int = 24) -> Batch {
    var target = examined.target
    var random = Random(seed: examined.seed).stream("doctor").stream("timeless")
    if let cloud = target as? PointCloud, cloud.points.count > 500 {
      target = PointCloud(cloud.sample(count: 500, using: &random))
    }
    guard
      var field = target.exactField(
        source: examined.source, scheduler: examined.scheduler, path: examined.path)
    else { return velocity }
    let (d, n) = (points.dimension, points.count)
    var (sum, at) = (Batch(dimension: d, count: n), points)
    var (weights, greatest) = (
      [Double](repeating: 0, count: n), [Double](repeating: -.infinity, count: n)
    )
    for node in 0..<nodes {
      let t = min((Double(node) + 0.5) / Double(nodes), DoctorTeacher.span.upperBound)
      let logs = field.logDensity(points, at: .shared(t))
      field.evaluate(points, at: .shared(t), into: &at)
      for j in 0..<n where logs[j] > -.infinity {
        if logs[j] > greatest[j] {
          // Kept relative to the greatest so far.
          let shrink = exp(greatest[j] - logs[j])
          weights[j] *= shrink
          for i in 0..<d { sum[i, j] *= shrink }
          greatest[j] = logs[j]
        }
        let weight = exp(logs[j] - greatest[j])
        weights[j] += weight
        for i in 0..<d { sum[i, j] += weight * at[i, j] }
      }
    }
    for j in 0..<n where weights[j] > 0 { for i in 0..<d { sum[i, j] /= weights[j] } }
    return sum
  }

  /// What the network answers at the draws, told the time so. With its inputs turned t stands where the network
  /// takes its first coordinate; where it was said to have t first, and is shown so, it is turned back.
  func answers(
    of network: inout any VelocityField, _ clock: NetworkClock, isTurned: Bool,
    from order: InputOrder
  ) -> Batch {
    let (d, n) = (points.dimension, points.count)
    let told = times.map(clock.told)
    var answer = points
    guard isTurned else {
      network.evaluate(points, at: .each(told), into: &answer)
      return answer
    }
    // The d + 1 features x, t moved by one place, forward or back.
    let features = (0..<d).map { Array(points.values[$0 * n..<($0 + 1) * n]) } + [told]
    let moved = (0...d).map { features[($0 + (order == .pointTime ? d : 1)) % (d + 1)] }
    network.evaluate(
      Batch(dimension: d, values: moved.dropLast().flatMap { $0 }), at: .each(moved[d]),
      into: &answer)
    return answer
  }

  /// How the velocity that the answers mean under a hypothesis compares with what it should be, w.
  struct Comparison {
    /// |v − w|², draw by draw.
    var squares: [Double]
    /// E|w|².
    var power = 0.0
    /// The cosine of all velocities as one: E v·w/√(E|v|²E|w|²).
    var alignment = 0.0
  }

  /// Compares the answers under a hypothesis with what they should be.
  func compare(_ answers: Batch, _ hypothesis: NetworkHypothesis, with wanted: Batch) -> Comparison
  {
    let sign = hypothesis.isFlipped ? -1.0 : 1
    var (own, product, squares) = (0.0, 0.0, 0.0)
    var result = Comparison(squares: [])
    result.squares = (0..<points.count).map { j in
      let c = hypothesis.prediction.velocityCoefficients(coefficients[j])
      var square = 0.0
      for i in 0..<points.dimension {
        let velocity = c.x * points[i, j] + sign * c.other * answers[i, j]
        let difference = velocity - wanted[i, j]
        square += difference * difference
        own += velocity * velocity
        product += velocity * wanted[i, j]
        squares += wanted[i, j] * wanted[i, j]
      }
      return square.isFinite ? square : .infinity
    }
    result.power = squares / Double(points.count)
    let size = (own * squares).squareRoot()
    if size.isFinite, size > 0 { result.alignment = product / size }
    return result
  }
}
