import Testing

@testable import FlowMatching

@Suite struct AdaptiveStepTests {
  /// A resting state, then a sharp push at t = ½.
  static let push = FormulaField(dimension: 1) { x, t in
    [100 * exponential(-1000 * (t - 0.5) * (t - 0.5)) - x[0]]
  }

  @Test("Dormand–Prince: NFE is 1 + 6 attempts in fixed steps, one more in adaptive ones")
  func reusedStages() {
    var field: any VelocityField = KnownProblem.rotation.field
    var fixed = Integrator(
      .dormandPrince, control: .fixed(steps: 5), from: Batch(points: [[1, 0]]))
    fixed.finish(&field)
    #expect(fixed.evaluations == 31 && (field as! FormulaField).evaluations == 31)

    var sharp: any VelocityField = FormulaField(dimension: 1) { x, t in
      [100 * exponential(-1000 * (t - 0.5) * (t - 0.5)) - x[0]]
    }
    var adaptive = Integrator(
      .dormandPrince, control: .adaptive(relative: 1e-8, absolute: 1e-8),
      from: Batch(points: [[0]]))
    adaptive.finish(&sharp)
    let rejected = adaptive.attempts.filter { !$0.accepted }.count
    #expect(adaptive.status == .finished && rejected > 0)
    #expect(adaptive.attempts.count == adaptive.stepsAccepted + rejected)
    #expect(adaptive.evaluations == 2 + 6 * adaptive.attempts.count)
    #expect((sharp as! FormulaField).evaluations == adaptive.evaluations)
    // Each attempt begins where the accepted ones have led.
    var t = 0.0
    for attempt in adaptive.attempts {
      #expect(attempt.t == t)
      if attempt.accepted { t = attempt.t + attempt.h }
    }
    #expect(abs(t - 1) < 1e-14)
  }

  @Test("adaptive steps meet their tolerance, and a tighter one costs more", arguments: [0, 1, 2])
  func tolerance(index: Int) {
    let problem = KnownProblem.all[index]
    var costs: [Int] = []
    for tolerance in [1e-4, 1e-7, 1e-10] {
      var field: any VelocityField = problem.field
      var integrator = Integrator(
        .dormandPrince, control: .adaptive(relative: tolerance, absolute: tolerance),
        from: Batch(points: [problem.start]), end: problem.end)
      integrator.finish(&field)
      let error = distance(integrator.knot.x.point(0), problem.solution(problem.end))
      #expect(error < 20 * tolerance, "\(problem.name): \(error) at \(tolerance)")
      #expect(error > 1e-4 * tolerance, "\(problem.name): wasted work")
      costs.append(integrator.evaluations)
    }
    #expect(costs[0] < costs[1] && costs[1] < costs[2])
  }

  @Test(
    "steps accepted and rejected, evaluations and result are those of SciPy 1.17's solve_ivp",
    arguments: [
      ("bosh3", 1e-4, 49, 13, 188, 3.400180184542043),
      ("bosh3", 1e-6, 170, 16, 560, 3.40044750340432),
      ("dopri5", 1e-8, 55, 15, 422, 3.4004490334864053),
      ("dop853", 1e-4, 15, 5, 242, 3.400389932034991),
      ("dop853", 1e-6, 18, 6, 290, 3.40045189936765),
      ("dop853", 1e-8, 30, 8, 458, 3.4004490232863427),
    ])
  func scipy(
    name: String, tolerance: Double, accepted: Int, rejected: Int, calls: Int, value: Double
  ) throws {
    // solve_ivp(lambda t, x: 100*exp(-1000*(t-.5)**2) - x, (0, 1), [0], RK23 | RK45 | DOP853).
    var field: any VelocityField = Self.push
    var integrator = Integrator(
      try .named(name), control: .adaptive(relative: tolerance, absolute: tolerance),
      from: Batch(points: [[0]]))
    integrator.finish(&field)
    #expect(integrator.stepsAccepted == accepted && integrator.stepsRejected == rejected)
    #expect((field as! FormulaField).evaluations == calls)
    #expect(abs(integrator.knot.x[0, 0] - value) < 1e-9)
  }

  @Test(
    "NFE is the number of calls really made, but for the velocity at the last knot",
    arguments: ButcherTableau.all.filter(\.hasErrorEstimate))
  func calls(tableau: ButcherTableau) {
    var field: any VelocityField = Self.push
    var integrator = Integrator(
      tableau, control: .adaptive(relative: 1e-7, absolute: 1e-7),
      from: Batch(points: [[0]]))
    integrator.finish(&field)
    let made = (field as! FormulaField).evaluations
    #expect(integrator.status == .finished && integrator.stepsRejected > 0)
    #expect(integrator.evaluations == made - (tableau.isFirstSameAsLast ? 0 : 1))
    #expect(made == 2 + tableau.evaluationsPerStep * integrator.attempts.count)
    #expect(abs(integrator.knot.x[0, 0] - 3.40044903) < 1e-5)
  }

  @Test(
    "every pair meets its tolerance, both ways",
    arguments: ButcherTableau.all.filter(\.hasErrorEstimate))
  func pairs(tableau: ButcherTableau) {
    for problem in KnownProblem.all {
      for (from, to) in [(0, problem.end), (problem.end, 0)] {
        var field: any VelocityField = problem.field
        let end = Integrator.solve(
          &field, tableau, control: .adaptive(relative: 1e-7, absolute: 1e-7),
          from: Batch(points: [problem.solution(from)]), start: from, end: to)
        #expect(end.t == to)
        let error = distance(end.x.point(0), problem.solution(to))
        #expect(error < 1e-5, "\(problem.name): \(error)")
      }
    }
  }
}
