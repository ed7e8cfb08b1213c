import FileFormats
import FlowMatching
import Testing

@testable import flowscope

@Suite("Networks of other programs")
struct ForeignNetworkTests {
  private typealias Named = (name: String, shape: [Int])

  private static func tensor(_ name: String, _ shape: [Int]) -> Safetensors.Tensor {
    // Other numbers in every place, so that no two can be taken for each other.
    let count = shape.reduce(1, *)
    return Safetensors.Tensor(
      name, shape: shape, floats: (0..<count).map { Float($0 + 1) / Float(count + name.utf8.count) }
    )
  }

  private static func layers(_ names: [String], bias: Bool = true) -> [Safetensors.Tensor] {
    names.enumerated().flatMap { k, name in
      let shape = [k == names.count - 1 ? 2 : 4, k == 0 ? 3 : 4]
      let weight = tensor(name + ".weight", shape)
      return bias ? [weight, tensor(name + ".bias", [shape[0]])] : [weight]
    }
  }

  private func read(
    _ tensors: [Safetensors.Tensor], _ metadata: [String: String] = [:],
    as reading: NetworkReading = NetworkReading()
  ) throws -> StoredRun {
    let bytes = Safetensors.encode(tensors, metadata: metadata)
    return try StoredRun(
      Safetensors(reading: MemorySource(bytes)), reading: reading, otherwise: .silu)
  }

  private func complaint(
    _ tensors: [Safetensors.Tensor], _ metadata: [String: String] = [:],
    as reading: NetworkReading = NetworkReading()
  ) -> String {
    do {
      return try read(tensors, metadata, as: reading).foreign?.words(as: .silu) ?? "no word"
    } catch { return "\(error)" }
  }

  private static func reading(_ change: (inout NetworkReading) -> Void) -> NetworkReading {
    var reading = NetworkReading()
    change(&reading)
    return reading
  }

  @Test(
    "A network that takes t, x, y says the same as one that takes x, y, t with its columns moved")
  func inputOrder() throws {
    let tensors = Self.layers(["net.0", "net.2", "net.4"])
    let first = try #require(tensors.first { $0.name == "net.0.weight" })
    let reading = Self.reading { $0.inputOrder = .timePoint }
    let told = try read(tensors, as: reading)
    let plain = try read(tensors)
    #expect(try read(tensors, ["input_order": "time-point"]).weights == told.weights)
    // Who is asked wins over the file.
    let other = Self.reading { $0.inputOrder = .pointTime }
    #expect(try read(tensors, ["input_order": "time-point"], as: other).weights == plain.weights)
    #expect(first.shape == [4, 3])
    for row in 0..<4 {
      let (moved, stored) = (told.weights.values, plain.weights.values)
      #expect(moved[3 * row + 2] == stored[3 * row])
      #expect(moved[3 * row] == stored[3 * row + 1])
      #expect(moved[3 * row + 1] == stored[3 * row + 2])
    }
    #expect(told.weights.values[12...] == plain.weights.values[12...])
    #expect(told.foreign?.words(as: .silu).contains("inputs t, x, y") == true)
  }

  @Test(
    "Layers are taken in the order of their last numbers, whatever stands before",
    arguments: [
      ["net.0", "net.2", "net.4"], ["fc1", "fc2", "fc3"], ["layers.0", "layers.1", "layers.2"],
      ["0", "2", "4"], ["net.1", "net.3", "net.5"], ["net.0", "net.3", "net.6"],
      ["module.mlp2.9.0.lin", "module.mlp2.9.1.lin", "module.mlp2.9.2.lin"].map {
        $0.replacing(".9.", with: ".")
      },
    ])
  func names(names: [String]) throws {
    let network = try read(Self.layers(names).reversed())
    #expect(network.weights.shape.widths == [4, 4])
    #expect(network.weights.values[0] == 1 / Float(12 + names[0].utf8.count + 7))
    let text = try #require(network.foreign?.words(as: .silu))
    #expect(text.contains("3→4→4→2") && text.hasSuffix("nothing left"))
  }

