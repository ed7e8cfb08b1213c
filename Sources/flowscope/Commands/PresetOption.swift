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
    if given.given["dataset"] != nil && (target.data != nil || target.tokens != nil) {
      throw Failure.usage(
        "--data FILE and --dataset NAME are two targets: give one of them", option: "--dataset")
    }
    var base = try chosen()?.experiment ?? Experiment()
    // What goes with letters goes before all that an option says.
    if let words = try target.wordData() { base.choose(words) }
    return try given.experiment(over: base)
  }

  /// Takes from the environment and the files what nobody typed of an experiment: of a preset's, which
  /// says the rest, the seed alone, and no data set beside points of one's own.
  func fill(
    _ options: inout ExperimentOptions, from settings: Settings, beside target: TargetOptions,
    except others: Set<String> = []
  ) throws {
    if let preset, let present = Preset.formerNames[preset] {
      Output.message("flowscope: the preset \(preset) is called \(present) now")
    }
    var except = others
    if preset != nil { except.formUnion(Experiment.settings.map(\.name).filter { $0 != "seed" }) }
    // A file of points has no other data set beside it, and a data set brings its space.
    except.insert(target.data != nil || target.tokens != nil ? "dataset" : "space")
    try options.fill(from: settings, except: except)
  }
}
