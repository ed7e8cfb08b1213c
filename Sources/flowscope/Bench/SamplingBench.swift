import FlowMatching

extension Benchmark {
  /// A whole solve by the midpoint rule, as `Integrator` does it in slices of cached chunks.
  static let sampleSmall = Benchmark(
    name: "sample-small", summary: "midpoint solves of 100 000 particles, 3×64 SELU"
  ) { settings in
    let (count, steps) = (100_000, settings.isQuick ? 5 : 20)
    let shape = MLPShape(dimension: 2, widths: [64, 64, 64], activation: .selu)
    var random = Random(seed: 0)
    let weights = MLPWeights(shape: shape, using: &random)
    let noise = StandardNormal(dimension: 2).sample(count: count, using: &random)
    var field: any VelocityField = MLP(weights)
    func solve(_ steps: Int) {
      let end = Integrator.solve(&field, .midpoint, control: .fixed(steps: steps), from: noise)
      precondition(end.t == 1, "the solve must come to its end")
    }
    solve(2)
    // Two evaluations a step; the velocity at the last knot, which only drawing needs, is overhead.
    let evaluations = Double(count * steps * 2)
    let rates = (0..<settings.repeats).map { _ in
      evaluations / Stopwatch.time { solve(steps) }
    }
    return [
      Figure("sample-small", Spread(rates), unit: "evaluations/s", operations: shape.operations)
    ]
  }
}