  @Test(
    "What has lost a layer, or has one too many, is another network, and is refused",
    arguments: [
      (["net.0", "net.2", "net.6"], "between net.2 and net.6 is missing"),
      (["net.0", "net.4", "net.6"], "between net.0 and net.4 is missing"),
      (["net.0", "net.1", "net.3"], "merge the two"),
      (["net.0", "net.2", "net.3"], "merge the two"),
      (["fc1", "fc2", "fc4"], "between fc2 and fc4 is missing"),
      (["net.2", "net.4", "net.6"], "one before it is missing"),
      (["net.0", "net.4", "net.8"], "numbered 4 apart"),
    ])
  func gaps(names: [String], reason: String) {
    #expect(complaint(Self.layers(names)).contains(reason))
  }

  @Test("Biases are all there or none; none are zeros")
  func biases() throws {
    let names = ["net.0", "net.2"]
    let network = try read(Self.layers(names, bias: false))
    #expect(network.weights.values[12..<16].allSatisfy { $0 == 0 })
    #expect(network.weights.values[24...].allSatisfy { $0 == 0 })
    #expect(network.weights.values[16] != 0)
    #expect(network.foreign?.words(as: .silu).contains("no biases") == true)
    let mixed = Self.layers(names).filter { $0.name != "net.2.bias" }
    #expect(complaint(mixed).contains("net.2 lacks its weight or its bias"))
    #expect(complaint(Self.layers(names).filter { $0.name != "net.0.weight" }).contains("lacks"))
  }

  @Test("Of an average and what was averaged the average is taken, or what is asked for")
  func averages() throws {
    let online = Self.layers(["online_model.net.0", "online_model.net.2"])
    let average = Self.layers(["ema_model.net.0", "ema_model.net.2"])
    let both = online + average + [Self.tensor("step", [])]
    func network(_ name: String?) throws -> StoredRun {
      try read(both, as: Self.reading { $0.network = name })
    }
    #expect(try network(nil).weights == read(average).weights)
    #expect(try network("ema").weights == read(average).weights)
    #expect(try network("online").weights == read(online).weights)
    #expect(try network("online_model").weights == read(online).weights)
    #expect(try read(both, ["network": "online"]).weights == read(online).weights)
    #expect(throws: FileFailure.self) { try network("net") }
    let text = complaint(both)
    #expect(text.contains("read ema_model.net,") && text.contains("left online_model.net.0.bias"))
    // Two networks of which neither is an average, or of which it is another's, leave a choice.
    let two = Self.layers(["a.net.0", "a.net.2"]) + Self.layers(["b.net.0", "b.net.2"])
    #expect(complaint(two).contains("several networks: a.net, b.net"))
    #expect(complaint(two, as: Self.reading { $0.network = "b" }).contains("read b.net,"))
    let other = Self.layers(["a.net.0", "a.net.2"]) + Self.layers(["ema.net.0"])
    #expect(complaint(other).contains("several networks"))
    #expect(complaint(average, as: Self.reading { $0.network = "online" }).contains("one network"))
  }

  @Test("What is more than a chain of dense layers is refused: norms, embeddings, heads")
  func others() {
    let chain = Self.layers(["net.0", "net.2"])
    for extra in [[4], [4, 4], [4, 4, 3, 3]] {
      #expect(complaint(chain + [Self.tensor("out.weight", extra)]).contains("out.weight beside"))
    }
    #expect(complaint(chain + [Self.tensor("norm1.weight", [4])]).contains("norm1 beside"))
    #expect(complaint(chain + [Self.tensor("net.1.weight", [4])]).contains("net.1"))
  }

