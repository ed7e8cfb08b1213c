import FlowMatching
import Testing

@testable import FlowViewer

@Suite("Knots of solves")
struct SolveKnotTests {
  private func solve(_ settings: LaneSettings, count: Int = 64, memoryLimit: Int) -> Solve {
    var random = Random(seed: 3)
    let shape = MLPShape(dimension: 2, widths: [16, 16], activation: .silu)
    let weights = FlowWeights.velocity(MLPWeights(shape: shape, using: &random))
    let noise = StandardNormal(dimension: 2).sample(count: count, using: &random)
    var solve = Solve(
      network: Experiment().velocityField(of: weights, instructionSet: .baseline), weightsStep: 0,
      settings: settings,
      noise: noise, memoryLimit: memoryLimit)
    var budget = Int.max
    solve.advance(to: 1, budget: &budget)
    return solve
  }

  @Test("Steps, evaluations and knots are the solve's, however few knots memory has room for")
  func thinnedFigures() {
    for settings in [
      LaneSettings(.midpoint, steps: 20), LaneSettings(.dormandPrince, toleranceExponent: -9),
    ] {
      let whole = solve(settings, memoryLimit: 1 << 24)
      let thin = solve(settings, memoryLimit: 5 * 64 * 16)
      #expect(thin.isThinned && !whole.isThinned)
      for i in 0...40 {
        let t = Double(i) / 40
        #expect(thin.steps(at: t) == whole.steps(at: t))
        #expect(thin.evaluations(at: t) == whole.evaluations(at: t))
        #expect(thin.knot(after: t) == whole.knot(after: t))
        #expect(thin.knot(before: t) == whole.knot(before: t))
        #expect(thin.time(forEvaluations: i) == whole.time(forEvaluations: i))
      }
    }
  }

  @Test("Work units of wide networks are small, and nothing depends on their size")
  func chunks() {
    func shape(_ widths: [Int]) -> MLPShape {
      MLPShape(dimension: 2, widths: widths, activation: .silu)
    }
    #expect(Solve.chunkSize(for: shape([64, 64, 64])) == Integrator.largestChunk)
    #expect(Solve.chunkSize(for: shape([512, 512, 512, 512])) == 64)
    #expect(Solve.chunkSize(for: shape([4096, 4096])) == 32)
    var random = Random(seed: 1)
    let weights = MLPWeights(shape: shape([32, 32]), using: &random)
    let noise = StandardNormal(dimension: 2).sample(count: 300, using: &random)
    var ends: [Batch] = []
    for size in [32, 64, 2048] {
      var field: any VelocityField = MLP(weights)
      var integrator = Integrator(
        .dormandPrince, control: .adaptive(relative: 1e-5, absolute: 1e-5), from: noise,
        chunkSize: size)
      integrator.finish(&field)
      ends.append(integrator.knot.x)
    }
    #expect(ends[0] == ends[1] && ends[1] == ends[2])
  }

  @Test("All trajectories together, those of a waiting successor too, stay in their memory")
  func memory() {
    var state = slowState(budget: 1 << 24, particles: 4096) {
      $0.trajectoryMemory = 1 << 22
      $0.solver = LaneSettings(.midpoint, steps: 256)
    }
    state.press("|", "|")
    for _ in 0..<6 { state.press("N", "Tab", "N", "Tab", "N", "Tab", "N", "Tab") }
    state.settle()
    let solves =
      state.lanes.ensemble.lanes + [state.lanes.ensemble.film, state.lanes.ensemble.reference!]
    // Half for what is shown, half for what may replace it.
    #expect(solves.reduce(0) { $0 + $1.trajectory.bytes } <= 1 << 21)
    #expect(state.lanes.ensemble.isThinned)
  }
}
