import FlowMatching
import Testing

@Suite("Divergences")
struct DivergenceTests {
  static let tilted = GaussianMixtureTests.tilted
  static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)

  private static func mlp(_ activation: Activation = .silu, dimension: Int = 2) -> MLP {
    var random = Random(seed: 51)
    let shape = MLPShape(dimension: dimension, widths: [64, 64, 64], activation: activation)
    return MLP(MLPWeights(shape: shape, using: &random))
  }

  private static func points(_ count: Int, dimension: Int = 2) -> Batch {
    var random = Random(seed: 52)
    var x = StandardNormal(dimension: dimension).sample(count: count, using: &random)
    for k in x.values.indices { x.values[k] *= 1.5 }
    return x
  }

  private static func divergence(
    _ field: inout any DivergenceField, _ x: Batch, _ t: Double, probes: Batch? = nil
  ) -> [Double] {
    var velocity = x
    var divergence = [Double](repeating: .nan, count: x.count)
    if let probes {
      field.evaluate(
        x, at: .shared(t), probes: probes, into: &velocity, divergence: &divergence)
    } else {
      field.evaluate(x, at: .shared(t), into: &velocity, divergence: &divergence)
    }
    return divergence
  }

  /// Σ ∂u_i/∂x_i by central differences of fourth order.
  private static func quotient(
    _ field: inout any DivergenceField, _ x: Batch, _ t: Double, h: Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: x.count)
    var velocity = x
    for i in 0..<x.dimension {
      for (shift, weight) in [(-2 * h, 1.0), (-h, -8), (h, 8), (2 * h, -1)] {
        var moved = x
        for j in 0..<x.count { moved[i, j] += shift }
        field.evaluate(moved, at: .shared(t), into: &velocity)
        for j in 0..<x.count { sums[j] += weight * velocity[i, j] / (12 * h) }
      }
    }
    return sums
  }

  @Test(
    "a mixture's exact field: the closed form is that of central differences",
    arguments: [0, 0.02, 0.3, 0.77, 0.98, 1])
  func mixtures(t: Double) {
    let source = GaussianMixture(
      weights: [1, 2], means: [[0.5, 0], [-1, 1]],
      covariances: [[1, 0.3, 0.3, 0.8], [0.6, 0, 0, 0.4]])
    let line = GaussianMixture(weights: [1, 3], means: [[-1], [1]], standardDeviation: 0.5)
    for exact in [
      MarginalField(target: Self.eight), MarginalField(target: Self.tilted),
      MarginalField(source: source, target: Self.tilted),
      MarginalField(target: line),
    ] {
      var field: any DivergenceField = exact
      let x = Self.points(60, dimension: exact.dimension)
      let closed = Self.divergence(&field, x, t)
      let differences = Self.quotient(&field, x, t, h: 1e-4)
      for (a, b) in zip(closed, differences) { #expect(abs(a - b) < 1e-7 * max(1, abs(b))) }
    }
  }

  @Test("a mixture's field gives the same velocity with its divergence as without, to 1e-12")
  func sameVelocity() {
    for target in [Self.eight, Self.tilted] {
      var field = MarginalField(target: target)
      let x = Self.points(50)
      var (alone, together) = (x, x)
      var divergence = [Double](repeating: 0, count: 50)
      let times = Times.each((0..<50).map { Double($0) / 49 })
      field.evaluate(x, at: times, into: &alone)
      field.evaluate(x, at: times, into: &together, divergence: &divergence)
      for (a, b) in zip(alone.values, together.values) {
        #expect(abs(a - b) < 1e-12 * max(1, abs(a)))
      }
    }
  }

  @Test("N(0, I) → N(m, s²I): ∇·u = d(ts² − (1 − t))/((1 − t)² + t²s²), to 1e-12")
  func gaussian() {
    let s = 0.4
    var field: any DivergenceField = MarginalField(
      target: GaussianMixture(weights: [1], means: [[1.5, -0.7]], standardDeviation: s))
    for t in [0, 0.3, 0.8, 1] {
      let exact = 2 * (t * s * s - (1 - t)) / ((1 - t) * (1 - t) + t * t * s * s)
      for value in Self.divergence(&field, Self.points(20), t) {
        #expect(abs(value - exact) < 1e-12)
      }
    }
  }

  @Test("Hutchinson in 2-D: the mean over ε = (1, 1) and (1, −1) is the trace, to 1e-12")
  func hutchinsonMean() {
    let x = Self.points(70)
    func probes(_ second: Double) -> Batch {
      Batch(points: [[Double]](repeating: [1, second], count: 70))
    }
    // The network adds the same numbers in another order: its tolerance is Float's.
    for (base, tolerance) in [
      (MarginalField(target: Self.eight) as any DivergenceField, 1e-12),
      (MarginalField(target: Self.tilted), 1e-12), (Self.mlp(), 1e-6),
    ] {
      var field = base
      let exact = Self.divergence(&field, x, 0.6)
      let even = Self.divergence(&field, x, 0.6, probes: probes(1))
      let odd = Self.divergence(&field, x, 0.6, probes: probes(-1))
      for j in 0..<70 {
        #expect(abs(0.5 * (even[j] + odd[j]) - exact[j]) < tolerance * max(1, abs(exact[j])))
      }
    }
  }

  @Test("signs estimate with variance (J₁₂ + J₂₁)², normal probes with 2|sym J|²")
  func hutchinsonVariance() {
    // A linear field with the Jacobian J = [[1, 2], [4, 5]].
    let shape = MLPShape(dimension: 2, widths: [], activation: .silu)
    var field: any DivergenceField = MLP(
      MLPWeights(shape: shape, values: [1, 2, 0, 4, 5, 0, 0, 0]))
    var random = Random(seed: 53)
    func estimates(_ method: DivergenceMethod) -> [Double] {
      let probes = method.probes(dimension: 2, count: 20_000, using: &random)
      return Self.divergence(&field, Batch(dimension: 2, count: 20_000), 0.5, probes: probes)
    }
    let signs = estimates(.rademacher)
    expectMean(of: signs, 6)
    #expect(signs.allSatisfy { ($0 - 6) * ($0 - 6) == 36 })
    // sym J = [[1, 3], [3, 5]]: twice the sum of its squares is 88.
    let normals = estimates(.gaussian)
    expectMean(of: normals, 6)
    expectMean(of: normals.map { ($0 - 6) * ($0 - 6) }, 88)
  }

  @Test("probes are drawn once from their stream; the exact method has none")
  func probes() {
    var random = Random(seed: 54)
    #expect(DivergenceMethod.exact.probes(dimension: 2, count: 9, using: &random) == nil)
    let signs = DivergenceMethod.rademacher.probes(dimension: 2, count: 5000, using: &random)!
    #expect(signs.values.allSatisfy { abs($0) == 1 })
    expectMean(of: signs.values, 0)
    let normals = DivergenceMethod.gaussian.probes(dimension: 2, count: 5000, using: &random)!
    expectMean(of: normals.values, 0)
    expectMean(of: normals.values.map { $0 * $0 }, 1)
  }
}