  @Test("Buffers mean and std are the units of the data; what cannot be is left, and said")
  func units() throws {
    let chain = Self.layers(["net.0", "net.2"])
    func buffer(_ name: String, _ values: [Float]) -> Safetensors.Tensor {
      Safetensors.Tensor(name, shape: [values.count], floats: values)
    }
    for (mean, deviation) in [
      ("mean", "std"), ("data_mean", "data_std"), ("net.mean", "net.scale"),
    ] {
      let file = try read(chain + [buffer(mean, [3, -1]), buffer(deviation, [2, 0.5])])
      #expect(file.units.data == Standardisation(means: [3, -1], deviations: [2, 0.5]))
      #expect(
        file.foreign?.words(as: .silu).contains("\(mean), \(deviation) are its data's") == true)
    }
    for bad in [
      [buffer("mean", [3, -1])], [buffer("mean", [3, -1]), buffer("std", [2, 0])],
      [buffer("mean", [3, -1, 2]), buffer("std", [1, 1, 1])],
    ] {
      let file = try read(chain + bad)
      #expect(file.units.data == nil)
      #expect(file.foreign?.words(as: .silu).contains("left mean") == true)
    }
  }

  @Test("Metadata say prediction, schedule and activation; what they misspell is refused")
  func metadata() throws {
    let chain = Self.layers(["net.0", "net.2"])
    let file = try read(
      chain, ["prediction": "target", "scheduler": "cosine", "activation": "elu"])
    let experiment = file.experiment(beside: Experiment())
    #expect(experiment.prediction == .target && experiment.scheduler == .cosine)
    #expect(file.weights.shape.activation == .elu)
    let options = try ModelOptions.parse(["x.safetensors"])
    #expect(try options.experiment(of: file).prediction == .target)
    for (key, value) in [
      ("prediction", "targe"), ("activation", "silo"), ("input_order", "t-x"), ("scheduler", "cos"),
    ] {
      #expect(complaint(chain, [key: value]).contains("“\(value)”"))
    }
  }

  @Test("A checkpoint of ours is not read in another order")
  func ours() throws {
    var experiment = Experiment()
    experiment.widths = [4]
    let trainer = Trainer(experiment, dataset: DatasetCatalog.eightGaussians)
    let file = try Safetensors(reading: MemorySource(StoredRun.encode(trainer)))
    #expect(try StoredRun(file).foreign == nil)
    #expect(throws: FileFailure.self) {
      try StoredRun(file, reading: Self.reading { $0.inputOrder = .timePoint })
    }
  }

  @Test("Data that are named tell which order of inputs a network has")
  func warning() throws {
    // u = x t/(t² + (1 − t)²) leads N(0, I) to itself; a linear network of x alone, good enough.
    let dataset = Dataset(
      name: "ball", title: "", summary: "",
      mixture: GaussianMixture(
        weights: [1], means: [[4, -4]], standardDeviation: 0.5), entropyFloor: nil)
    // Trained for a moment: it is the difference between the orders that counts.
    var experiment = Experiment()
    experiment.widths = [16]
    var trainer = Trainer(experiment, dataset: dataset)
    for _ in 0..<400 { trainer.step() }
    let weights = try #require(trainer.averagedWeights.network)
    let right = NetworkTensors.encode(weights)
    let turned = NetworkTensors.encode(
      NetworkReading.InputOrder.timePoint.applied(
        to: NetworkReading.InputOrder.timePoint.applied(to: weights)))
    let timePoint = Self.reading { $0.inputOrder = .timePoint }
    func complaint(_ tensors: [Safetensors.Tensor], _ reading: NetworkReading) throws -> String? {
      try read(tensors, as: reading).inputOrderComplaint(beside: Experiment(), on: dataset)
    }
    #expect(try read(turned, as: timePoint).weights.values == weights.values)
    #expect(try complaint(right, NetworkReading()) == nil)
    #expect(try complaint(turned, timePoint) == nil)
    #expect(
      try complaint(turned, NetworkReading())?.hasSuffix("try --input-order time-point") == true)
    #expect(try complaint(right, timePoint)?.hasSuffix("try --input-order point-time") == true)
  }
}
