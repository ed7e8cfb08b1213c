import Testing

@testable import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Steps between a field's kinks in time")
struct KinkTests {
  /// u = |t − 0.3|·100 from 0.3 on, else 0: one corner, which a step over it takes for smooth.
  private struct Corner: VelocityField {
    let dimension = 1
    var regularity: Regularity { Regularity(kinks: [0.3]) }
    var times: [Double] = []

    mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
      for j in 0..<x.count { velocity.values[j] = max(0, t[j] - 0.3) * 100 }
      times.append(contentsOf: (0..<x.count).map { t[$0] })
    }
  }

  /// ∫ from 0.3 to 1 of 100(t − 0.3).
  private static let exact = 100 * 0.7 * 0.7 / 2

  @Test("fixed steps meet the kink to the bit and are exact for a field of two straight lines")
  func fixed() {
    for (start, end) in [(0.0, 1.0), (1.0, 0.0)] {
      var field: any VelocityField = Corner()
      var solve = Integrator(
        .midpoint, control: .fixed(steps: 5), from: Batch(points: [[0]]), start: start, end: end)
      solve.finish(&field)
      #expect(abs(abs(solve.knot.x[0, 0]) - Self.exact) < 1e-12)
      #expect(solve.stepsAccepted == 5 && solve.evaluations == 10)
      let ends = solve.attempts.map { $0.t + $0.h }
      #expect(ends.contains { abs($0 - 0.3) < 1e-15 })
    }
  }

  @Test("adaptive steps, shared and of each particle, meet the kink and need no small steps there")
  func adaptive() {
    for (start, end) in [(0.0, 1.0), (1.0, 0.0)] {
      var field: any VelocityField = Corner()
      var solve = Integrator(
        .dormandPrince, control: .adaptive(relative: 1e-10, absolute: 1e-10),
        from: Batch(points: [[0]]), start: start, end: end)
      solve.finish(&field)
      #expect(abs(abs(solve.knot.x[0, 0]) - Self.exact) < 1e-9)
      #expect(solve.attempts.count < 25)
      var own = ParticleIntegrator(
        Corner(), .dormandPrince, relative: 1e-10, absolute: 1e-10,
        from: Batch(points: [[0], [1]]),
        start: start, end: end)
      own.finish()
      #expect(abs(abs(own.x[0, 0]) - Self.exact) < 1e-9)
      #expect(own.stepsAccepted[1] + own.stepsRejected[1] < 25)
    }
  }

  @Test("pieces share the fixed steps by their length, each has one, and too few steps go over")
  func shares() {
    let times = StepTimes(from: 0, to: 1, kinks: [0.99, 0.01], steps: 20)
    #expect((1...20).map { times.time(ofStep: $0) }.first == 0.01)
    #expect(times.time(ofStep: 19) == 0.99 && times.time(ofStep: 20) == 1)
    #expect(abs(times.time(ofStep: 2) - (0.01 + 0.98 / 18)) < 1e-15)
    let few = StepTimes(from: 0, to: 1, kinks: [0.99, 0.01], steps: 2)
    #expect(few.time(ofStep: 1) == 0.5 && few.stops == [1])
    let back = StepTimes(from: 1, to: 0, kinks: [0.01, 0.99, 0, 1, 2])
    #expect(back.stops == [0.99, 0.01, 0])
    #expect(back.stop(after: 1) == 0.99 && back.stop(after: 0.99) == 0.01)
    #expect(StepTimes(from: 0.5, to: 0.75, kinks: [0.25]).stops == [0.75])
  }

  @Test(
    "a converted prediction declares where its conversion stands still, and so does what wraps it")
  func declared() {
    var random = Random(seed: 4)
    let mlp = MLP(
      MLPWeights(shape: MLPShape(dimension: 2, widths: [8], activation: .silu), using: &random))
    for prediction in Prediction.allCases {
      let field = ConvertedField(mlp, predicts: prediction, scheduler: .cosine)
      let own = prediction == .velocity ? [] : [0.01, 0.99]
      #expect(field.regularity.kinks == own && DensityFlow(field).regularity.kinks == own)
      #expect(
        AddedScoreField(field, scheduler: .cosine, amount: 1, isTurned: true)
          .regularity.kinks == own)
      // Where cosine passes 0.01, conditional OT is elsewhere: t/(1 − t) = tan(0.005π).
      let moved = RescheduledField(field, from: .cosine, to: .conditionalOT).regularity.kinks
      #expect(moved.count == own.count)
      #expect(field.regularity.isRounded && !field.inDouble.regularity.isRounded)
      if let first = moved.first {
        let rho = tan(0.005 * Double.pi)
        #expect(abs(first - rho / (1 + rho)) < 1e-12)
      }
    }
  }
}
