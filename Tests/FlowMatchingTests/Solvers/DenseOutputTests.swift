import Testing

@testable import FlowMatching

@Suite struct DenseOutputTests {
  /// The largest error between the knots of a solve of `steps` equal steps.
  private func worst(
    _ tableau: ButcherTableau, _ problem: KnownProblem, steps: Int, backwards: Bool
  ) -> Double {
    var field: any VelocityField = problem.field
    let (from, to) = backwards ? (problem.end, 0) : (0, problem.end)
    var integrator = Integrator(
      tableau, control: .fixed(steps: steps), from: Batch(points: [problem.solution(from)]),
      start: from, end: to, isDense: true)
    _ = integrator.advance(&field, budget: .max)
    var worst = 0.0
    var point = Batch(dimension: problem.start.count, count: 1)
    while integrator.status == .running {
      let last = integrator.knot
      _ = integrator.advance(&field, budget: .max)
      let dense = DenseOutput(
        from: last, to: integrator.knot, quarticTerm: integrator.quarticTerm)
      #expect((integrator.quarticTerm != nil) == (tableau.quarticWeights != nil))
      for s in [0.0, 0.2, 0.4, 0.5, 0.7, 0.9, 1] {
        let t = s == 1 ? integrator.knot.t : last.t + s * (integrator.knot.t - last.t)
        dense.position(at: t, into: &point)
        if s == 0 { #expect(point == last.x) }
        if s == 1 { #expect(point == integrator.knot.x) }
        worst = max(worst, distance(point.point(0), problem.solution(t)))
      }
    }
    return worst
  }

  @Test(
    "dense output is exact at the knots and of order 4 between them, both ways",
    arguments: ["dopri5", "tsit5"], [false, true])
  func order(name: String, backwards: Bool) throws {
    let tableau = try ButcherTableau.named(name)
    for problem in [KnownProblem.rotation, .logistic] {
      let (coarse, fine) = (
        worst(tableau, problem, steps: 16, backwards: backwards),
        worst(tableau, problem, steps: 32, backwards: backwards)
      )
      // A fourth-order interpolant of fourth-order data has local order 5.
      let order = logarithm(coarse / fine) / logarithm(2)
      #expect(abs(order - 5) < 0.35, "\(problem.name): \(order)")
    }
  }

  @Test("methods of order 3 and 4 have the Hermite interpolant's local order 4 or less")
  func hermite() throws {
    for (name, expected) in [("bosh3", 3.0), ("rk4", 4.0), ("dop853", 4.0)] {
      let tableau = try ButcherTableau.named(name)
      let order =
        logarithm(
          worst(tableau, .rotation, steps: 32, backwards: false)
            / worst(tableau, .rotation, steps: 64, backwards: false)) / logarithm(2)
      #expect(abs(order - expected) < 0.2, "\(name): \(order)")
    }
  }

  @Test("the quartic term makes the error between knots at least 5 times smaller")
  func better() {
    let quartic = worst(.dormandPrince, .rotation, steps: 10, backwards: false)
    // DOP853 has no term of its own: its error between knots is Hermite's.
    let cubic = worst(.dop853, .rotation, steps: 10, backwards: false)
    #expect(5 * quartic < cubic, "\(quartic), \(cubic)")
  }

  @Test("terms are there for every point of every chunk, whatever the budget")
  func chunks() throws {
    var random = Random(seed: 4)
    let x0 = StandardNormal(dimension: 2).sample(count: 50, using: &random)
    var field: any VelocityField = MarginalField(
      target: .eightGaussians(radius: 2, standardDeviation: 0.2))
    func last(_ chunk: Int) -> Batch? {
      var integrator = Integrator(
        .tsitouras, control: .fixed(steps: 5), from: x0, chunkSize: chunk, isDense: true)
      while integrator.status == .running { _ = integrator.advance(&field, budget: 1) }
      return integrator.quarticTerm
    }
    let whole = try #require(last(2048))
    #expect(last(7) == whole && whole.values.allSatisfy { $0 != 0 })
    let plain = Integrator(.tsitouras, control: .fixed(steps: 5), from: x0)
    #expect(plain.quarticTerm == nil)
  }
}
