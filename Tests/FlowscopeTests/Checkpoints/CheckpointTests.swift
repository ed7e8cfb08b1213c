import FileFormats
import FlowMatching
import Testing

@testable import flowscope

@Suite("Checkpoints")
struct CheckpointTests {
  private static func experiment() -> Experiment {
    var experiment = Experiment()
    experiment.widths = [16, 12]
    experiment.batch = 32
    experiment.steps = 1000
    experiment.seed = .max
    return experiment
  }

  private func read(_ bytes: [UInt8]) throws -> StoredRun {
    try StoredRun(Safetensors(reading: MemorySource(bytes)))
  }

  @Test("1 000 steps are 500, a save, a load and 500, bit for bit")
  func resume() throws {
    let dataset = try DatasetCatalog.named("moons")
    var experiment = CheckpointTests.experiment()
    experiment.dataset = "moons"
    var straight = Trainer(experiment, dataset: dataset)
    var first = straight
    for _ in 0..<500 { first.step() }
    let saved = try read(StoredRun.encode(first))
    #expect(saved.experiment == experiment)
    #expect(saved.step == 500)
    #expect(saved.instructionSet == .best)
    #expect(saved.weights == first.averagedWeights)
    var second = Trainer(
      try #require(saved.experiment), dataset: try #require(try saved.dataset()))
    try second.restore(try #require(saved.state))
    for _ in 0..<1000 { straight.step() }
    for _ in 0..<500 { second.step() }
    #expect(StoredRun.encode(second) == StoredRun.encode(straight))
  }

  @Test("A checkpoint before the first step holds a loss that is no number, and is read back")
  func untrained() throws {
    let trainer = Trainer(CheckpointTests.experiment(), dataset: DatasetCatalog.eightGaussians)
    let saved = try read(StoredRun.encode(trainer))
    #expect(saved.state?.lastLoss.isNaN == true)
    #expect(saved.state?.weights == trainer.state.weights)
    #expect(saved.state?.generators == trainer.state.generators)
  }

  @Test("Pairs of a reflow are part of the file, and training goes on from it bit for bit")
  func pairs() throws {
    var random = Random(seed: 1)
    let table = PairTable(
      x0: StandardNormal(dimension: 2).sample(count: 20, using: &random),
      x1: DatasetCatalog.moons.distribution.sample(count: 20, using: &random))
    var experiment = CheckpointTests.experiment()
    experiment.dataset = "moons"
    experiment.coupling = .reflow
    var trainer = Trainer(experiment, dataset: DatasetCatalog.moons.with(table))
    for _ in 0..<20 { trainer.step() }
    let saved = try read(StoredRun.encode(trainer))
    #expect(saved.pairs == table)
    var second = Trainer(experiment, dataset: try #require(try saved.dataset()))
    try second.restore(try #require(saved.state))
    for _ in 0..<20 {
      trainer.step()
      second.step()
    }
    #expect(StoredRun.encode(second) == StoredRun.encode(trainer))
    let bytes = StoredRun.encode(Trainer(CheckpointTests.experiment(), dataset: trainer.dataset))
    let text = String(decoding: bytes, as: Unicode.ASCII.self)
    #expect(text.contains("data.starts") && text.contains("data.ends"))
  }

  @Test("Points from which a flow starts are part of the file; without them it is refused")
  func givenSource() throws {
    var random = Random(seed: 1)
    let starts = DatasetCatalog.checkerboard.distribution.sample(count: 20, using: &random)
    let ends = DatasetCatalog.moons.distribution.sample(count: 20, using: &random)
    var experiment = CheckpointTests.experiment()
    experiment.dataset = "ends.npy"
    experiment.source = Source.points
    experiment.coupling = .pairs
    let dataset = Dataset(name: "ends.npy", points: ends).with(source: starts)
    var trainer = Trainer(experiment, dataset: dataset)
    for _ in 0..<20 { trainer.step() }
    let saved = try read(StoredRun.encode(trainer))
    var second = Trainer(experiment, dataset: try #require(try saved.dataset()))
    try second.restore(try #require(saved.state))
    for _ in 0..<20 {
      trainer.step()
      second.step()
    }
    #expect(StoredRun.encode(second) == StoredRun.encode(trainer))
    let bytes = StoredRun.encode(
      trainer.averagedWeights, of: experiment, step: 1, dataset: DatasetCatalog.moons,
      instructionSet: .best)
    #expect(throws: FileFailure.self) { _ = try read(bytes) }
  }

  @Test("A network of another prediction, schedule and source is sampled as what it is")
  func converted() throws {
    var experiment = CheckpointTests.experiment()
    experiment.prediction = .target
    experiment.scheduler = .cosine
    experiment.source = "8gaussians"
    experiment.dataset = "moons"
    var trainer = Trainer(experiment, dataset: DatasetCatalog.moons)
    for _ in 0..<5 { trainer.step() }
    let saved = try read(StoredRun.encode(trainer))
    var options = try ModelOptions.parse(["x.safetensors"])
    var field = try options.field(of: saved)
    var expected = trainer.velocityField(of: trainer.averagedWeights)
    var random = Random(seed: 1)
    let x = try options.source(of: saved).sample(count: 5, using: &random)
    #expect(try options.source(of: saved) is GaussianMixture)
    var (v, u) = (x, x)
    field.evaluate(x, at: .shared(0.4), into: &v)
    expected.evaluate(x, at: .shared(0.4), into: &u)
    #expect(v == u)
    options.prediction = "velocity"
    #expect(try options.experiment(of: saved).prediction == .velocity)
    options.prediction = "score"
    #expect(throws: (any Error).self) { try options.field(of: saved) }
  }

  @Test("The user's own points are part of the file")
  func points() throws {
    var experiment = CheckpointTests.experiment()
    experiment.dataset = "mine.csv"
    let points = Batch(points: [[0, 1], [2, 3], [-4, 0.1]])
    var trainer = Trainer(experiment, dataset: Dataset(name: "mine.csv", points: points))
    trainer.step()
    let saved = try read(StoredRun.encode(trainer))
    #expect(saved.points == points)
    #expect(try saved.dataset()?.name == "mine.csv")
  }

  @Test(
    "How points were standardised is part of the file to the bit; what is no such thing is refused")
  func units() throws {
    var experiment = CheckpointTests.experiment()
    experiment.dataset = "mine.csv"
    let points = Batch(points: [[0, 1], [2, 3], [-4, 0.1]])
    var dataset = Dataset(name: "mine.csv", points: points).with(source: points)
    dataset.units = Standardisation(
      means: [0.1, -1e300], deviations: [1 / 3, .leastNormalMagnitude])
    dataset.sourceUnits = Standardisation(of: points)
    let trainer = Trainer(experiment, dataset: dataset)
    let bytes = StoredRun.encode(trainer)
    let saved = try #require(try read(bytes).dataset())
    #expect(saved.units == dataset.units && saved.sourceUnits == dataset.sourceUnits)
    #expect(StoredRun.encode(Trainer(experiment, dataset: saved)) == bytes)
    for bad in [
      "", "{}", "[1, 2]", #"{"mean":[1,2]}"#, #"{"mean":[1,2],"deviation":[1,0]}"#,
      #"{"mean":[1],"deviation":[1]}"#, #"{"mean":[1,2],"deviation":[1,2],"mean":[3,4]}"#,
      #"{"mean":[1,"2"],"deviation":[1,2]}"#,
    ] {
      #expect(throws: FileFailure.self, "\(bad)") { try Units(["data_units": bad]) }
    }
  }

  @Test("Weights alone are a network with an experiment from which training cannot go on")
  func weightsAlone() throws {
    let trainer = Trainer(CheckpointTests.experiment(), dataset: DatasetCatalog.eightGaussians)
    let bytes = Safetensors.encode(
      NetworkTensors.encode(try #require(trainer.weights.network)),
      metadata: ["experiment": ExperimentJSON.encode(trainer.experiment)])
    let saved = try read(bytes)
    #expect(saved.weights == trainer.weights)
    #expect(saved.state == nil)
  }

  @Test("Layers are found under any name, in the order of their numbers")
  func names() throws {
    let weights = try #require(
      Trainer.initialWeights(CheckpointTests.experiment()).network)
    for prefix in ["main", "velocity.model", ""] {
      let tensors = NetworkTensors.encode(weights).map { tensor in
        let name = (prefix.isEmpty ? "" : prefix + ".") + tensor.name.dropFirst("net.".count)
        return Safetensors.Tensor(
          name, shape: tensor.shape, floats: CheckpointTests.floats(tensor.bytes))
      }
      let file = try Safetensors(reading: MemorySource(Safetensors.encode(tensors, metadata: [:])))
      #expect(try NetworkTensors.decode(file).values == weights.values)
    }
  }

  private static func floats(_ bytes: [UInt8]) -> [Float] {
    stride(from: 0, to: bytes.count, by: 4).map { k in
      let bits = bytes[k..<k + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return Float(bitPattern: bits)
    }
  }

  @Test("Files that are no flow in the plane are refused with a reason")
  func refused() throws {
    func tensor(_ name: String, _ shape: [Int], _ value: Float = 0) -> Safetensors.Tensor {
      Safetensors.Tensor(
        name, shape: shape, floats: [Float](repeating: value, count: shape.reduce(1, *)))
    }
    let good = [
      tensor("net.0.weight", [4, 3]), tensor("net.0.bias", [4]), tensor("net.2.weight", [2, 4]),
      tensor("net.2.bias", [2]),
    ]
    let cases: [(String, [Safetensors.Tensor])] = [
      ("no layers", [tensor("x", [1])]),
      ("several networks", good + [tensor("main.0.weight", [4, 3])]),
      ("lacks its weight or its bias", Array(good.dropLast())),
      ("no dense layer", good.dropLast() + [tensor("net.2.bias", [3])]),
      ("no dense layer", good.dropFirst() + [tensor("net.0.weight", [4, 3, 1])]),
      ("does not fit", good.prefix(2) + [tensor("net.2.weight", [2, 5]), good[3]]),
      ("not finite", good.dropLast() + [tensor("net.2.bias", [2], .nan)]),
      ("inputs", [tensor("net.0.weight", [2, 4]), tensor("net.0.bias", [2])]),
    ]
    for (reason, tensors) in cases {
      let file = try Safetensors(reading: MemorySource(Safetensors.encode(tensors, metadata: [:])))
      let failure = #expect(throws: FileFailure.self) {
        try StoredRun(file, otherwise: .silu)
      }
      #expect(failure?.description.contains(reason) == true, "\(failure?.description ?? "")")
    }
    let other = Safetensors.encode(
      good, metadata: ["experiment": ExperimentJSON.encode(CheckpointTests.experiment())])
    #expect(throws: FileFailure.self) { try read(other) }
  }

  @Test(
    "What only a foreign network is read by is refused for every model of ours, by its option",
    arguments: [
      Experiment(), Experiment(to: DatasetCatalog.sphereMixture),
      Experiment(to: DatasetCatalog.tokensCheckerboardEight),
      {
        var layers = Experiment()
        layers.choose(FlowModel.affineLayers(2))
        return layers
      }(),
    ])
  func foreignReading(experiment: Experiment) throws {
    var experiment = experiment
    (experiment.widths, experiment.batch) = ([6], 8)
    let trainer = Trainer(experiment, dataset: try DatasetCatalog.named(experiment.dataset))
    let file = try Safetensors(reading: MemorySource(StoredRun.encode(trainer)))
    _ = try StoredRun(file)
    var reversed = NetworkReading()
    reversed.isReversed = true
    var scaled = NetworkReading()
    scaled.units = NetworkReading.units("3,2")
    for (reading, option) in [(reversed, "--reversed-time"), (scaled, "--data-scale")] {
      let failure = #expect(throws: FileFailure.self) { try StoredRun(file, reading: reading) }
      #expect("\(try #require(failure))".contains(option))
    }
  }
}
