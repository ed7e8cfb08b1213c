import FlowMatching

extension Benchmark {
  /// flow_matching's notebook network on two cores, by the clock on the wall.
  static let trainWideTwo = onTwoThreads(
    "train-wide-two", "the wide network with its batch split over two threads", steps: 12
  ) {
    var experiment = Experiment()
    experiment.activation = .silu
    experiment.widths = [512, 512, 512, 512]
    experiment.batch = 4096
    experiment.dataset = "checkerboard"
    return (experiment, try DatasetCatalog.named("checkerboard"))
  }

  /// OT-CFM on two cores, by the clock on the wall: batches are paired ahead of the step.
  static let trainOTTwo = onTwoThreads(
    "train-ot-two", "OT-CFM as above, with batches paired ahead on a second thread", steps: 960
  ) {
    var experiment = Experiment()
    experiment.activation = .selu
    experiment.widths = [64, 64, 64]
    experiment.source = "8gaussians-torchcfm"
    experiment.coupling = .optimalTransport
    return (experiment, tutorialMoons)
  }

  private static func onTwoThreads(
    _ name: String, _ summary: String, steps: Int,
    _ problem: @escaping @Sendable () throws -> (Experiment, Dataset)
  ) -> Benchmark {
    Benchmark(name: name, summary: summary) { settings in
      let (experiment, dataset) = try problem()
      var trainer = Trainer(experiment, dataset: dataset, threads: 2)
      let steps = settings.isQuick ? steps / 4 : steps
      for _ in 0..<steps / 4 { trainer.step() }
      let rates = (0..<settings.repeats).map { _ in
        let start = Stopwatch.wallSeconds
        for _ in 0..<steps { trainer.step() }
        return Double(steps) / (Stopwatch.wallSeconds - start)
      }
      return [Figure(name, Spread(rates), unit: "steps/s", clock: .wall)]
    }
  }
}
