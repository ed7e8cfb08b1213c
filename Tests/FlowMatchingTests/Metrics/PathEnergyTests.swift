import FlowMatching
import Testing

@Suite struct PathEnergyTests {
  private func noise(_ count: Int) -> Batch {
    var random = Random(seed: 21)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  private func measure(
    _ field: any VelocityField, _ x0: Batch, _ tableau: ButcherTableau = .rk4, steps: Int = 50
  ) -> PathEnergy {
    var energy = PathEnergy(field, from: x0, tableau, control: .fixed(steps: steps))
    energy.finish()
    return energy
  }

  @Test("a constant velocity: energy |m|², straightness 0, NPE 0, and the mean arrives at m")
  func constant() throws {
    let field = FormulaField(dimension: 2) { _, _ in [3, -4] }
    let energy = measure(field, noise(20), .euler, steps: 1)
    #expect(try #require(energy.pathEnergy).mean == 25 && energy.evaluations == 1)
    #expect(abs(try #require(energy.straightness).mean) < 1e-13)
    #expect(energy.normalised(squaredW2: 25)?.mean == 0)
    #expect(energy.normalised(squaredW2: 20)?.mean == 0.25)
  }

  @Test("a turn by θ: energy θ²|x|², straightness (θ² − 4 sin²(θ/2))|x|²")
  func turn() throws {
    let angle = 1.3
    let field = FormulaField(dimension: 2) { x, _ in [-angle * x[1], angle * x[0]] }
    let x0 = noise(30)
    let energy = measure(field, x0, .dop853, steps: 20)
    let square = x0.values.reduce(0) { $0 + $1 * $1 } / 30
    #expect(abs(try #require(energy.pathEnergy).mean - angle * angle * square) < 1e-12)
    let detour = (angle * angle - 4 * sine(angle / 2) * sine(angle / 2)) * square
    #expect(abs(try #require(energy.straightness).mean - detour) < 1e-12)
    let end = try #require(energy.end)
    let expected = [
      cosine(angle) * x0[0, 5] - sine(angle) * x0[1, 5],
      sine(angle) * x0[0, 5] + cosine(angle) * x0[1, 5],
    ]
    #expect(distance(end.point(5), expected) < 1e-12)
  }

  @Test("N(0, I) → N(m, s²I): energy |m|² + 2(s − 1)m·x + (1 + s² − πs/2)|x|² of each particle")
  func gaussian() throws {
    let (m, s) = ([1.0, -2], 0.5)
    let field = MarginalField(
      target: GaussianMixture(weights: [1], means: [m], standardDeviation: s))
    let x0 = noise(40)
    let energies = try #require(measure(field, x0, .rk4, steps: 400).energies)
    for j in 0..<40 {
      let x = x0.point(j)
      let product = 2 * (s - 1) * (m[0] * x[0] + m[1] * x[1])
      let expected =
        5 + product + (1 + s * s - .pi * s / 2) * (x[0] * x[0] + x[1] * x[1])
      #expect(abs(energies[j] - expected) < 1e-8)
    }
  }

  @Test(
    "NPE of a shrinking by s is 0, its error √2 s/(1 − s)·sd(|x|²)/(√n mean |x|²), by the duals")
  func errorOfNormalised() throws {
    // It is the optimal transport: e = (1 − s)²|x|², and up to constants f = (1 − s)|x|² and
    // g = −s(1 − s)|x|², so that both ends bring the same error.
    let s = 0.5
    let field = FormulaField(dimension: 2) { x, t in x.map { (s - 1) * $0 / (1 - (1 - s) * t) } }
    let x0 = noise(600)
    var target = x0
    for k in target.values.indices { target.values[k] *= s }
    let npe = try #require(measure(field, x0, .rk4, steps: 30).normalised(to: target))
    #expect(npe.mean < 1e-6)
    let squares = (0..<600).map { x0[0, $0] * x0[0, $0] + x0[1, $0] * x0[1, $0] }
    let square = Estimate(of: squares)
    let expected = 2.0.squareRoot() * s / (1 - s) * square.standardError / square.mean
    // The duals of 600 points are the potentials nearly.
    #expect(abs(npe.standardError / expected - 1) < 0.1, "\(npe), \(expected)")
  }

  @Test("slices change nothing, and a particle that is lost leaves no number that looks sound")
  func slices() throws {
    let field = MarginalField(
      target: .eightGaussians(radius: 2, standardDeviation: 0.2))
    let whole = measure(field, noise(5000), .midpoint, steps: 3)
    var slices = PathEnergy(field, from: noise(5000), .midpoint, control: .fixed(steps: 3))
    var calls = 0
    while slices.status == .running {
      #expect(slices.pathEnergy == nil)
      _ = slices.advance(budget: 3000)
      calls += 1
    }
    #expect(calls > 5 && slices.pathEnergy == whole.pathEnergy && slices.progress == 1)
    let bad = FormulaField(dimension: 2) { x, _ in [x[0] > 0 ? .nan : 1, 0] }
    #expect(try #require(measure(bad, noise(10)).pathEnergy).mean.isNaN)
  }

  @Test("eight Gaussians: the exact flow's energy is the marginal kinetic energy 2.22")
  func marginal() throws {
    let field = MarginalField(
      target: .eightGaussians(radius: 2, standardDeviation: 0.2))
    expectMean(of: try #require(measure(field, noise(4000)).energies), 2.2207)
  }
}
