import FlowMatching
import Testing

@Suite("The likelihood of a solve and its gradient")
struct SolvedLikelihoodTests {
  private static let methods = [
    ButcherTableau.euler, .midpoint, .rk4, .bogackiShampine, .dormandPrince,
  ]

  private func data(_ count: Int, seed: UInt64 = 3) -> Batch {
    var random = Random(seed: seed)
    return DatasetCatalog.moons.distribution.sample(count: count, using: &random)
  }

  private func gradient(
    _ field: NaiveField, _ tableau: ButcherTableau, steps: Int, _ data: Batch,
    probes: Batch? = nil
  ) -> [Double] {
    var (field, solve) = (field, SolvedLikelihood(tableau, steps: steps))
    var gradient = [Double](repeating: 0, count: field.network.weights.count)
    _ = solve.evaluate(&field, data: data, probes: probes)
    solve.addGradient(&field, probes: probes, to: &gradient)
    return gradient
  }

  @Test(
    "the gradient is that of finite differences to 1e-8 for any method and divergence",
    arguments: methods, [DivergenceMethod.exact, .rademacher, .gaussian])
  func finiteDifferences(tableau: ButcherTableau, method: DivergenceMethod) {
    let field = NaiveField(hidden: [4, 5], seed: 11)
    let data = data(3)
    var random = Random(seed: 5)
    let probes = method.probes(dimension: 2, count: 3, using: &random)
    let exact = gradient(field, tableau, steps: 4, data, probes: probes)
    let quotients = exact.indices.map { i in
      func value(_ shift: Double) -> Double {
        var (moved, solve) = (field, SolvedLikelihood(tableau, steps: 4))
        moved.network.weights[i] += shift
        return solve.evaluate(&moved, data: data, probes: probes)
      }
      let h = 1e-3
      return (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
    }
    #expect(relativeDifference(quotients, exact) < 1e-8)
  }

  @Test("the network in Float32 gives the gradient of the plain loops to 1e-4")
  func network() {
    var random = Random(seed: 12)
    let weights = MLPWeights(
      shape: MLPShape(dimension: 2, widths: [16, 16], activation: .silu), using: &random)
    var naive = NaiveField(hidden: [16, 16], seed: 0)
    naive.network.weights = weights.values.map(Double.init)
    let data = data(33)
    var (field, solve) = (MLP(weights), SolvedLikelihood(.euler, steps: 20))
    var fast = [Float](repeating: 0, count: weights.values.count)
    let value = solve.evaluate(&field, data: data)
    solve.addGradient(&field, to: &fast)
    var plain = SolvedLikelihood(.euler, steps: 20)
    #expect(abs(value - plain.evaluate(&naive, data: data)) < 1e-6)
    let exact = gradient(naive, .euler, steps: 20, data)
    #expect(relativeDifference(fast.map(Double.init), exact) < 1e-4)
  }

  @Test("the value is that of LogLikelihood", arguments: methods)
  func value(tableau: ButcherTableau) throws {
    let field = NaiveField(hidden: [8], seed: 13)
    let data = data(20)
    var (copy, solve) = (field, SolvedLikelihood(tableau, steps: 7))
    let mean = solve.evaluate(&copy, data: data)
    var likelihood = LogLikelihood(
      field, of: data, source: StandardNormal(dimension: 2), tableau, control: .fixed(steps: 7))
    likelihood.finish()
    let estimate = try #require(likelihood.negative)
    #expect(abs(mean - estimate.mean) < 1e-12)
  }

  @Test("the continuous adjoint is off by the solver's own error", arguments: [1, 2, 4])
  func adjoint(order: Int) {
    let tableau = [1: ButcherTableau.euler, 2: .midpoint, 4: .rk4][order]!
    var field = NaiveField(hidden: [6, 6], seed: 14)
    let data = data(8)
    func difference(_ steps: Int) -> Double {
      var solve = SolvedLikelihood(tableau, steps: steps)
      _ = solve.evaluate(&field, data: data)
      var (exact, other) = (
        [Double](repeating: 0, count: field.network.weights.count),
        [Double](repeating: 0, count: field.network.weights.count)
      )
      solve.addGradient(&field, to: &exact)
      ContinuousAdjoint(tableau, steps: steps).addGradient(
        &field, noise: solve.noise, to: &other)
      return relativeDifference(other, exact)
    }
    let (coarse, fine) = (difference(10), difference(20))
    // The relative inconsistency at 20 steps: 2.8 % with Euler, 7.6e-5 with the midpoint rule, 2e-9
    // with RK4.
    let measured = [1: 0.0284, 2: 7.6e-5, 4: 2.06e-9][order]!
    #expect(fine > 0.9 * measured && fine < 1.1 * measured)
    let ratio = coarse / fine
    #expect(ratio > 0.8 * Double(1 << order) && ratio < 1.5 * Double(1 << order))
  }
}
