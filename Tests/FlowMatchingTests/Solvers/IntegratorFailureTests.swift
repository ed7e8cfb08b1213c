import Testing

@testable import FlowMatching

@Suite struct IntegratorFailureTests {
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
}
