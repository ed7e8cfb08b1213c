import Testing

@testable import FlowMatching

@Suite("Solves below a field's own rounding")
struct RoundingNoiseTests {
  private static func mlp(_ activation: Activation = .silu) -> MLP {
    var random = Random(seed: 61)
    let shape = MLPShape(dimension: 2, widths: [32, 32], activation: activation)
    var weights = MLPWeights(shape: shape, using: &random)
    for k in weights.values.indices { weights.values[k] *= 2 }
    return MLP(weights)
  }

  private static func solve(
    _ field: some VelocityField, _ tolerance: Double, _ tableau: ButcherTableau = .dop853
  ) -> Integrator {
    var random = Random(seed: 12)
    let x0 = StandardNormal(dimension: 2).sample(count: 64, using: &random)
    var field: any VelocityField = field
    var solve = Integrator(
      tableau, control: .adaptive(relative: tolerance, absolute: tolerance), from: x0)
    solve.finish(&field)
    return solve
  }

  @Test(
    "a tolerance below Float's rounding costs little more than one above, and is said to be missed",
    arguments: [ButcherTableau.dop853, .dormandPrince, .tsitouras])
  func floor(tableau: ButcherTableau) throws {
    let exact = Self.solve(PreciseMLP(Self.mlp().weights), 1e-12).knot.x
    for tolerance in [1e-10, 1e-11, 1e-12] {
      let solve = Self.solve(Self.mlp(), tolerance, tableau)
      #expect(solve.status == .finished)
      #expect(solve.evaluations < 1500, "\(tableau.name) at \(tolerance)")
      let reached = try #require(solve.toleranceReached)
      #expect(reached > tolerance && reached < 1e-5)
      #expect(solve.knot.x.rootMeanSquareDistance(to: exact) < 1e-6)
    }
  }

  @Test("a field in Double keeps to the tolerance, and a loose one is kept in Float without a word")
  func kept() {
    for tolerance in [1e-9, 1e-11] {
      let solve = Self.solve(PreciseMLP(Self.mlp().weights), tolerance)
      #expect(solve.toleranceReached == nil && solve.roundingExcess == 1)
    }
    #expect(Self.solve(Self.mlp(), 1e-5).toleranceReached == nil)
    // A kink in x is no rounding.
    #expect(
      Self.solve(PreciseMLP(Self.mlp(.relu).weights), 1e-8, .dormandPrince).roundingExcess == 1)
  }

  @Test("the measured scatter is that of the values: a field with noise of 1e-4 has 1e-4")
  func measured() {
    var random = Random(seed: 1)
    let n = 4000
    let x = StandardNormal(dimension: 2).sample(count: n, using: &random)
    var knot = Knot(t: 0.4, x: x)
    func velocity() -> Batch {
      var noise = StandardNormal(dimension: 2).sample(count: n, using: &random)
      for k in noise.values.indices { noise.values[k] = 3 + 1e-4 * noise.values[k] }
      return noise
    }
    knot.velocity = velocity()
    let controller = StepSizeController(relative: 0, absolute: 1e-4, order: 5)
    var noise = RoundingNoise(at: knot, failed: 0.1)
    while !noise.isOver {
      noise.note(velocity(), at: knot, controller, excluding: [Bool](repeating: false, count: n))
    }
    // √Σ(b − b̂)² of Dormand–Prince.
    let gain = ButcherTableau.dormandPrince.bError!.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let ratio = noise.floor(1, .dormandPrince) / (RoundingNoise.certainty * gain)
    #expect(abs(ratio - 1) < 0.05)
  }
}
