import Testing

@testable import FlowMatching

@Suite struct IntegratorTests {
  static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)

  private func noise(_ count: Int) -> Batch {
    var random = Random(seed: 8)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  @Test("the result is the same to the bit whatever the budget", arguments: ButcherTableau.all)
  func budgets(tableau: ButcherTableau) {
    // More than two chunks, so that a step spans several calls.
    let x0 = noise(4500)
    let control: StepControl =
      tableau.hasErrorEstimate ? .adaptive(relative: 1e-3, absolute: 1e-3) : .fixed(steps: 3)
    var whole: (Knot, [StepAttempt], Int)?
    for budget in [1, 5000, 30_000, Int.max] {
      var field: any VelocityField = MarginalField(target: Self.eight)
      var integrator = Integrator(tableau, control: control, from: x0)
      var knots = 0
      var spent = 0
      while integrator.status == .running {
        let before = integrator.stepsAccepted
        spent += integrator.advance(&field, budget: budget)
        #expect(integrator.stepsAccepted - before <= 1, "a knot was passed unseen")
        knots += 1
      }
      #expect(integrator.status == .finished && integrator.knot.t == 1)
      #expect(spent >= integrator.evaluations * 4500)
      if budget == 1 { #expect(knots > 3 * integrator.stepsAccepted) }
      if let whole {
        #expect(integrator.knot == whole.0 && integrator.attempts == whole.1)
        #expect(integrator.evaluations == whole.2)
      } else {
        whole = (integrator.knot, integrator.attempts, integrator.evaluations)
      }
    }
  }

  @Test("points do not influence each other in fixed steps: chunks change nothing")
  func chunks() {
    let x0 = noise(2100)
    var field: any VelocityField = MarginalField(target: Self.eight)
    let all = Integrator.solve(&field, .heun, control: .fixed(steps: 4), from: x0)
    for range in [0..<7, 2040..<2060] {
      let part = Integrator.solve(
        &field, .heun, control: .fixed(steps: 4), from: x0.points(range))
      #expect(part.x == all.x.points(range) && part.velocity == all.velocity.points(range))
    }
  }

  @Test(
    "NFE: Euler 8 steps 8, midpoint 4 steps 8, Heun 4 steps 8, RK4 2 steps 8",
    arguments: [("euler", 8), ("midpoint", 4), ("heun", 4), ("rk4", 2)])
  func evaluations(name: String, steps: Int) throws {
    var field: any VelocityField = KnownProblem.rotation.field
    let tableau = try ButcherTableau.named(name)
    var integrator = Integrator(
      tableau, control: .fixed(steps: steps), from: Batch(points: [[1, 0]]))
    var counts: [Int] = []
    while integrator.status == .running {
      _ = integrator.advance(&field, budget: .max)
      counts.append(integrator.evaluations)
    }
    #expect(integrator.evaluations == 8)
    #expect(counts == (0...steps).map { $0 * tableau.stages })
    #expect(integrator.attempts.count == steps && integrator.stepsAccepted == steps)
    // One more than counted: the velocity at the last knot, for drawing.
    #expect((field as! FormulaField).evaluations == 9)
  }

  @Test("there and back again: RK4, 200 steps, to 1e-6; Dormand–Prince by its tolerance")
  func backwards() {
    var field: any VelocityField = MarginalField(target: Self.eight)
    let x0 = noise(200)
    for (tableau, control, limit) in [
      (ButcherTableau.rk4, StepControl.fixed(steps: 200), 1e-6),
      (.dormandPrince, .adaptive(relative: 1e-9, absolute: 1e-9), 1e-6),
    ] {
      let there = Integrator.solve(&field, tableau, control: control, from: x0)
      let back = Integrator.solve(
        &field, tableau, control: control, from: there.x, start: 1, end: 0)
      #expect(there.t == 1 && back.t == 0)
      let worst = zip(back.x.values, x0.values).map { abs($0 - $1) }.max()!
      #expect(worst < limit, "\(tableau.name): \(worst)")
    }
  }

  @Test("the flow of the exact field carries the noise to the target")
  func reachesTarget() {
    var field: any VelocityField = MarginalField(target: Self.eight)
    let end = Integrator.solve(&field, .rk4, control: .fixed(steps: 60), from: noise(3000))
    expectMean(of: Self.eight.logDensity(end.x).map { -$0 }, 1.69806)
  }

  @Test("no points, and no time to cover, are solves that end at once")
  func degenerate() {
    var field: any VelocityField = KnownProblem.rotation.field
    for tableau in [ButcherTableau.heun, .dormandPrince] {
      var empty = Integrator(
        tableau, control: .fixed(steps: 3), from: Batch(dimension: 2, count: 0))
      empty.finish(&field)
      #expect(empty.status == .finished && empty.knot.t == 1)
      var still = Integrator(
        tableau, control: .fixed(steps: 3), from: noise(3), start: 0.5, end: 0.5)
      still.finish(&field)
      #expect(still.status == .finished && still.knot.x == noise(3) && still.isKnotReady)
    }
  }
}
