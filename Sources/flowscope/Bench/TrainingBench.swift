import FlowMatching

extension Benchmark {
  /// torchcfm's tutorial network.
  static let trainSmall = training(
    "train-small", "training, 3×64 SELU, batch 256, fresh moons", .selu,
    widths: [64, 64, 64], batch: 256, dataset: DatasetCatalog.moons, stride: 50)

  /// The default network of the viewer.
  static let trainSmallSiLU = training(
    "train-small-silu", "the same with SiLU", .silu,
    widths: [64, 64, 64], batch: 256, dataset: DatasetCatalog.moons, stride: 50)

  /// flow_matching's notebook.
  static let trainWide = training(
    "train-wide", "training, 4×512 SiLU, batch 4096, fresh checkerboard", .silu,
    widths: [512, 512, 512, 512], batch: 4096, dataset: DatasetCatalog.checkerboard, stride: 1)

  /// OT-CFM as torchcfm's tutorial trains it: every batch paired by exact optimal transport.
  static let trainOT = training(
    "train-ot", "3×64 SELU from eight Gaussians to moons by optimal transport", .selu,
    widths: [64, 64, 64], batch: 256, dataset: tutorialMoons,
    source: "8gaussians-torchcfm", coupling: .optimalTransport, stride: 10)

  /// torchcfm's two moons.
  static let tutorialMoons = Dataset(
    name: "moons-torchcfm", title: "two moons", summary: "the tutorial's",
    distribution: Moons(noise: 0.2, scale: 3, offset: SIMD2(-1, -1)), entropyFloor: nil)

  /// A flow map by mean flows, 3×64 SiLU.
  static let trainMap = besideMatching(
    "train-map", "a mean flow, 3×64 SiLU, batch 256, beside flow matching", .meanFlow)

  /// A potential by its action, 3×64 SiLU.
  static let trainAction = besideMatching(
    "train-action", "action matching, 3×64 SiLU, batch 256, beside flow matching", .action)

  /// An objective on moons, and how its speed compares with flow matching's at the same network: both are
  /// stepped in turns.
  private static func besideMatching(
    _ name: String, _ summary: String, _ objective: Objective
  ) -> Benchmark {
    Benchmark(name: name, summary: summary) { settings in
      func trainer(_ objective: Objective) -> Trainer {
        var experiment = Experiment(to: DatasetCatalog.moons)
        experiment.choose(objective)
        return Trainer(experiment, dataset: DatasetCatalog.moons)
      }
      var (own, matching) = (trainer(objective), trainer(.flowMatching))
      var (rates, shares) = ([Double](), [Double]())
      for _ in 0..<settings.repeats {
        func rate(_ step: () -> Void) -> [Double] {
          Stopwatch.rates(
            repeats: 1, duration: settings.duration, warmUp: settings.duration / 4, stride: 50,
            step)
        }
        let (first, other) = (rate { own.step() }, rate { matching.step() })
        rates += first
        shares += zip(first, other).map { 100 * $0 / $1 }
      }
      return [
        Figure(name, Spread(rates), unit: "steps/s", operations: nil),
        Figure(name + "-share", Spread(shares), unit: "% of matching"),
      ]
    }
  }

  /// The same network on the sphere, and how its speed compares with that in the plane: both are stepped
  /// in turns, so that whatever else the machine does falls on both.
  static let trainSphere = Benchmark(
    name: "train-sphere", summary: "3×64 SiLU on the sphere, batch 256, beside the plane"
  ) { settings in
    func trainer(_ dataset: Dataset) -> Trainer {
      var experiment = Experiment(to: dataset)
      experiment.widths = [64, 64, 64]
      experiment.batch = 256
      return Trainer(experiment, dataset: dataset)
    }
    var curved = trainer(DatasetCatalog.sphereMixture)
    var plane = trainer(DatasetCatalog.moons)
    var (rates, shares) = ([Double](), [Double]())
    for _ in 0..<settings.repeats {
      let rate = Stopwatch.rates(
        repeats: 1, duration: settings.duration, warmUp: settings.duration / 4, stride: 50
      ) { curved.step() }
      let other = Stopwatch.rates(
        repeats: 1, duration: settings.duration, warmUp: settings.duration / 4, stride: 50
      ) { plane.step() }
      rates += rate
      shares += zip(rate, other).map { 100 * $0 / $1 }
    }
    return [
      Figure(
        "train-sphere", Spread(rates), unit: "steps/s",
        operations: curved.experiment.shape.trainingOperations * 256),
      Figure("train-sphere-share", Spread(shares), unit: "% of the plane"),
    ]
  }

  /// flow_matching's example of discrete flow matching: 2 positions of 128 letters from uniform noise.
  static let trainTokens = Benchmark(
    name: "train-tokens",
    summary: "letters, 3×128 SiLU, batch 4096, fresh checkerboard of 128 letters"
  ) { settings in
    var experiment = Experiment(to: DatasetCatalog.tokensCheckerboard)
    experiment.source = TokenSource.uniform.rawValue
    experiment.widths = [128, 128, 128]
    experiment.batch = 4096
    var trainer = Trainer(experiment, dataset: DatasetCatalog.tokensCheckerboard)
    let rates = Stopwatch.rates(
      repeats: settings.repeats, duration: settings.duration, warmUp: settings.duration, stride: 4
    ) { trainer.step() }
    // The first layer is looked up: no product.
    let shape = experiment.shape
    let products = shape.layers.dropFirst().reduce(0) { $0 + $1.inputs * $1.outputs }
    return [
      Figure(
        "train-tokens", Spread(rates), unit: "steps/s",
        operations: 6 * Double(products * experiment.batch))
    ]
  }

  /// Whole optimiser steps as `train` takes them: draw, interpolate, forward, reverse, Adam, average.
  private static func training(
    _ name: String, _ summary: String, _ activation: Activation, widths: [Int], batch: Int,
    dataset: Dataset, source: String = Source.gaussian,
    coupling: CouplingChoice = .independent, stride: Int
  ) -> Benchmark {
    Benchmark(name: name, summary: summary) { settings in
      var experiment = Experiment()
      experiment.activation = activation
      experiment.widths = widths
      experiment.batch = batch
      experiment.source = source
      experiment.coupling = coupling
      var trainer = Trainer(experiment, dataset: dataset)
      // A wide step takes a fifth of a second: some steps a repeat, or the clock decides.
      let seconds = settings.duration * (stride == 1 ? 2.5 : 1)
      let rates = Stopwatch.rates(
        repeats: settings.repeats, duration: seconds, warmUp: seconds, stride: stride
      ) { trainer.step() }
      let operations = experiment.shape.trainingOperations * Double(batch)
      return [Figure(name, Spread(rates), unit: "steps/s", operations: operations)]
    }
  }
}
