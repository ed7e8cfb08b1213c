import FileFormats
import FlowMatching
import Testing

@testable import flowscope

@Suite("Files of a RealNVP")
struct AffineLayersCodecTests {
  private func trainer(layers: Int = 3) -> Trainer {
    var experiment = Experiment()
    experiment.dataset = "moons"
    experiment.objective = .likelihood
    experiment.widths = [8, 5]
    experiment.batch = 16
    experiment.model = .affineLayers(layers)
    var trainer = Trainer(experiment, dataset: DatasetCatalog.moons)
    for _ in 0..<3 { trainer.step() }
    return trainer
  }

  @Test("A flow is read back as it was, with its experiment")
  func roundTrip() throws {
    let trainer = trainer()
    let file = try Safetensors(reading: MemorySource(StoredRun.encode(trainer)))
    let read = try StoredRun(file)
    #expect(read.weights == trainer.averagedWeights)
    #expect(read.state == trainer.state)
    #expect(read.experiment == trainer.experiment)
    #expect(file.header.metadata["step"] == "3")
    #expect(file.header["couplings.2.net.4.bias"]?.shape == [2])
  }

  @Test("It is no velocity field, and says so")
  func noField() throws {
    let file = try Safetensors(reading: MemorySource(StoredRun.encode(trainer())))
    #expect(throws: FileFailure.self) { try StoredRun(file).network() }
  }

  @Test("A file that lacks a layer, or says nonsense, is refused", arguments: ["4", "0", "x"])
  func refused(count: String) throws {
    let trainer = trainer()
    let bytes = StoredRun.encode(
      trainer.averagedWeights, of: trainer.experiment, step: 3, dataset: trainer.dataset,
      instructionSet: .best)
    let file = try Safetensors(reading: MemorySource(bytes))
    var metadata = file.header.metadata
    metadata["couplings"] = count
    let tensors = try file.header.entries.map { entry in
      Safetensors.Tensor(entry.name, shape: entry.shape, floats: try file.floats(entry.name))
    }
    let changed = Safetensors.encode(tensors, metadata: metadata)
    let reread = try Safetensors(reading: MemorySource(changed))
    #expect(throws: FileFailure.self) { try StoredRun(reread) }
  }

  @Test("A flow whose tensors do not fit is refused by its header")
  func header() throws {
    func check(_ change: (inout [Safetensors.Tensor]) -> Void) throws {
      let whole = trainer()
      let encoded = WeightCodecs.encode(whole.averagedWeights)
      var tensors = encoded.tensors
      change(&tensors)
      let metadata = encoded.metadata.merging(
        ["experiment": ExperimentJSON.encode(whole.experiment)]) { $1 }
      let header = try SafetensorsHeader(
        reading: MemorySource(Safetensors.encode(tensors, metadata: metadata)))
      let reading = NetworkReading()
      try WeightCodecs.codec(for: header.metadata, read: reading).check(header, reading)
    }
    try check { _ in }
    #expect(throws: FileFailure.self) { try check { $0.removeLast() } }
    #expect(throws: FileFailure.self) {
      try check { $0[0] = Safetensors.Tensor($0[0].name, shape: [1], floats: [0]) }
    }
  }
}
