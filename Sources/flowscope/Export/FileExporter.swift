import FileFormats
import FlowMatching
import FlowViewer
import Foundation
import TerminalCanvas

/// Writes what is seen to files of new names, `flowscope-1.svg`, …, in the folder where the viewer
/// was started. No file that exists is ever touched, and no failure ends the viewer.
struct FileExporter: Exporter {
  private let folder: String
  /// How foreign networks in lanes are read.
  private let reading: NetworkReading
  private let clock = ContinuousClock()
  private var recording: Live?
  /// Whoever reads what was asked for last.
  private var reader: BackgroundReader?

  /// A recording that grows as frames are shown.
  private struct Live {
    let name: String
    let file: POSIXFile
    var cast: Recording
    var last: ContinuousClock.Instant
  }

  /// An exporter that has written nothing.
  init(folder: String = ".", reading: NetworkReading = NetworkReading()) {
    self.folder = folder
    self.reading = reading
  }

  mutating func begin(_ request: FileRequest, beside experiment: Experiment) {
    reader?.giveUp()
    reader = BackgroundReader(request, beside: experiment, as: reading)
  }

  mutating func answer() -> FileAnswer? {
    guard let answer = reader?.answer else { return nil }
    switch answer {
    case .reading, .encoding: return answer
    case .loaded, .opened, .encoded: break
    }
    reader = nil
    return answer
  }

  mutating func stopReading() {
    reader?.giveUp()
    reader = nil
  }

  mutating func perform(
    _ request: ExportRequest, _ screen: Screen, theme: Theme, of state: AppState
  ) -> ExportOutcome {
    do throws(FileFailure) {
      switch request {
      case .picture: return .saved(try save(screen, theme: theme, state))
      case .world(let world): return .savedData(try save(world))
      case .recording(true): return .recording(try begin(screen, theme: theme))
      case .recording(false):
        defer { recording = nil }
        recording?.cast.finish()
        try flush()
        return recording.map { .recorded($0.name) } ?? .failed("nothing was recorded")
      }
    } catch {
      if case .recording = request { recording = nil }
      return .failed(FileFailure.printable(error.description))
    }
  }

  mutating func note(_ screen: Screen) -> ExportOutcome? {
    guard recording != nil else { return nil }
    let now = clock.now
    let elapsed = (now - recording!.last) / .seconds(1)
    recording!.last = now
    recording!.cast.note(screen, after: elapsed)
    do throws(FileFailure) { try flush() } catch {
      let name = recording!.name
      recording = nil
      return .failed("\(name) ends here: \(FileFailure.printable(error.description))")
    }
    return nil
  }

  private mutating func flush() throws(FileFailure) {
    guard let text = recording?.cast.takeText(), !text.isEmpty else { return }
    try recording?.file.write(Array(text.utf8))
  }

  private mutating func begin(_ screen: Screen, theme: Theme) throws(FileFailure) -> String {
    let name = try reserve(["cast"])[0]
    recording = Live(
      name: name, file: try POSIXFile(appending: path(name)),
      cast: Recording(screen, .v2, theme.depth), last: clock.now)
    try flush()
    return name
  }

  private func save(
    _ screen: Screen, theme: Theme, _ state: AppState
  ) throws(FileFailure) -> [String] {
    let others = state.trainingsBeside
    let names = try reserve(
      ["svg", "ansi", "json", "safetensors"] + others.map { "lane\($0.lane + 1).safetensors" })
    let saved = state.saved(network: names[3], beside: Array(names[4...]))
    var contents = [
      Array(Picture.svg.encode(screen, theme: theme).utf8),
      Array(Picture.ansi.encode(screen, theme: theme).utf8), StateFile.encode(saved),
      // A file of one's own points holds them too.
      StoredRun.encode(
        state.shownWeights, of: saved.experiment, step: saved.step, dataset: state.dataset,
        instructionSet: state.options.instructionSet,
        course: TrainingCourse(
          state.training.report.history, state.training.report.measurements, upTo: saved.step)),
    ]
    contents += others.map { _, other in
      StoredRun.encode(
        other.weights, of: other.experiment, step: other.step, dataset: state.dataset,
        instructionSet: state.options.instructionSet)
    }
    do throws(FileFailure) {
      for (name, bytes) in zip(names, contents) { try AtomicFile.save(bytes, to: path(name)) }
    } catch {
      // Those that were complete are no use without the others, and all are this call's own.
      for name in names { try? FileManager.default.removeItem(atPath: path(name)) }
      throw error
    }
    return [names[0]] + names.dropFirst().map { $0.drop { $0 != "." }.description }
  }

  /// The components as a mixture, single points as a table.
  private func save(_ world: SavedWorld) throws(FileFailure) -> String {
    let name = try reserve([world.isOfPoints ? "csv" : "json"])[0]
    let bytes =
      world.isOfPoints
      ? Array(("x,y\n" + world.parts.map { "\($0.mean[0]),\($0.mean[1])\n" }.joined()).utf8)
      : MixtureFile.encode(world.parts)
    do throws(FileFailure) { try AtomicFile.save(bytes, to: path(name)) } catch {
      try? FileManager.default.removeItem(atPath: path(name))
      throw error
    }
    return name
  }

  /// Empty files `flowscope-N.ENDING` of the first N for which there is none of them.
  private func reserve(_ endings: [String]) throws(FileFailure) -> [String] {
    var number = 1
    while number < 100_000 {
      let names = endings.map { "flowscope-\(number)." + $0 }
      var made: [String] = []
      do throws(FileFailure) {
        for name in names where try POSIXFile.create(path(name)) { made.append(name) }
      } catch {
        for name in made { try? FileManager.default.removeItem(atPath: path(name)) }
        throw error
      }
      if made.count == names.count { return names }
      for name in made { try? FileManager.default.removeItem(atPath: path(name)) }
      number += 1
    }
    throw .cannotCreate("flowscope-1 to flowscope-99999 are taken")
  }

  private func path(_ name: String) -> String { folder == "." ? name : folder + "/" + name }
}

/// A saved state as the text of a file.
enum StateFile {
  /// The most bytes that a state may take.
  static let limit = 1 << 16

  /// The state as one JSON object, keys sorted, a setting a line.
  static func encode(_ state: SavedState) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // A state holds names and finite numbers, all of which JSON can say.
    return Array((try? encoder.encode(state)) ?? Data("{}".utf8)) + [0x0a]
  }

  /// Reads a state strictly; the network must lie beside it.
  static func decode(_ bytes: [UInt8]) throws(FileFailure) -> SavedState {
    try StrictJSON.validate(bytes)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let state: SavedState
    do {
      state = try decoder.decode(SavedState.self, from: Data(bytes))
    } catch DecodingError.dataCorrupted(let context) where context.underlyingError is UnknownName {
      throw .malformed(context.debugDescription)
    } catch {
      throw .malformed("it is no state that the viewer has saved")
    }
    let networks = [state.network] + (state.beside ?? []).map(\.network)
    guard networks.allSatisfy({ !$0.isEmpty && !$0.contains("/") }), networks.count <= 5 else {
      throw .malformed("its networks must be files beside it")
    }
    return state
  }
}
