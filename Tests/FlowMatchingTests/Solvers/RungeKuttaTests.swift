import Testing

@testable import FlowMatching

@Suite struct RungeKuttaTests {
  /// Steps at which a method's error on each problem lies between rounding (1e-11) and 1e-3.
  static let steps = [
    "euler": [20_000, 20_000, 20_000], "midpoint": [160, 160, 160], "heun": [160, 160, 160],
    "ralston": [160, 160, 160], "bosh3": [40, 40, 40], "rk4": [20, 20, 20],
    "rk4-38": [40, 40, 40], "dopri5": [40, 40, 100], "tsit5": [48, 24, 128], "dop853": [5, 5, 10],
  ]

  @Test(
    "the error falls with the order of the method", arguments: ButcherTableau.all,
    KnownProblem.all.indices)
  func order(tableau: ButcherTableau, index: Int) throws {
    // A high order shows itself only over a longer way: on the short one rounding comes first.
    let problem = tableau.order < 5 ? KnownProblem.all[index] : KnownProblem.long[index]
    let steps = try #require(Self.steps[tableau.name])[index]
    let coarse = problem.error(tableau, steps: steps)
    let fine = problem.error(tableau, steps: 2 * steps)
    #expect(coarse < 1e-3 && fine > 1e-11, "\(problem.name): \(coarse), \(fine)")
    let order = logarithm(coarse / fine) / logarithm(2)
    let slack = tableau.order < 5 ? 0.15 : 0.3
    #expect(
      abs(order - Double(tableau.order)) < slack, "\(problem.name): order \(order) at \(steps)")
  }

  @Test("Gaussian to Gaussian: midpoint shows at least order 1.8, as its theory promises 2")
  func gaussianField() {
    let target = GaussianMixture(weights: [1], means: [[1, -1]], standardDeviation: 0.5)
    var field: any VelocityField = MarginalField(target: target)
    let x0 = Batch(points: [[0.8, -1.2], [-0.3, 2], [1.7, 0.1]])
    func error(_ steps: Int) -> Double {
      let end = Integrator.solve(&field, .midpoint, control: .fixed(steps: steps), from: x0).x
      var sum = 0.0
      for j in 0..<3 {
        let exact = [1 + 0.5 * x0[0, j], -1 + 0.5 * x0[1, j]]
        sum += distance(end.point(j), exact)
      }
      return sum
    }
    #expect(logarithm(error(40) / error(80)) / logarithm(2) > 1.8)
  }

  @Test(
    "a step evaluates each stage once, takes over the first and leaves the velocity at the end",
    arguments: ButcherTableau.all)
  func stages(tableau: ButcherTableau) {
    var field = KnownProblem.rotation.field
    var stepper = RungeKutta(tableau)
    var start = Knot(t: 0.3, x: Batch(points: [[1, 0], [0, 2]]))
    field.evaluate(start.x, at: .shared(0.3), into: &start.velocity)
    var end = Knot(t: 0, x: start.x)
    var error = start.x
    for step in 1...3 {
      let before = field.calls
      stepper.step(&field, from: start, by: 0.1, to: &end, error: &error)
      #expect(field.calls - before == stepper.stages)
      #expect(abs(end.t - (0.3 + 0.1 * Double(step))) < 1e-15)
      for j in 0..<2 { #expect(end.velocity.point(j) == [-end.x[1, j], end.x[0, j]]) }
      #expect(error.values.contains { $0 != 0 } == tableau.hasErrorEstimate)
      swap(&start, &end)
    }
    #expect(stepper.order == tableau.order)
  }

  @Test(
    "the error estimate falls as hᵖ",
    arguments: ButcherTableau.all.filter(\.hasErrorEstimate))
  func estimate(tableau: ButcherTableau) {
    func size(_ h: Double) -> Double {
      var field = KnownProblem.logistic.field
      var stepper = RungeKutta(tableau)
      var start = Knot(t: 0, x: Batch(points: [[0.7]]))
      field.evaluate(start.x, at: .shared(0), into: &start.velocity)
      var end = start
      var error = start.x
      stepper.step(&field, from: start, by: h, to: &end, error: &error)
      return abs(error[0, 0])
    }
    let order = logarithm(size(0.2) / size(0.1)) / logarithm(2)
    #expect(abs(order - Double(tableau.order)) < 0.4, "\(order)")
  }
}
