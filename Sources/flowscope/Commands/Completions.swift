import ArgumentParser
import FlowMatching
import FlowViewer

/// What a shell offers where an option takes a name.
extension CompletionKind {
  static let datasets = choices(of: "dataset")
  static let schedulers = choices(of: "scheduler")
  static let predictions = choices(of: "prediction")
  static let activations = choices(of: "activation")
  static let presets = list(Preset.all.map(\.name))
  static let chapters = list(Chapter.all.map(\.name))
  static let noises = list(NoiseSchedule.all.map(\.name))
  static let inputOrders = list(NetworkReading.InputOrder.allCases.map(\.rawValue))
  static let odeSolvers = list(ButcherTableau.all.map(\.name))

  /// The names that a setting of an experiment takes.
  private static func choices(of setting: String) -> CompletionKind {
    list(Experiment.settings.first { $0.name == setting }?.choices.map(\.name) ?? [])
  }
}
