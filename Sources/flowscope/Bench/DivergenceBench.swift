import FlowMatching

extension Benchmark {
  /// A likelihood by the midpoint rule from data back to noise, as `LogLikelihood` solves it.
  static let divergenceSmall = Benchmark(
    name: "divergence-small", summary: "values with exact divergence, 40 000 points, 3×64 SELU"
  ) { settings in
    let (count, steps) = (40_000, settings.isQuick ? 2 : 5)
    let shape = MLPShape(dimension: 2, widths: [64, 64, 64], activation: .selu)
    var random = Random(seed: 0)
    let weights = MLPWeights(shape: shape, using: &random)
    let source = StandardNormal(dimension: 2)
    let data = source.sample(count: count, using: &random)
    func solve(_ steps: Int) {
      var likelihood = LogLikelihood(
        MLP(weights), of: data, source: source, .midpoint, control: .fixed(steps: steps))
      while likelihood.status == .running { _ = likelihood.advance(budget: .max) }
      precondition(likelihood.status == .finished, "the solve must come to its end")
    }
    solve(1)
    let evaluations = Double(count * steps * 2)
    let rates = (0..<settings.repeats).map { _ in
      evaluations / Stopwatch.time { solve(steps) }
    }
    // The value and a tangent for each of the two axes go through the layers together.
    return [
      Figure(
        "divergence-small", Spread(rates), unit: "evaluations/s",
        operations: 3 * shape.operations)
    ]
  }
}
