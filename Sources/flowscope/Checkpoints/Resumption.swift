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
      let file = try Input.tensors(path)
      let checkpoint = try StoredModel(file, reading: NetworkReading())
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

  /// The settings that may change, by their name in the file.
  private static let free: Set<String> = ["steps", "learningRate", "weightDecay"]

  /// Throws the name of the first option that makes the experiment another than the saved one.
  static func check(saved: Experiment, asked: Experiment) throws(ChangedOption) {
    let (saves, asks) = (fields(saved), fields(asked))
    for (key, value) in asks.sorted(by: { $0.key < $1.key })
    where !free.contains(key) && value != saves[key] {
      throw ChangedOption(name: kebab(key))
    }
  }

  /// What changes at that step, in words, such as “step 1000: learning rate 0.001 to 0.0001”; nil
  /// where only the number of steps does.
  static func note(saved: Experiment, asked: Experiment, step: Int) -> String? {
    let changes = [
      ("learning rate", saved.learningRate, asked.learningRate),
      ("weight decay", saved.weightDecay, asked.weightDecay),
    ].filter { $0.1 != $0.2 }.map { "\($0.0) \($0.1) to \($0.2)" }
    return changes.isEmpty ? nil : "step \(step): " + changes.joined(separator: ", ")
  }

  /// An option that cannot change in the middle of a run.
  struct ChangedOption: Error, Equatable {
    let name: String
  }

  private static func fields(_ experiment: Experiment) -> [String: NSObject] {
    let data = Data(ExperimentJSON.encode(experiment).utf8)
    let fields = (try? JSONSerialization.jsonObject(with: data)) as? [String: NSObject] ?? [:]
    // A group's options are named after it: likelihood.solver is --likelihood-solver.
    return fields.reduce(into: [:]) { result, field in
      guard let group = field.value as? [String: NSObject] else {
        result[field.key] = field.value
        return
      }
      for (key, value) in group {
        result[field.key + key.prefix(1).uppercased() + key.dropFirst()] = value
      }
    }
  }

  private static func kebab(_ key: String) -> String {
    key.reduce(into: "") { $0 += $1.isUppercase ? "-\($1.lowercased())" : String($1) }
  }
}
