import FileFormats
import FlowMatching
import FlowViewer
import Foundation
import Synchronization

/// Reads one file for the viewer on a thread of its own: a disk, a network or a device may keep it
/// waiting, and the screen waits for nothing. Only regular files are read.
final class BackgroundReader: Sendable {
  private struct State {
    var bytes = 0
    var total: Int?
    var encoded: Double?
    var outcome: FileAnswer?
    var isGivenUp = false
  }

  private let state = Mutex(State())

  /// Begins at once.
  init(
    _ request: FileRequest, beside experiment: Experiment,
    as reading: NetworkReading = NetworkReading()
  ) {
    let thread = Thread { [self] in
      let outcome = outcome(of: request, beside: experiment, as: reading)
      state.withLock { $0.outcome = outcome }
    }
    thread.name = "reader"
    thread.stackSize = 4 << 20
    thread.start()
  }

  /// What became of the file, or how far it has come.
  var answer: FileAnswer {
    state.withLock {
      $0.outcome ?? $0.encoded.map(FileAnswer.encoding) ?? .reading(bytes: $0.bytes, of: $0.total)
    }
  }

  /// Ends the thread at the next piece of the file; one that waits for a piece that never comes ends
  /// with the process.
  func giveUp() { state.withLock { $0.isGivenUp = true } }

  private func outcome(
    of request: FileRequest, beside experiment: Experiment, as reading: NetworkReading
  ) -> FileAnswer {
    do throws(FileFailure) {
      switch request {
      case .points(let path, _) where MixtureFile.isNamed(path):
        guard experiment.curvedSpace == nil else {
          throw .malformed("a mixture lies in the plane: its file is no target here")
        }
        return .loaded(.data(try MixtureFile.dataset(path, opening: open)))
      case .points(let path, let notation):
        let place = PointPlace(experiment.curvedSpace, near: notation)
        var columns = place.columns(nil)
        columns.takesAll = experiment.curvedSpace == nil
        let reader = try Input.points(path, columns: columns, limit: .single, opening: open)
        var points = FilePoints(reader, in: place)
        let all = try points.all()
        var data = Dataset(
          name: Input.name(of: path), points: all, on: experiment.curvedSpace, points.notation)
        data.columns = points.dimension == 2 ? nil : Units.usable(points.names)
        return .loaded(.data(data))
      case .network(let path):
        return .opened(
          .training(
            try KeptTraining(
              reading: path, beside: experiment, as: reading, opening: open)))
      case .latents(let question, let dataset):
        return .encoded(
          question.experiment.encoding(dataset) { share in
            state.withLock {
              $0.encoded = share
              return !$0.isGivenUp
            }
          })
      }
    } catch {
      let reason =
        Output.visible(request.path) + ": " + FileFailure.printable(error.description)
      switch request {
      case .points: return .loaded(.failed(reason))
      case .network, .latents: return .opened(.failed(reason))
      }
    }
  }

  private func open(_ path: String) throws(FileFailure) -> any ByteSource {
    // Standard input is where keys may come from.
    guard path != "-" else { throw .noInput("it is no file") }
    let file = try POSIXFile(reading: path, onlyRegular: true)
    state.withLock { $0.total = file.length }
    return WatchedSource(file) { [self] count in
      state.withLock {
        $0.bytes = count
        return !$0.isGivenUp
      }
    }
  }
}
