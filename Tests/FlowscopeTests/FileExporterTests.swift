import FileFormats
import FlowMatching
import Foundation
import TerminalCanvas
import Testing

@testable import FlowViewer
@testable import flowscope

@Suite("Files that the viewer writes")
struct FileExporterTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "flowscope-export-\(UUID().uuidString)").path()

  private func state() -> AppState {
    var experiment = Experiment()
    experiment.widths = [8, 8]
    var options = AppState.Options()
    options.particles = 256
    return AppState(
      experiment: experiment, dataset: DatasetCatalog.eightGaussians,
      size: Size(columns: 60, rows: 20), options: options)
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: folder + "/" + name)))
  }

  private func exporter() throws -> FileExporter {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return FileExporter(folder: folder)
  }

  @Test("A picture is four files of a new name, and no file that exists is touched")
  func picture() throws {
    var exporter = try exporter()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("mine".utf8).write(to: URL(filePath: folder + "/flowscope-1.ansi"))
    let screen = Screen(size: Size(columns: 60, rows: 20))
    let state = state()
    let outcome = exporter.perform(.picture, screen, theme: Theme(), of: state)
    #expect(outcome == .saved(["flowscope-2.svg", ".ansi", ".json", ".safetensors"]))
    #expect(try bytes("flowscope-1.ansi") == Array("mine".utf8))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count == 5)
    let saved = try StateFile.decode(try bytes("flowscope-2.json"))
    #expect(saved == state.saved(network: "flowscope-2.safetensors"))
    let network = try StoredRun(
      Safetensors(reading: Input.source(folder + "/" + saved.network)))
    #expect(network.weights.values == state.shownWeights.values)
    #expect(network.experiment == state.experiment && network.state == nil)
    let again = exporter.perform(.picture, screen, theme: Theme(), of: state)
    #expect(again == .saved(["flowscope-3.svg", ".ansi", ".json", ".safetensors"]))
  }

  @Test("A lane that keeps weights has a file of its own, which another lane can open")
  func lanes() throws {
    var exporter = try exporter()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var state = state()
    var other = state.experiment
    other.seed = 9
    let training = KeptTraining(
      title: "other", experiment: other, step: 77, weights: Trainer.initialWeights(other))
    _ = state.update(.event(.key(.character(":"))))
    for character in "lane x" { _ = state.update(.event(.key(.character(character)))) }
    _ = state.update(.event(.key(.enter)))
    _ = state.update(.file(.opened(.training(training))))
    let screen = Screen(size: Size(columns: 60, rows: 20))
    let outcome = exporter.perform(.picture, screen, theme: Theme(), of: state)
    #expect(
      outcome
        == .saved(
          ["flowscope-1.svg", ".ansi", ".json", ".safetensors", ".lane2.safetensors"]))
    let saved = try StateFile.decode(try bytes("flowscope-1.json"))
    #expect(saved.beside?.map(\.network) == ["flowscope-1.lane2.safetensors"])
    guard
      case .opened(.training(let opened)) = exporter.answer(
        to: .network(folder + "/flowscope-1.lane2.safetensors"), beside: state.experiment)
    else {
      Issue.record("not opened")
      return
    }
    #expect(opened.weights.values == training.weights.values && opened.step == 77)
    #expect(opened.experiment == other && opened.title == "flowscope-1.lane2")
    guard
      case .opened(.failed(let reason)) = exporter.answer(
        to: .network(folder + "/none"), beside: state.experiment)
    else {
      Issue.record("opened what is not there")
      return
    }
    #expect(reason.contains("no such file"))
  }

  @Test("A foreign network stands beside a likelihood though it could not be trained by one")
  func foreign() throws {
    var exporter = try exporter()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var random = Random(seed: 1)
    let shape = MLPShape(dimension: 2, widths: [8], activation: .selu)
    let bytes = Safetensors.encode(
      NetworkTensors.encode(MLPWeights(shape: shape, using: &random)),
      metadata: ["activation": "selu"])
    try Data(bytes).write(to: URL(filePath: folder + "/net.safetensors"))
    var experiment = Experiment()
    experiment.objective = .likelihood
    let state = AppState(
      experiment: experiment, dataset: DatasetCatalog.moons, size: Size(columns: 60, rows: 20))
    guard
      case .opened(.training(let opened)) = exporter.answer(
        to: .network(folder + "/net.safetensors"), beside: state.experiment)
    else {
      Issue.record("not opened")
      return
    }
    #expect(opened.experiment.objective == .flowMatching && opened.experiment.shape == shape)
    #expect(opened.complaint(beside: experiment) == nil)
  }

  @Test("A recording grows with every frame and plays what was shown")
  func recording() throws {
    var exporter = try exporter()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var screen = Screen(size: Size(columns: 20, rows: 3))
    #expect(
      exporter.perform(.recording(true), screen, theme: Theme(), of: state())
        == .recording("flowscope-1.cast"))
    let begun = try bytes("flowscope-1.cast").count
    screen.write("moved", x: 2, y: 1, style: Style())
    #expect(exporter.note(screen) == nil)
    #expect(
      exporter.perform(.recording(false), screen, theme: Theme(), of: state())
        == .recorded("flowscope-1.cast"))
    // It came at once after the first: the end of the recording must not lose it.
    let text = String(decoding: try bytes("flowscope-1.cast"), as: UTF8.self)
    #expect(text.utf8.count > begun && text.contains("moved"))
    #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("[") || $0.hasPrefix("{") })
    #expect(exporter.note(screen) == nil)
  }

  @Test("Where no file can be made the outcome says why, and nothing is left")
  func failure() {
    var exporter = FileExporter(folder: folder + "/none")
    let screen = Screen(size: Size(columns: 20, rows: 3))
    for request in [ExportRequest.picture, .recording(true)] {
      guard
        case .failed(let reason) = exporter.perform(request, screen, theme: Theme(), of: state())
      else {
        Issue.record("no failure")
        continue
      }
      #expect(!reason.isEmpty)
    }
  }

  @Test("A state that is none is refused, and one whose network lies elsewhere")
  func strictness() throws {
    let good = String(decoding: StateFile.encode(state().saved(network: "n")), as: UTF8.self)
    #expect(try StateFile.decode(Array(good.utf8)).network == "n")
    for bad in [
      "{}", "[]", "", good + good, good.replacing("\"n\"", with: "\"../n\""),
      good.replacing("\"network\"", with: "\"mode\""),
    ] {
      #expect(throws: FileFailure.self) { try StateFile.decode(Array(bad.utf8)) }
    }
  }

  @Test("A state whose lane has a solver that there is not is refused, and the nearest is named")
  func unknownSolver() throws {
    let good = String(decoding: StateFile.encode(state().saved(network: "n")), as: UTF8.self)
    let own = state().focusedLane.settings.method
    #expect(try StateFile.decode(Array(good.utf8)).lanes.map(\.method) == [own])
    #expect(good.contains("\"solver_name\" : \"\(own.name)\""))
    for (name, help) in [
      ("heum", "did you mean heun"), ("", "one of: euler"), ("7", "one of: euler"),
    ] {
      let bad = good.replacing("\"\(own.name)\"", with: "\"\(name)\"")
      do throws(FileFailure) {
        _ = try StateFile.decode(Array(bad.utf8))
        Issue.record("“\(name)” is taken for a solver")
      } catch {
        #expect("\(error)".contains("unknown solver “\(name)”") && "\(error)".contains(help))
      }
    }
  }
}

extension FileExporter {
  /// What becomes of a file, once it is known.
  fileprivate mutating func answer(
    to request: FileRequest, beside experiment: Experiment
  ) -> FileAnswer? {
    begin(request, beside: experiment)
    while let answer = answer() {
      guard case .reading = answer else { return answer }
      usleep(1000)
    }
    return nil
  }
}
