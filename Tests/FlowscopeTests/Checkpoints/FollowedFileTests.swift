import FileFormats
import FlowMatching
import FlowViewer
import Foundation
import Testing

@testable import flowscope

@Suite("A followed file")
struct FollowedFileTests {
  @Test(
    "It is taken once for each time that it is rewritten, and passed over while it is half written")
  func versions() throws {
    let path = NSTemporaryDirectory() + "flowscope-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var experiment = Experiment()
    experiment.widths = [8]
    let file = FollowedFile(path, experiment: Experiment(), dataset: DatasetCatalog.eightGaussians)
    #expect(file.next() == nil, "there is no file yet")
    var trainer = Trainer(experiment, dataset: DatasetCatalog.eightGaussians)
    trainer.step()
    let bytes = StoredRun.encode(trainer)
    try AtomicFile.save(bytes, to: path)
    #expect(file.next()?.run?.state.stepsDone == 1)
    #expect(file.next() == nil, "nothing has changed")
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(bytes[..<500]))
    #expect(file.next() == nil, "half a file")
    try handle.write(contentsOf: Data(bytes[500...]))
    try handle.close()
    #expect(file.next()?.run?.state == trainer.state)
  }

  @Test("A foreign network counts its versions, says its step and activation or takes those told")
  func foreign() throws {
    let path = NSTemporaryDirectory() + "flowscope-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var told = Experiment()
    told.activation = .selu
    let file = FollowedFile(path, experiment: told, dataset: DatasetCatalog.moons)
    let tensors = NetworkTensors.encode(try #require(Trainer.initialWeights(Experiment()).network))
    for (metadata, activation, step) in [
      ([:], Activation.selu, 1), (["activation": "tanh"], .tanh, 2), (["step": "70"], .selu, 70),
    ] {
      try AtomicFile.save(Safetensors.encode(tensors, metadata: metadata), to: path)
      let received = try #require(file.next()?.run)
      #expect(received.experiment.activation == activation)
      #expect(received.state.stepsDone == step)
    }
  }

  @Test(
    "The loss of its metadata is kept for each step, and what the doctor has to know of its reading"
  )
  func told() throws {
    let path = NSTemporaryDirectory() + "flowscope-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = FollowedFile(path, experiment: Experiment(), dataset: DatasetCatalog.moons)
    let tensors = NetworkTensors.encode(try #require(Trainer.initialWeights(Experiment()).network))
    for (step, loss) in [(100, "0.5"), (200, "0.25"), (300, "none")] {
      try AtomicFile.save(
        Safetensors.encode(
          tensors,
          metadata: ["step": "\(step)", "loss": loss, "input_order": "time-point"]), to: path)
      let news = try #require(file.next())
      #expect(news.losses?.points.map(\.raw) == (step == 100 ? [0.5] : [0.5, 0.25]))
      #expect(news.run?.reading == ForeignReading(order: .timePoint, isActivationTold: false))
    }
  }
}
