/// How uncertain the regressed quantity is where an exact field is known but no variance beside it:
/// boxes from N(0, I), whose divergence tells it, and from mixtures.
struct FieldVariance: ConditionalVariance {
  let quadrature: FloorQuadrature
  private(set) var work = 0.0
  private let target: any Distribution
  private let source: (any Distribution)?
  private let regression: RegressionTarget
  private var field: any ExactField
  /// A distance that is the whole of the data.
  private let largest: Double
  /// Arithmetic at a point is as much as at so many points of a cloud.
  private static let price = 400.0

  /// From N(0, I) where `source` is nil; nil where the target has no exact field from there.
  init?(
    from source: GaussianMixture?, to target: any ExactDistribution, _ regression: RegressionTarget
  ) {
    // From N(0, I) all paths pass the same points as conditional OT.
    let isPlain = source == nil
    guard
      let field = target.exactField(
        source: source, scheduler: isPlain ? .conditionalOT : regression.scheduler,
        path: isPlain ? .affine : regression.path)
    else { return nil }
    self.field = field
    self.target = target
    self.source = source
    self.regression = regression
    largest = FieldVariance.extent(of: target)
    quadrature = FloorQuadrature(
      regression, v: source?.smallestVariance ?? 1, low: 1e-4 / largest, high: 1e7 / largest)
  }

  /// The diagonal of the box around some hundred draws.
  static func extent(of target: any Distribution) -> Double {
    var random = Random(seed: 0).stream("extent")
    let points = target.sample(count: 512, using: &random)
    var square = 0.0
    for i in 0..<points.dimension {
      let row = points.values[(i * points.count)..<((i + 1) * points.count)]
      let side = (row.max() ?? 0) - (row.min() ?? 0)
      square += side * side
    }
    return square > 0 ? square.squareRoot() : 1
  }

  mutating func mean(
    at node: FloorQuadrature.Node, draws: Range<Int>, random: inout Random
  ) -> Double {
    source == nil
      ? meanOfDivergence(node, draws.count, &random) : meanOfErrors(node, draws.count, &random)
  }

  /// tr Cov(X₁ | X_τ) = (1 − τ)²[d + (1 − τ)∇·u_τ]/τ, point by point; its mean is d/ρ² once the
  /// noise is far smaller than anything of the data.
  private mutating func meanOfDivergence(
    _ node: FloorQuadrature.Node, _ count: Int, _ random: inout Random
  ) -> Double {
    let d = Double(target.dimension)
    let tau = node.ratio / (1 + node.ratio)
    let slope = regression.gaussianShares(at: node.t).slope
    let left = 1 / (1 + node.ratio)
    let share = slope * slope * left * left / d
    if node.ratio * largest > 1e5 { return share * d }
    work += Double(count) * FieldVariance.price
    let x1 = target.sample(count: count, using: &random)
    var x = StandardNormal(dimension: target.dimension).sample(count: count, using: &random)
    for k in x.values.indices { x.values[k] = tau * x1.values[k] + left * x.values[k] }
    var velocity = x
    var divergence = [Double](repeating: 0, count: count)
    field.evaluate(x, at: .shared(tau), into: &velocity, divergence: &divergence)
    let sum = divergence.reduce(0) { $0 + (d + left * $1) / tau }
    return share * sum / Double(count)
  }

  /// The squared errors of the exact field on random pairs.
  private mutating func meanOfErrors(
    _ node: FloorQuadrature.Node, _ count: Int, _ random: inout Random
  ) -> Double {
    work += Double(count) * FieldVariance.price
    let c = regression.coefficients(at: node.t)
    let y = regression.regressed(c)
    let combination = regression.prediction.predictionCoefficients(c)
    let x1 = target.sample(count: count, using: &random)
    let x0 = source!.sample(count: count, using: &random)
    let noise = StandardNormal(dimension: target.dimension).sample(count: count, using: &random)
    var (x, wanted) = (x0, x0)
    for k in x.values.indices {
      let (a, b, e) = (x1.values[k], x0.values[k], noise.values[k])
      x.values[k] = c.alpha * a + c.sigma * b + c.noise * e
      wanted.values[k] = y.target * a + y.source * b + y.noise * e
    }
    var velocity = x
    field.evaluate(x, at: .shared(node.t), into: &velocity)
    // The score's weight makes it the source, up to the sign.
    let factor = regression.prediction == .score ? -c.sigma : 1
    var sum = 0.0
    for k in x.values.indices {
      let best = factor * (combination.x * x.values[k] + combination.other * velocity.values[k])
      sum += (best - wanted.values[k]) * (best - wanted.values[k])
    }
    return sum / Double(x.values.count)
  }
}

extension GaussianMixture {
  /// The least variance that a component has along a coordinate.
  var smallestVariance: Double {
    covariances.reduce(Double.infinity) { least, covariance in
      (0..<dimension).reduce(least) { min($0, covariance[$1 * (dimension + 1)]) }
    }
  }
}
