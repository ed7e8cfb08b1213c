import Testing

@testable import FlowMatching

@Suite struct RungeKuttaTests {
  /// Steps at which a method's error lies between rounding (1e-11) and 1e-3.
  static let steps = ["euler": 20_000, "midpoint": 160, "heun": 160, "rk4": 20, "dopri5": 20]

  @Test(
    "the error falls with the order of the method", arguments: ButcherTableau.all,
    KnownProblem.all.indices)
  func order(tableau: ButcherTableau, index: Int) throws {
    let problem = KnownProblem.all[index]
    let steps = try #require(Self.steps[tableau.name])
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

  @Test("the error estimate is of the size of the true local error of the embedded method")
  func estimate() {
    // The estimate is O(h⁵): 32 times smaller at half the step.
    func size(_ h: Double) -> Double {
      var field = KnownProblem.logistic.field
      var stepper = RungeKutta(.dormandPrince)
      var start = Knot(t: 0, x: Batch(points: [[0.3]]))
      field.evaluate(start.x, at: .shared(0), into: &start.velocity)
      var end = start
      var error = start.x
      stepper.step(&field, from: start, by: h, to: &end, error: &error)
      return abs(error[0, 0])
    }
    #expect(abs(logarithm(size(0.4) / size(0.2)) / logarithm(2) - 5) < 0.3)
  }
}
