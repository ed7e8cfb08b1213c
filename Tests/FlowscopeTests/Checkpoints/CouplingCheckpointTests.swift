import FileFormats
import FlowMatching
import Testing

@testable import flowscope

@Suite("Files of a RealNVP")
struct CouplingCheckpointTests {

  private func trainer(couplings: Int = 3) -> Trainer {
    var experiment = Experiment()
    experiment.dataset = "moons"
    experiment.objective = .likelihood
    experiment.widths = [8, 5]
    experiment.batch = 16
    experiment.model = .affineLayers(couplings)
    var trainer = Trainer(experiment, dataset: DatasetCatalog.moons)
    for _ in 0..<3 { trainer.step() }
    return trainer
  }

  @Test("A flow is read back as it was, with its experiment")
  func roundTrip() throws {
    let trainer = trainer()
    let file = try Safetensors(reading: MemorySource(StoredModel.encode(trainer)))
    let read = try CouplingCheckpoint(file)
    #expect(read.weights == RealNVPWeights(trainer.averagedWeights))
    #expect(read.state == trainer.state)
    #expect(read.experiment == trainer.experiment)
    #expect(file.header.metadata["step"] == "3")
    #expect(file.header["couplings.2.net.4.bias"]?.shape == [2])
  }

  @Test("It is no velocity field, and says so")
  func noField() throws {
    let file = try Safetensors(reading: MemorySource(StoredModel.encode(trainer())))
    #expect(throws: FileFailure.self) { try Checkpoint(file) }
  }

  @Test("A file that lacks a coupling, or says nonsense, is refused", arguments: ["4", "0", "x"])
  func refused(couplings: String) throws {
    let trainer = trainer()
    let bytes = StoredModel.encode(
      trainer.averagedWeights, of: trainer.experiment, step: 3, dataset: trainer.dataset,
      instructionSet: .best)
    let file = try Safetensors(reading: MemorySource(bytes))
    var metadata = file.header.metadata
    metadata["couplings"] = couplings
    let tensors = try file.header.entries.map { entry in
      Safetensors.Tensor(entry.name, shape: entry.shape, floats: try file.floats(entry.name))
    }
    let changed = Safetensors.encode(tensors, metadata: metadata)
    let reread = try Safetensors(reading: MemorySource(changed))
    #expect(throws: FileFailure.self) { try CouplingCheckpoint(reread) }
  }

  @Test("A flow whose tensors do not fit is refused by its header")
  func header() throws {
    func header(_ change: (inout [Safetensors.Tensor]) -> Void) throws -> SafetensorsHeader {
      let whole = trainer()
      let weights = RealNVPWeights(whole.averagedWeights)
      var tensors = CouplingCheckpoint.tensors(of: weights)
      change(&tensors)
      let metadata = Checkpoint.metadata(
        whole.experiment, step: 0, instructionSet: whole.instructionSet)
      let bytes = Safetensors.encode(
        tensors, metadata: metadata.merging(CouplingCheckpoint.metadata(of: weights)) { $1 })
      return try SafetensorsHeader(reading: MemorySource(bytes))
    }
    try NetworkTensors.check(header { _ in }, NetworkReading())
    #expect(throws: FileFailure.self) {
      try NetworkTensors.check(header { $0.removeLast() }, NetworkReading())
    }
    #expect(throws: FileFailure.self) {
      try NetworkTensors.check(
        header { $0[0] = Safetensors.Tensor($0[0].name, shape: [1], floats: [0]) },
        NetworkReading())
    }
  }
}
