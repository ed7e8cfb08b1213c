import FlowMatching

extension Benchmark {
  /// The exact assignment between fresh clouds: torchcfm's eight Gaussians and two moons.
  static func assignment(count: Int) -> Benchmark {
    let name = "assignment-\(count)"
    return Benchmark(name: name, summary: "exact assignment of \(count) points") { settings in
      var random = Random(seed: 0)
      let source = try DatasetCatalog.named("8gaussians-torchcfm").distribution
      let target = tutorialMoons.distribution
      // Clouds differ in how hard they are: a repeat is the mean over several where they are small.
      let clouds = max(1, (settings.isQuick ? 1024 : 4096) / count)
      func repetition() -> Double {
        var seconds = 0.0
        for _ in 0..<clouds {
          let a = source.sample(count: count, using: &random)
          let b = target.sample(count: count, using: &random)
          seconds += Stopwatch.time { _ = OptimalTransport.assignment(from: a, to: b) }
        }
        return seconds * 1e3 / Double(clouds)
      }
      _ = repetition()
      return [
        // As if every pair were looked at once, by two multiply-adds.
        Figure(
          name, Spread((0..<settings.repeats).map { _ in repetition() }), unit: "ms",
          operations: 4 * Double(count * count))
      ]
    }
  }
}
