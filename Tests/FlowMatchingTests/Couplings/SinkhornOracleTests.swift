import Testing

@testable import FlowMatching

/// Entropic plans of ten points of which one lies apart, against POT's `ot.sinkhorn` in the log domain
/// run to 1e-14: what an iteration that stops early gets wrong is the share of the one.
@Suite("Entropic transport against POT")
struct SinkhornOracleTests {
  /// (sin j, cos 2j), and nine points near (3, 0) with one near (−3, 0), times `scale`.
  private static func clouds(_ scale: Double) -> (Batch, Batch) {
    let index = (1...10).map(Double.init)
    return (
      Batch(points: index.map { [scale * sine($0), scale * cosine(2 * $0)] }),
      Batch(
        points: index.map {
          [scale * ($0 < 10 ? 3 + 0.2 * sine(3 * $0) : -3), scale * 0.2 * cosine(5 * $0)]
        })
    )
  }

  /// Expects sums of 1/10 in every row and column, to 1e-6 of them.
  private func expectMarginals(_ plan: Sinkhorn) {
    for i in 0..<10 {
      let row = (0..<10).reduce(0) { $0 + plan.share(i, $1) }
      let column = (0..<10).reduce(0) { $0 + plan.share($1, i) }
      #expect(abs(row - 0.1) < 1e-7 && abs(column - 0.1) < 1e-7, "\(i): \(row), \(column)")
    }
  }

  @Test(
    "marginals to 1e-6, the cost and the plan to 1e-5, whatever the unit of length",
    arguments: [1e-3, 1, 1e6])
  func plan(scale: Double) {
    let (a, b) = Self.clouds(scale)
    var plan = Sinkhorn(
      regularisation: 0.2 * scale * scale, tolerance: 1e-8, iterationLimit: 50_000)
    plan.solve(a, b)
    expectMarginals(plan)
    #expect(abs(plan.cost(a, b) / (scale * scale) - 7.914_827_051) < 1e-6)
    // The rows of the fourth and the fifth point, which share the one on the left.
    for (i, row) in [(3, Self.fourth), (4, Self.fifth)] {
      for (j, expected) in row.enumerated() {
        #expect(abs(plan.share(i, j) - expected) < 1e-6, "\(i), \(j)")
      }
    }
  }

  @Test("the same where a plain iteration takes 27 000 steps, ε = 1/120 of the mean cost")
  func small() {
    let (a, b) = Self.clouds(1)
    var plan = Sinkhorn(regularisation: 0.1, tolerance: 1e-7, iterationLimit: 200_000)
    plan.solve(a, b)
    expectMarginals(plan)
    #expect(abs(plan.cost(a, b) - 7.867_510_655) < 1e-5)
    #expect(abs(plan.share(0, 0) - 0.007_803_482) < 1e-6)
  }

  private static let fourth = [
    0.004_381_634_839, 0.016_408_165_659, 0.002_543_927_177, 0.011_283_182_544, 0.000_646_713_165,
    0.019_779_295_253, 0.000_591_336_856, 0.043_088_655_429, 0.000_553_150_123, 0.000_723_938_956,
  ]
  private static let fifth = [
    0.000_007_899_836, 0.000_166_432_559, 0.000_017_476_472, 0.000_022_513_121, 0.000_000_355_681,
    0.000_061_202_962, 0.000_004_178_345, 0.000_443_376_537, 0.000_000_512_997, 0.099_276_051_491,
  ]
}
