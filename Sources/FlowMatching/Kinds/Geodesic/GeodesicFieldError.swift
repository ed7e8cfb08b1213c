/// The excess loss on a curved space: how far a field is from the exact one, E|v_θ − u*|² by the metric,
/// the mean over fixed draws of (t, X_t) and the dimensions of the space.
public struct GeodesicFieldError: ExcessMeasure {
  /// The number of draws unless another is asked for.
  public static let count = 2048
  private let points: Batch
  private let times: Times
  private let dimension: Int
  private let exact: Batch

  /// Draws t uniformly on [0, 1) and X_t on geodesics from uniform points; nil where the exact field is
  /// not known in closed form.
  public init?(to dataset: Dataset, seed: UInt64 = 0, count: Int = GeodesicFieldError.count) {
    guard let space = dataset.space, var field = dataset.geodesicField, !field.isQuadrature else {
      return nil
    }
    precondition(count > 0, "an average needs a point at least")
    var pairs = TrainingPairs(
      from: UniformBase(on: space), to: dataset.distribution, along: GeodesicPath(space),
      count: count, random: Random(seed: seed).stream("field error"))
    pairs.draw()
    points = pairs.sample.x
    times = .each(pairs.times)
    dimension = space.dimension
    var velocity = points
    field.evaluate(points, at: times, into: &velocity)
    exact = velocity
  }

  public func measure(_ learned: LearnedField) -> Excess {
    let estimate = excess(of: learned)
    return Excess(value: estimate.mean, standardError: estimate.standardError)
  }

  /// The same for any field.
  public func excess(of field: some VelocityField) -> Estimate {
    var (field, velocity) = (field, points)
    field.evaluate(points, at: times, into: &velocity)
    for k in exact.values.indices { velocity.values[k] -= exact.values[k] }
    return Estimate(of: velocity.squaredLengths.map { $0 / Double(dimension) })
  }
}

/// How uncertain the velocity of a geodesic path is given X_t, where the exact field is known: the mean
/// of |u_t − ū_t(X_t)|² over draws and the dimensions of the space.
struct GeodesicVariance: ConditionalVariance {
  let quadrature = FloorQuadrature(times: 24)
  private(set) var work = 0.0
  private let space: any Space
  private let target: any Distribution
  private var field: any GeodesicField
  /// The field at a point takes as long as looking at so many.
  private static let price = 4000.0

  /// From the uniform distribution; nil where the exact field is not known in closed form.
  init?(to dataset: Dataset) {
    guard let space = dataset.space, let field = dataset.geodesicField, !field.isQuadrature else {
      return nil
    }
    self.space = space
    self.field = field
    target = dataset.distribution
  }

  mutating func mean(
    at node: FloorQuadrature.Node, draws: Range<Int>, random: inout Random
  ) -> Double {
    work += Double(draws.count) * GeodesicVariance.price
    let x0 = UniformBase(on: space).sample(count: draws.count, using: &random)
    let x1 = target.sample(count: draws.count, using: &random)
    var (x, u, mean) = (x0, x0, x0)
    space.geodesic(from: x0, to: x1, at: .shared(node.t), into: &x, velocities: &u)
    field.evaluate(x, at: .shared(node.t), into: &mean)
    var sum = 0.0
    for k in u.values.indices {
      let difference = u.values[k] - mean.values[k]
      sum += difference * difference
    }
    return sum / Double(space.dimension * draws.count)
  }
}
