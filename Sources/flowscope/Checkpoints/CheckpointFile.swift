import FileFormats
import FlowMatching

/// Where a run is saved, and how it went.
struct CheckpointFile {
  /// The file that is replaced at every save.
  let path: String
  /// The steps between two saves; nil saves once, at the end.
  let interval: Int?
  /// The step of the last save that succeeded.
  private(set) var savedStep: Int?
  private var hasComplained = false

  /// Makes sure that the file can be created, before hours of training; removes what an interrupted
  /// save left.
  init(_ path: String, interval: Int?) throws {
    self.path = path
    self.interval = interval
    do { _ = try AtomicFile(replacing: path) } catch { throw Failure.file(error, path) }
  }

  /// Saves where one is due. A save that fails does not end the training: the next may succeed, and
  /// the old file is untouched meanwhile.
  mutating func saveIfDue(_ trainer: Trainer) {
    guard let interval, trainer.stepsDone % interval == 0, !trainer.isFinished else { return }
    do throws(FileFailure) { try write(trainer) } catch {
      if !hasComplained {
        Output.message(
          "flowscope: cannot write \(Output.visible(path)) at step \(trainer.stepsDone): \(error); "
            + "training goes on, the last save stays")
      }
      hasComplained = true
    }
  }

  /// Saves now, or ends the command with the reason.
  mutating func save(_ trainer: Trainer) throws {
    do throws(FileFailure) { try write(trainer) } catch { throw Failure.file(error, path) }
  }

  private mutating func write(_ trainer: Trainer) throws(FileFailure) {
    try AtomicFile.save(StoredModel.encode(trainer), to: path)
    savedStep = trainer.stepsDone
    hasComplained = false
  }
}
