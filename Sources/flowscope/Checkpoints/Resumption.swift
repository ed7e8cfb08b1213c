import FlowMatching
import Foundation

/// What may differ between a run and the one that goes on from its checkpoint: the number of steps.
enum Resumption {
  /// The saved experiment with the steps that were asked for; throws the name of the first option
  /// that was given and differs from it.
  ///
  /// An option counts as given where it is not what it would be by itself.
  static func experiment(
    saved: Experiment, given: Experiment, usual: Experiment
  ) throws(ChangedOption) -> Experiment {
    let (saves, gives, usuals) = (fields(saved), fields(given), fields(usual))
    for (key, value) in gives.sorted(by: { $0.key < $1.key })
    where key != "steps" && value != usuals[key] && value != saves[key] {
      throw ChangedOption(name: kebab(key))
    }
    var result = saved
    if given.steps != usual.steps { result.steps = given.steps }
    return result
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
