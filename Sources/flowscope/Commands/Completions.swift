import ArgumentParser
import FlowMatching
import FlowViewer

/// What a shell offers where an option takes a name.
extension CompletionKind {
  static let datasets = list(DatasetCatalog.all.map(\.name))
  static let paths = list(ConditionalPath.all.map(\.description))
  static let schedulers = list(Scheduler.all.map(\.name))
  static let couplings = list(CouplingChoice.all.map(\.description))
  static let predictions = list(Prediction.allCases.map(\.rawValue))
  static let losses = list(Loss.all.map(\.description))
  static let activations = list(Activation.allCases.map(\.rawValue))
  static let objectives = list(Objective.allCases.map(\.rawValue))
  static let divergences = list(DivergenceMethod.allCases.map(\.rawValue))
  static let models = list(["cnf", "realnvp:8"])
  static let presets = list(Preset.all.map(\.name))
  static let noises = list(NoiseSchedule.all.map(\.name))
  static let inputOrders = list(NetworkReading.InputOrder.allCases.map(\.rawValue))
  static let odeSolvers = list(ButcherTableau.all.map(\.name))
  /// Those of SDEs too.
  static let solvers = list(
    ButcherTableau.all.map(\.name) + StochasticMethods.all.map(\.name))

  /// Names, or the files of this folder; a colon would end the command in zsh's eyes.
  static let sources = shellCommand(
    "printf '%s\\n' \(Source.names.filter { !$0.contains(":") }.joined(separator: " ")); ls")
}
