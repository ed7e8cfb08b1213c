import FlowMatching

extension Benchmark {
  /// flow_matching's notebook network on two cores, by the clock on the wall.
  static let trainWideTwo = Benchmark(
    name: "train-wide-two", summary: "the wide network with its batch split over two threads"
  ) { settings in
    var experiment = Experiment()
    experiment.activation = .silu
    experiment.widths = [512, 512, 512, 512]
    experiment.batch = 4096
    experiment.dataset = "checkerboard"
    var trainer = Trainer(
      experiment, dataset: try DatasetCatalog.named("checkerboard"), threads: 2)
    for _ in 0..<3 { trainer.step() }
    let steps = settings.isQuick ? 3 : 12
    let rates = (0..<settings.repeats).map { _ in
      let start = Stopwatch.wallSeconds
      for _ in 0..<steps { trainer.step() }
      return Double(steps) / (Stopwatch.wallSeconds - start)
    }
    return [Figure("train-wide-two", Spread(rates), unit: "steps/s", clock: .wall)]
  }
}
