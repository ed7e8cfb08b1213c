#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How uncertain the regressed quantity is between two mixtures, the target's components perhaps
/// single points.
///
/// X_t is drawn as a pair of components and normals around it, by a randomly shifted Kronecker sequence.
struct MixtureFloorVariance: ConditionalVariance {
  let quadrature: FloorQuadrature
  private(set) var work = 0.0
  private let regression: RegressionTarget
  private var pairs: MixturePairs
  /// Cumulative probabilities of the components.
  private let sources, targets: [Double]
  private let strides: [Double]

  init(_ field: MarginalField, target: any Distribution, _ regression: RegressionTarget) {
    self.regression = regression
    pairs = field.pairs
    func cumulative(_ weights: [Double]) -> [Double] {
      var sum = 0.0
      return weights.map {
        sum += $0
        return sum
      }
    }
    sources = cumulative(field.source.weights)
    targets = cumulative(field.target.weights)
    let largest = FieldVariance.extent(of: target)
    quadrature = FloorQuadrature(
      regression, v: field.source.smallestVariance, low: 1e-3 / largest, high: 1e8 / largest)
    let count = 2 + 2 * ((pairs.dimension + 1) / 2)
    // The positive root of g^(count + 1) = g + 1.
    var g = 1.5
    for _ in 0..<64 { g = pow(1 + g, 1 / Double(count + 1)) }
    strides = (1...count).map { pow(g, -Double($0)) }
  }

  /// What one draw costs, in points of a cloud.
  var price: Double { 2 * Double(pairs.count) }

  mutating func mean(
    at node: FloorQuadrature.Node, draws: Range<Int>, random: inout Random
  ) -> Double {
    work += Double(draws.count) * price
    let c = regression.coefficients(at: node.t)
    let d = pairs.dimension
    let shifts = strides.map { _ in random.uniform() }
    var x = Batch(dimension: d, count: draws.count)
    var normals = [Double](repeating: 0, count: strides.count - 2)
    for (j, k) in draws.enumerated() {
      func uniform(_ i: Int) -> Double {
        let u = shifts[i] + Double(k + 1) * strides[i]
        return u - u.rounded(.down)
      }
      for i in stride(from: 0, to: normals.count, by: 2) {
        let radius = (-2 * log(max(0x1p-53, uniform(i + 2)))).squareRoot()
        let angle = 2 * .pi * uniform(i + 3)
        (normals[i], normals[i + 1]) = (radius * cos(angle), radius * sin(angle))
      }
      let source = sources.firstIndex { $0 > uniform(0) } ?? sources.count - 1
      let target = targets.firstIndex { $0 > uniform(1) } ?? targets.count - 1
      let point = pairs.point(source, target, at: c, normals: normals)
      for i in 0..<d { x.values[i * draws.count + j] = point[i] }
    }
    let sum = pairs.variance(of: regression.regressed(c), x, at: c)
    return sum / Double(x.values.count)
  }
}

extension MixturePairs {
  /// X_t of a pair of components for standard normals: m + Lz, C = LLᵀ.
  fileprivate func point(
    _ i: Int, _ j: Int, at c: PathCoefficients, normals: [Double]
  ) -> [Double] {
    let d = dimension
    let (a, b) = (source.covariances[i], target.covariances[j])
    func covariance(_ k: Int) -> Double {
      c.sigma * c.sigma * a[k] + c.alpha * c.alpha * b[k]
        + (k % (d + 1) == 0 ? c.noise * c.noise : 0)
    }
    // Of isotropic pairs one entry tells it: all would be thousands in 64 dimensions, at every draw.
    let factor = isIsotropic ? nil : Cholesky((0..<(d * d)).map(covariance), dimension: d)
    let deviation = covariance(0).squareRoot()
    return (0..<d).map { k in
      let mean = c.sigma * source.flatMeans[i * d + k] + c.alpha * target.flatMeans[j * d + k]
      guard let factor else { return mean + deviation * normals[k] }
      return (0...k).reduce(mean) { $0 + factor.factor[k * d + $1] * normals[$1] }
    }
  }
}
