import ArgumentParser
import FlowMatching
import FlowViewer

/// A named experiment to begin with; what other options say goes before it, what the environment and
/// files of settings say does not.
struct PresetOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A named experiment: \(Preset.all.map(\.name).joined(separator: ", ")).",
      valueName: "name"), completion: .presets)
  var preset: String?

  /// The preset, if one was asked for; a name that does not exist is a usage error.
  func chosen() throws -> Preset? {
    try preset.map { name in try Failure.named("--preset") { try Preset.named(name) } }
  }

  /// What is trained: the preset's experiment, or the usual one, with all that an option says.
  func experiment(_ given: ExperimentOptions, beside target: TargetOptions) throws -> Experiment {
    if given.dataset != nil && target.data != nil {
      throw Failure.usage(
        "--data FILE and --dataset NAME are two targets: give one of them", option: "--dataset")
    }
    return try given.experiment(over: chosen()?.experiment ?? Experiment())
  }
}
