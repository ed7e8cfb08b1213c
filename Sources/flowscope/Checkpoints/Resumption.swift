import FileFormats
import FlowMatching
import Foundation

/// What may differ between a run and the one that goes on from its checkpoint: the number of steps and
/// the optimiser's settings.
struct Resumption {
  /// The checkpoint's file.
  let path: String
  /// What it trains.
  let experiment: Experiment
  /// The data that it learns.
  let dataset: Dataset
  private let state: TrainerState
  private let earlierChanges: String?

  /// Reads a checkpoint that holds a whole state, and says where its last bits come from another
  /// machine, unless `quiet`.
  init(_ path: String, quiet: Bool) throws {
    self.path = path
    do throws(FileFailure) {
      let file = try StoredRun.tensors(path)
      let checkpoint = try StoredRun(file)
      guard let experiment = checkpoint.experiment, let state = checkpoint.state,
        let dataset = try checkpoint.dataset()
      else { throw .malformed("it holds weights alone, training cannot go on from it") }
      (self.experiment, self.state, self.dataset) = (experiment, state, dataset)
      earlierChanges = file.header.metadata[Resumption.key].map { String($0.suffix(4000)) }
      if let set = checkpoint.instructionSet, set != .best, !quiet {
        Output.message(
          "\(Output.visible(path)) was trained with \(set.title), this machine goes on with "
            + "\(InstructionSet.best.title): the last bits will differ")
      }
    } catch { throw Failure.file(error, path, isInput: true) }
  }

  /// Lets a run of the same experiment go on from the state.
  func restore(_ run: inout TrainingRun) throws {
    do throws(UnsuitableState) { try run.restore(state) } catch {
      let reason = FileFailure.malformed("training cannot go on from it: \(error)")
      throw Failure.file(reason, path, isInput: true)
    }
  }

  /// Every change of the optimiser's settings so far, in words.
  func changes(to asked: Experiment) -> [String] {
    let note = Resumption.note(saved: experiment, asked: asked, step: state.stepsDone)
    return [earlierChanges, note].compactMap { $0 }
  }

  /// The metadata that tell what changed on the way.
  static let key = "optimizer_changes"

  /// The options that may change, “--learning-rate, --weight-decay and --steps”.
  static var freeOptions: String {
    let names = Experiment.settings.filter { $0.change != .restarts }
      .map { $0.name == "train-steps" ? "--steps" : "--" + $0.name }
    return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }

  /// Throws the name of an option that makes the experiment another than the saved one, of several one
  /// that was given.
  static func check(
    saved: Experiment, asked: Experiment, given: [String] = []
  ) throws(ChangedOption) {
    let changed = Experiment.settings.filter {
      $0.change == .restarts && $0.text(saved) != $0.text(asked)
    }.map(\.name)
    if let name = changed.first(where: given.contains) ?? changed.first {
      throw ChangedOption(name: name)
    }
  }

  /// What changes at that step, in words, such as “step 1000: learning rate 0.001 to 0.0001”; nil
  /// where only the number of steps does.
  static func note(saved: Experiment, asked: Experiment, step: Int) -> String? {
    let changes = Experiment.settings.filter { setting in
      if case .adjusts(let symbol) = setting.change { !symbol.isEmpty } else { false }
    }.filter { $0.text(saved) != $0.text(asked) }
      .map { "\($0.title) \($0.text(saved)) to \($0.text(asked))" }
    return changes.isEmpty ? nil : "step \(step): " + changes.joined(separator: ", ")
  }

  /// An option that cannot change in the middle of a run.
  struct ChangedOption: Error, Equatable {
    let name: String
  }
}
