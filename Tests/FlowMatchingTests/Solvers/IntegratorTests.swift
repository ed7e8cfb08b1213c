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

  @Test("a field that is NaN from some time on fails there, with the last good state kept")
  func notANumber() {
    for (tableau, control) in [
      (ButcherTableau.euler, StepControl.fixed(steps: 10)),
      (.dormandPrince, .adaptive(relative: 1e-6, absolute: 1e-6)),
    ] {
      var field: any VelocityField = FormulaField(dimension: 1) { x, t in
        [t > 0.55 ? .nan : x[0]]
      }
      var integrator = Integrator(tableau, control: control, from: Batch(points: [[1], [2]]))
      integrator.finish(&field)
      guard case .failed(.notFinite(let t)) = integrator.status else {
        Issue.record("\(tableau.name): \(integrator.status)")
        continue
      }
      #expect(t > 0.4 && t <= 0.55)
      #expect(integrator.knot.t == t && integrator.knot.x.isFinite)
      #expect(integrator.advance(&field, budget: 100) == 0)
    }
  }

  @Test("a field that is NaN from the start fails at once")
  func notANumberAtOnce() {
    var field: any VelocityField = FormulaField(dimension: 1) { _, _ in [.nan] }
    var integrator = Integrator(.rk4, control: .fixed(steps: 4), from: Batch(points: [[1]]))
    integrator.finish(&field)
    #expect(integrator.status == .failed(.notFinite(0)))
  }

  @Test("a point that is lost is marked and does not stop or change the others")
  func lostPoint() {
    var field: any VelocityField = FormulaField(dimension: 1) { x, _ in
      [x[0] > 5 ? .nan : x[0]]
    }
    let x0 = Batch(points: [[1], [4], [0.5]])
    var integrator = Integrator(.rk4, control: .fixed(steps: 8), from: x0)
    integrator.finish(&field)
    #expect(integrator.status == .finished)
    #expect(integrator.lost == [false, true, false] && integrator.lostCount == 1)
    let alone = Integrator.solve(
      &field, .rk4, control: .fixed(steps: 8), from: Batch(points: [[1], [0.5]]))
    #expect(integrator.knot.x[0, 0] == alone.x[0, 0] && integrator.knot.x[0, 2] == alone.x[0, 1])

    // Lost from the start, it counts in no norm: the others' steps are their own.
    let control = StepControl.adaptive(relative: 1e-6, absolute: 1e-6)
    var mixed = Integrator(.dormandPrince, control: control, from: Batch(points: [[9], [1]]))
    mixed.finish(&field)
    var single = Integrator(.dormandPrince, control: control, from: Batch(points: [[1]]))
    single.finish(&field)
    #expect(mixed.status == .finished && mixed.attempts == single.attempts)
    #expect(mixed.knot.x[0, 1] == single.knot.x[0, 0])
  }

  @Test("a solution that blows up makes the step too small, where it blows up")
  func blowUp() {
    // y′ = y², y(0) = 2 has a pole at t = ½.
    var field: any VelocityField = FormulaField(dimension: 1) { x, _ in [x[0] * x[0]] }
    var integrator = Integrator(
      .dormandPrince, control: .adaptive(relative: 1e-8, absolute: 1e-8),
      from: Batch(points: [[2]]))
    integrator.finish(&field)
    guard case .failed(let failure) = integrator.status else {
      Issue.record("a pole was integrated over: \(integrator.status)")
      return
    }
    #expect(abs(integrator.knot.t - 0.5) < 1e-6, "\(failure)")
  }

  @Test("a jump in the field needs a step below the resolution of time when nothing is tolerated")
  func stepTooSmall() {
    var field: any VelocityField = FormulaField(dimension: 1) { _, t in [t < 0.3 ? 0 : 1e14] }
    var integrator = Integrator(
      .dormandPrince, control: .adaptive(relative: 0, absolute: 1e-9),
      from: Batch(points: [[0]]))
    integrator.finish(&field)
    guard case .failed(.stepTooSmall(let t)) = integrator.status else {
      Issue.record("\(integrator.status)")
      return
    }
    #expect(abs(t - 0.3) < 1e-9)
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
