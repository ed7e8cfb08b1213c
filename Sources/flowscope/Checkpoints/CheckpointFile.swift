import FileFormats
import FlowMatching
import Foundation

/// Where a run is saved, and how it went.
///
/// As long as it lives no other process writes the file.
struct CheckpointFile {
  /// The file that is replaced at every save; `-` is standard output.
  let path: String
  /// The steps between two saves; nil saves once, at the end.
  let interval: Int?
  /// What the optimiser's settings were changed from on the way, for the file to tell.
  var changes: [String] = []
  /// The step of the whole state that the file holds; nil where it holds none of this run.
  private(set) var savedStep: Int?
  private let lock: RunLock?
  private var hasComplained = false

  /// Makes sure that the file can be created and that nobody else writes it, before hours of training;
  /// removes what an interrupted save left.
  init(_ path: String, interval: Int?) throws {
    self.path = path
    self.interval = interval
    do throws(FileFailure) {
      lock =
        path == "-" || POSIXFile.isSpecial(path)
        ? nil : try RunLock(on: path, holder: CheckpointFile.holder)
      if path != "-" { try AtomicFile.check(path) }
    } catch { throw Failure.file(error, path) }
  }

  /// Who writes the file, as another process would be told.
  static var holder: String {
    let time = Date.now.formatted(.iso8601)
    return "process \(ProcessInfo.processInfo.processIdentifier), since \(time),"
  }

  /// The run goes on from the state that the file holds.
  mutating func resume(at step: Int) { savedStep = step }

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

  /// Saves what is good of a run that failed, and says in words what the file holds.
  ///
  /// The whole state that was saved last stays in it; the weights are those of the last good step.
  mutating func salvage(_ trainer: Trainer) throws -> String {
    let name = Output.visible(path)
    let salvage = trainer.salvage()
    if let savedStep, savedStep >= salvage?.step ?? 0 {
      return "\(name) holds the last good weights, of step \(savedStep), and --resume goes on there"
    }
    guard let salvage else { return "no weights were good: \(name) was not written" }
    do throws(FileFailure) {
      let saved = savedStep == nil ? nil : try StoredRun(reading: path).state
      let state = saved ?? salvage.state
      try write(
        StoredRun.encode(
          trainer, weights: salvage.weights, step: salvage.step, state: state,
          more: notes(["resume_step": "\(state.stepsDone)"])))
      return
        "\(name) holds the last good weights, of step \(salvage.step), and --resume goes on at "
        + "step \(state.stepsDone)"
    } catch { throw Failure.file(error, path) }
  }

  private mutating func write(_ trainer: Trainer) throws(FileFailure) {
    try write(StoredRun.encode(trainer, more: notes()))
    savedStep = trainer.stepsDone
    hasComplained = false
  }

  private func write(_ bytes: [UInt8]) throws(FileFailure) {
    if path == "-" { return try POSIXFile.standardOutput.write(bytes) }
    try AtomicFile.save(bytes, to: path)
  }

  private func notes(_ more: [String: String] = [:]) -> [String: String] {
    changes.isEmpty
      ? more : more.merging([Resumption.key: changes.joined(separator: "; ")]) { $1 }
  }
}
