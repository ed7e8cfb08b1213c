import FileFormats
import FlowMatching
import Testing

@testable import flowscope

@Suite("Files of letters")
struct LetterCodecTests {
  private func trainer(_ dataset: Dataset) -> Trainer {
    var experiment = Experiment(to: dataset)
    experiment.widths = [9, 5]
    experiment.batch = 16
    var trainer = Trainer(experiment, dataset: dataset)
    for _ in 0..<3 { trainer.step() }
    return trainer
  }

  private func own() throws -> Dataset {
    Dataset(name: "own.txt", words: try WordList(text: "größe\nstraß\nüöäßé\n"))
  }

  @Test("A run is read back as it was, with the words that are in no catalogue")
  func roundTrip() throws {
    for dataset in [DatasetCatalog.tokensCheckerboardEight, try own()] {
      let trainer = trainer(dataset)
      let file = try Safetensors(reading: MemorySource(StoredRun.encode(trainer)))
      let read = try StoredRun(file)
      #expect(read.weights == trainer.averagedWeights && read.state == trainer.state)
      #expect(read.experiment == trainer.experiment)
      let kept = try read.dataset()?.tokens
      #expect(kept?.space == dataset.tokens?.space && kept?.entropy == dataset.tokens?.entropy)
      #expect((kept as? WordList) == (dataset.tokens as? WordList))
      #expect((file.header[WordTensor.name] != nil) == (dataset.tokens is WordList))
    }
  }

  @Test("It is no velocity field, and says so")
  func noField() throws {
    let file = try Safetensors(reading: MemorySource(StoredRun.encode(trainer(try own()))))
    #expect(throws: FileFailure.self) { try StoredRun(file).network() }
  }

  @Test("Words that are not those of the network, and alphabets that are none, are refused")
  func refused() throws {
    let whole = StoredRun.encode(trainer(try own()))
    func reread(
      _ change: (inout [String: String], inout [Safetensors.Tensor]) -> Void
    ) throws {
      let file = try Safetensors(reading: MemorySource(whole))
      var metadata = file.header.metadata
      var tensors = try file.header.entries.filter { $0.name.hasPrefix("net.") }.map { entry in
        Safetensors.Tensor(entry.name, shape: entry.shape, floats: try file.floats(entry.name))
      }
      let words = try file.integers(WordTensor.name)
      tensors.append(Safetensors.Tensor(WordTensor.name, shape: [3, 5], integers: words))
      change(&metadata, &tensors)
      let changed = Safetensors.encode(tensors, metadata: metadata)
      _ = try StoredRun(Safetensors(reading: MemorySource(changed))).dataset()
    }
    try reread { _, _ in }
    func words(_ numbers: [UInt64]) -> Safetensors.Tensor {
      Safetensors.Tensor(
        WordTensor.name, shape: [numbers.count / 5, 5], integers: numbers)
    }
    let changes: [(inout [String: String], inout [Safetensors.Tensor]) -> Void] = [
      { metadata, _ in metadata[WordTensor.key] = nil },
      { metadata, _ in metadata[WordTensor.key] = "a b" },
      { metadata, _ in metadata[WordTensor.key]? += " q" },
      { _, tensors in tensors[tensors.count - 1] = words([0, 1, 2, 3, 99, 0, 1, 2, 3, 4]) },
      { _, tensors in tensors[tensors.count - 1] = words([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]) },
      { _, tensors in tensors.removeFirst() },
    ]
    for (index, change) in changes.enumerated() {
      #expect(throws: FileFailure.self, "\(index)") { try reread(change) }
    }
  }
}
