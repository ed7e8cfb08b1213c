import FlowMatching
import Testing

@testable import FlowViewer

/// dx/dt = x.
private struct Growth: Flow {
  let dimension = 2
  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    velocity.values = x.values
  }
  mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    velocity.values = x.values
    for j in divergence.indices { divergence[j] = 2 }
  }
  mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    velocity.values = x.values
    for j in divergence.indices {
      divergence[j] = probes[0, j] * probes[0, j] + probes[1, j] * probes[1, j]
    }
  }
}

@Suite("One solve and its look-ups")
struct SolveTests {
  private func solve(
    _ settings: LaneSettings, count: Int = 3, memoryLimit: Int = 1 << 20
  ) -> Solve {
    var noise = Batch(dimension: 2, count: count)
    for i in noise.values.indices { noise.values[i] = 1 + 0.5 * Double(i % 7) }
    return Solve(
      Growth(), weightsStep: 0, settings: settings, noise: noise, memoryLimit: memoryLimit)
  }

  private func finished(
    _ settings: LaneSettings, count: Int = 3, memoryLimit: Int = 1 << 20
  ) -> Solve {
    var solve = solve(settings, count: count, memoryLimit: memoryLimit)
    var budget = Int.max
    solve.advance(to: 1, budget: &budget)
    return solve
  }

  @Test("A new solve knows nothing, not even t = 0")
  func nothing() {
    let solve = solve(LaneSettings(.midpoint, steps: 4))
    #expect(!solve.knows(0) && !solve.isOver && solve.frontier == 0)
    #expect(solve.knot(after: 0) == nil && solve.knot(before: 1) == nil)
    #expect(solve.evaluations(at: 1) == 0 && solve.time(forEvaluations: 9) == 0)
    #expect(solve.totalEvaluations == 8)
  }

  @Test("Knots are found strictly after and strictly before a time")
  func knots() {
    let solve = finished(LaneSettings(.midpoint, steps: 4))
    #expect(solve.knot(after: 0) == 0.25)
    #expect(solve.knot(after: 0.25) == 0.5)
    #expect(solve.knot(after: 0.3) == 0.5)
    #expect(solve.knot(after: 1) == nil)
    #expect(solve.knot(before: 1) == 0.75)
    #expect(solve.knot(before: 0.3) == 0.25)
    #expect(solve.knot(before: 0.25) == 0)
    #expect(solve.knot(before: 0) == nil)
  }

  @Test("Evaluations at a time are those of the knot that closes its step")
  func evaluations() {
    let solve = finished(LaneSettings(.midpoint, steps: 4))
    #expect([0, 0.1, 0.25, 0.26, 0.5, 1].map { solve.evaluations(at: $0) } == [0, 2, 2, 4, 4, 8])
    #expect([0, 0.1, 0.25, 0.6, 1].map { solve.steps(at: $0) } == [0, 1, 1, 3, 4])
    #expect(solve.totalEvaluations == 8)
  }

  @Test("The time for a number of evaluations is the last knot that costs no more")
  func times() {
    let solve = finished(LaneSettings(.midpoint, steps: 4))
    #expect(
      [0, 1, 2, 3, 7, 8, 99].map { solve.time(forEvaluations: $0) }
        == [0, 0, 0.25, 0.25, 0.75, 1, 1])
    for tableau in ButcherTableau.all {
      let solve = finished(LaneSettings(tableau, steps: 6))
      for limit in 0...40 {
        let t = solve.time(forEvaluations: limit)
        #expect(t == 0 || solve.evaluations(at: t) <= limit)
        if let next = solve.knot(after: t) { #expect(solve.evaluations(at: next) > limit) }
      }
    }
  }

  @Test("A solve goes no further than it is asked, and one step beyond when stepping")
  func frontier() {
    var solve = solve(LaneSettings(.rk4, steps: 10))
    var budget = Int.max
    solve.advance(to: 0.35, budget: &budget)
    #expect(abs(solve.frontier - 0.4) < 1e-12 && solve.knows(0.35) && !solve.knows(0.5))
    solve.advance(beyond: 0.4, budget: &budget)
    #expect(abs(solve.frontier - 0.5) < 1e-12)
    budget = 0
    solve.advance(to: 1, budget: &budget)
    #expect(abs(solve.frontier - 0.5) < 1e-12)
  }

  @Test("Slices of any size end in the same positions, to the bit")
  func slices() {
    let settings = LaneSettings(.dormandPrince, toleranceExponent: -6)
    let whole = finished(settings, count: 5000)
    var sliced = solve(settings, count: 5000)
    while !sliced.isOver {
      var budget = 1
      sliced.advance(to: 1, budget: &budget)
    }
    var a = Batch(dimension: 2, count: 5000)
    var b = a
    for t in [0, 0.123, 0.5, 1] {
      whole.trajectory.position(at: t, into: &a)
      sliced.trajectory.position(at: t, into: &b)
      #expect(a == b)
    }
    // x(1) = e x(0), to the tolerance and the Float32 of the knots.
    whole.trajectory.position(at: 1, into: &a)
    #expect(abs(a.values[0] - 2.718281828459045) < 1e-5)
  }

  @Test("With knots dropped for want of memory steps and ends are still told right")
  func thinned() {
    let settings = LaneSettings(.euler, steps: 64)
    let limit = 10 * 16 * 1000
    let full = finished(settings, count: 1000, memoryLimit: 1 << 30)
    let thin = finished(settings, count: 1000, memoryLimit: limit)
    #expect(thin.trajectory.isThinned && !full.trajectory.isThinned)
    #expect(thin.trajectory.bytes <= limit && thin.trajectory.times.count >= 5)
    for t in [0, 0.1, 0.5, 0.77, 1] { #expect(thin.steps(at: t) == full.steps(at: t)) }
    #expect(thin.evaluations(at: 1) == 64)
    var a = Batch(dimension: 2, count: 1000)
    var b = a
    thin.trajectory.position(at: 1, into: &a)
    full.trajectory.position(at: 1, into: &b)
    #expect(a == b)
  }
}
