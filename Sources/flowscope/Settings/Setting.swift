import FlowMatching

/// A thing that can be set once for all commands: by its option, by the environment, or in a file.
struct Setting: Sendable {
  /// What a value may be.
  enum Kind: Sendable {
    case text, integer, number, flag
    /// Integers separated by commas; in a file an array too.
    case integers

    /// What must be given, in words.
    var title: String {
      switch self {
      case .text: "a text"
      case .integer: "an integer"
      case .number: "a number"
      case .flag: "true or false"
      case .integers: "integers, such as [64, 64, 64]"
      }
    }
  }

  /// The commands that take it.
  enum Scope: Sendable {
    case training, solving, viewing

    func includes(_ command: String) -> Bool {
      switch self {
      case .training: ["watch", "train", "render"].contains(command)
      case .solving: ["watch", "render", "sample", "likelihood", "evaluate"].contains(command)
      case .viewing: command == "watch"
      }
    }
  }

  /// The option without its dashes, which is the key in a file too.
  let name: String
  let kind: Kind
  let scope: Scope
  /// What holds where nobody says otherwise; empty where that depends on the command.
  let fallback: String

  /// The variable of the environment: `FLOWSCOPE_LEARNING_RATE`.
  var variable: String {
    "FLOWSCOPE_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
  }

  /// Every setting, by command.
  static let all: [Setting] = {
    let experiment = Experiment()
    return [
      Setting("dataset", .text, .training, experiment.dataset),
      Setting("source", .text, .training, experiment.source),
      Setting("path", .text, .training, experiment.path.description),
      Setting("scheduler", .text, .training, experiment.scheduler.name),
      Setting("coupling", .text, .training, experiment.coupling.description),
      Setting("prediction", .text, .training, experiment.prediction.rawValue),
      Setting("loss", .text, .training, experiment.loss.description),
      Setting(
        "widths", .integers, .training, experiment.widths.map(String.init).joined(separator: ",")),
      Setting("activation", .text, .training, experiment.activation.rawValue),
      Setting("batch", .integer, .training, "\(experiment.batch)"),
      Setting("learning-rate", .number, .training, "\(experiment.learningRate)"),
      Setting("weight-decay", .number, .training, "\(experiment.weightDecay)"),
      Setting("train-steps", .integer, .training, "\(experiment.steps)"),
      Setting("seed", .integer, .training, "\(experiment.seed)"),
      Setting("solver", .text, .solving, ""),
      Setting("solver-steps", .integer, .solving, ""),
      Setting("tolerance", .number, .solving, ""),
      Setting("particles", .integer, .viewing, ""),
      Setting("frames-per-second", .number, .viewing, "30"),
      Setting("reduced-motion", .flag, .viewing, "false"),
      Setting("theme", .text, .viewing, "auto"),
      Setting("color", .text, .viewing, "auto"),
      Setting("ascii", .flag, .viewing, "false"),
    ]
  }()

  private init(_ name: String, _ kind: Kind, _ scope: Scope, _ fallback: String) {
    self.name = name
    self.kind = kind
    self.scope = scope
    self.fallback = fallback
  }

  /// Whether a text is a value of the kind.
  func accepts(_ text: String) -> Bool {
    switch kind {
    case .text: !text.isEmpty
    case .integer: WholeNumber(text) != nil
    case .number: Double(text)?.isFinite == true
    case .flag: text == "true" || text == "false"
    case .integers:
      text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy {
        WholeNumber(String($0)) != nil
      }
    }
  }
}
