import FileFormats
import FlowMatching
import Foundation
import TerminalCanvas
import Testing

@testable import FlowViewer
@testable import flowscope

/// Mixtures in files: what an exact world saves, --data reads.
struct MixtureFileTests {
  private func state(_ dataset: Dataset) -> AppState {
    var experiment = Experiment()
    experiment.widths = [8, 8]
    experiment.dataset = dataset.name
    var options = AppState.Options()
    options.particles = 32
    var state = AppState(
      experiment: experiment, dataset: dataset, size: Size(columns: 80, rows: 24), options: options)
    _ = state.update(.event(.key(.character(":"))))
    for letter in "exact world" { _ = state.update(.event(.key(.character(letter)))) }
    _ = state.update(.event(.key(.enter)))
    _ = state.update(.tick(0.1))
    return state
  }

  @Test func aSavedWorldOpenedAgainIsTheSameWorldAndNoFileIsTouched() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "flowscope-mixture-\(UUID().uuidString)").path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("mine".utf8).write(to: URL(filePath: folder + "/flowscope-1.json"))
    var exporter = FileExporter(folder: folder)
    var state = state(DatasetCatalog.eightGaussians)
    for key in [Key.right, .shiftUp, .character(")"), .character(">"), .tab, .left] {
      _ = state.update(.event(.key(key)))
    }
    guard case .export(let request)? = state.update(.event(.key(.character("b")))).first else {
      Issue.record("b asks for no file")
      return
    }
    let outcome = exporter.perform(
      request, Screen(size: Size(columns: 9, rows: 9)), theme: Theme(), of: state)
    #expect(outcome == .savedData("flowscope-2.json"))
    let world = try #require(state.world)
    let read = try MixtureFile.dataset(folder + "/flowscope-2.json")
    let again = try #require(self.state(read).world)
    #expect(again.parts.map(\.mean) == world.parts.map(\.mean))
    for (a, b) in zip(again.parts, world.parts) {
      #expect(abs(a.deviation - b.deviation) < 1e-15 && a.covariance == nil)
    }
    for k in world.parts.indices { #expect(abs(again.share(k) - world.share(k)) < 1e-15) }
    #expect(read.name == "flowscope-2.json" && again.parts.count == 8)
  }

  @Test func pointsAreSavedAsATableThatIsAllOfThem() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "flowscope-points-\(UUID().uuidString)").path()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var exporter = FileExporter(folder: folder)
    let points = Batch(points: [[0.1, 2], [1.0 / 3, -1e-3], [4, 4]])
    let state = state(Dataset(name: "three.csv", points: points))
    let world = try #require(state.world)
    #expect(world.isOfPoints && world.words == "all 3 points of three.csv")
    let outcome = exporter.perform(
      .world(SavedWorld(world)), Screen(size: Size(columns: 9, rows: 9)), theme: Theme(), of: state)
    #expect(outcome == .savedData("flowscope-1.csv"))
    let text = try String(contentsOfFile: folder + "/flowscope-1.csv", encoding: .utf8)
    let rows = text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").compactMap { Double($0) }
    }
    #expect(rows == (0..<3).map(points.point))
  }

  @Test(
    arguments: [
      ("{}", "no mixture"), ("{\"mixture\": []}", "no component"),
      ("{\"mixture\": [{\"weight\": 0, \"mean\": [0, 0], \"deviation\": 1}]}", "positive"),
      ("{\"mixture\": [{\"weight\": 1, \"mean\": [0, 0]}]}", "component 1 needs a deviation"),
      ("{\"mixture\": [{\"weight\": 1, \"mean\": [0], \"deviation\": 0}]}", "positive number"),
      (
        "{\"mixture\": [{\"weight\": 1, \"mean\": [0, 0], \"covariance\": [1, 2, 2, 1]}]}",
        "positive definite"
      ),
      (
        "{\"mixture\": [{\"weight\": 1, \"mean\": [0, 0], \"deviation\": 1}, "
          + "{\"weight\": 1, \"mean\": [0], \"deviation\": 1}]}", "component 2"
      ),
    ])
  func whatIsNoMixtureIsRefusedInOneLine(text: String, words: String) {
    do throws(FileFailure) {
      _ = try MixtureFile.decode(Array(text.utf8))
      Issue.record("\(text) was read")
    } catch {
      #expect(error.description.contains(words), "\(error.description)")
    }
  }

  @Test func aRunOnAMixtureIsReadBackWithIt() throws {
    let covariance = [0.5, 0.1, 0.1, 0.3]
    let mixture = GaussianMixture([
      MixturePart(weight: 1, mean: [1, 2], deviation: 0.4),
      MixturePart(weight: 3, mean: [-1, 0], covariance: covariance),
    ])
    let dataset = MixtureFile.dataset("own.json", mixture)
    var experiment = Experiment(to: dataset)
    experiment.widths = [8]
    experiment.batch = 16
    let trainer = Trainer(experiment, dataset: dataset)
    let read = try StoredRun(Safetensors(reading: MemorySource(StoredRun.encode(trainer))))
    let kept = try #require(try read.dataset()?.mixture)
    #expect(kept.means == mixture.means && kept.covariances == mixture.covariances)
    #expect(zip(kept.weights, mixture.weights).allSatisfy { abs($0 - $1) < 1e-15 })
    // One of the catalogue is kept by its name alone.
    #expect(MixtureTensor.encode(DatasetCatalog.eightGaussians) == nil)
  }
}
