import Testing

@testable import FlowMatching

@Suite struct SpaceLikelihoodTests {
  private static let dipole =
    AmbientField(matrix: [Double](repeating: 0, count: 9), offset: [0, 0, 1.5]).onSphere

  /// From uniform along u = P(1.5e): z = tanh(1.5t + c), log p₁ = −ln 4π − 2 ln(cosh 1.5 − z sinh 1.5).
  private func dipoleLogDensity(_ z: Double) -> Double {
    let (cosh, sinh) = (
      0.5 * (exponential(1.5) + exponential(-1.5)), 0.5 * (exponential(1.5) - exponential(-1.5))
    )
    return -logarithm(4 * .pi) - 2 * logarithm(cosh - z * sinh)
  }

  @Test("log p by the flow is the closed form of a flow of the sphere, exact and probed")
  func closedForm() {
    let x = Sphere().points(60, seed: 1)
    let base = UniformBase(on: Sphere())
    let expected = (0..<60).map { dipoleLogDensity(x[2, $0]) }
    var fixed = LogLikelihood(Self.dipole, of: x, source: base, .rk4, control: .fixed(steps: 80))
    fixed.finish()
    for (a, b) in zip(fixed.values ?? [], expected) { #expect(abs(a - b) < 1e-6) }
    #expect(fixed.values?.count == 60)
    let bounded = BoundedLikelihood(Self.dipole, of: x, source: base)
    for (j, value) in bounded.values.enumerated() {
      #expect(abs(value - expected[j]) < 1e-3 && bounded.errors[j] < 1e-3)
    }
    // Hutchinson's estimate has that mean.
    let many = Batch(
      dimension: 3, values: (0..<3).flatMap { i in [Double](repeating: x[i, 0], count: 4000) })
    var probed = LogLikelihood(
      Self.dipole, of: many, source: base, .rk4, control: .fixed(steps: 10),
      divergence: .gaussian, random: Random(seed: 2))
    probed.finish()
    // P·0·P has no trace: the projection's part, which is exact, is all of it here.
    for value in probed.values ?? [] { #expect(abs(value - expected[0]) < 1e-3) }
  }

  @Test("probed likelihoods have the exact one as their mean")
  func hutchinson() {
    let field = AmbientField(
      matrix: [1, 2, -0.5, 0.3, 0, 1, 0.7, -2, 0.4], offset: [0.2, -0.4, 1]
    ).onSphere
    let base = UniformBase(on: Sphere())
    let x = Sphere().points(1, seed: 3)
    var exact = LogLikelihood(field, of: x, source: base, .rk4, control: .fixed(steps: 20))
    exact.finish()
    for method in [DivergenceMethod.rademacher, .gaussian] {
      let many = Batch(
        dimension: 3, values: (0..<3).flatMap { [Double](repeating: x[$0, 0], count: 4000) })
      var probed = LogLikelihood(
        field, of: many, source: base, .rk4, control: .fixed(steps: 20), divergence: method,
        random: Random(seed: 4))
      probed.finish()
      expectMean(of: probed.values ?? [], exact.values?[0] ?? .nan)
    }
  }

  @Test("log p of the exact field to a mixture on the torus is the mixture's own")
  func exactField() throws {
    let dataset = DatasetCatalog.torusMixture
    let field = try #require(dataset.geodesicField)
    var random = Random(seed: 5)
    let draws = dataset.distribution.sample(count: 40, using: &random)
    let known = BoundedLikelihood(
      field, of: draws, source: UniformBase(on: Torus()), within: 1e-4)
    for (a, b) in zip(known.values, try #require(dataset.logDensity(draws))) {
      #expect(abs(a - b) < 1e-3)
    }
  }

  @Test("a model's density integrates to 1 over its space")
  func unitMass() throws {
    var random = Random(seed: 6)
    let shape = MLPShape(
      dimension: Sphere().inputs, outputs: 3, widths: [32, 32], activation: .silu)
    var weights = MLPWeights(shape: shape, using: &random)
    for k in weights.values.indices { weights.values[k] *= 1.25 }
    let network = EmbeddedField(MLP(weights), on: Sphere())
    let mixture = try #require(DatasetCatalog.torusMixture.geodesicField)
    let cases: [(any DivergenceField, any Space)] = [
      (network, Sphere()), (Self.dipole, Sphere()), (mixture, Torus()),
    ]
    for (field, space) in cases {
      var density = SpaceDensity(
        field, source: UniformBase(on: space), on: space, resolution: 24,
        control: .fixed(steps: 16))
      density.finish()
      let integral = try #require(density.integral)
      #expect(abs(integral - 1) < 1e-3, "\(space.name): \(integral)")
      // And it is not 1 everywhere.
      let logs = try #require(density.logDensity)
      #expect((logs.max() ?? 0) - (logs.min() ?? 0) > 0.5)
    }
    // From a base that is not uniform too.
    var density = SpaceDensity(
      network, source: WrappedNormal(on: Sphere(), deviation: 0.5), on: Sphere(), resolution: 24,
      tolerance: 1e-4)
    while density.status == .running { _ = density.advance(budget: 10_000) }
    #expect(abs(try #require(density.integral) - 1) < 1e-3)
    #expect(density.progress == 1)
  }

  @Test("an integral notices a wrong divergence")
  func control() throws {
    // Without the projection's own part, −2x·u.
    struct Careless: DivergenceField {
      var base = SpaceLikelihoodTests.dipole
      var dimension: Int { 3 }
      var regularity: Regularity { base.regularity }
      mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
        base.evaluate(x, at: t, into: &velocity)
      }
      mutating func evaluate(
        _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
      ) {
        base.evaluate(x, at: t, into: &velocity)
        for j in divergence.indices { divergence[j] = 0 }
      }
      mutating func evaluate(
        _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch,
        divergence: inout [Double]
      ) { evaluate(x, at: t, into: &velocity, divergence: &divergence) }
    }
    var density = SpaceDensity(
      Careless(), source: WrappedNormal(on: Sphere(), deviation: 0.7), on: Sphere(), resolution: 24)
    density.finish()
    #expect(abs(try #require(density.integral) - 1) > 1e-2)
  }
}
