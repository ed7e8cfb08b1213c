import FlowMatching

/// A thing that can be set once for all commands: by its option, by the environment, or in a file.
struct Setting: Sendable {
  /// What a shell offers for its value.
  enum Completion: Sendable {
    case none, names
    /// Names, or files.
    case namesAndFiles
  }

  /// The option without its dashes, which is the key in a file too.
  let name: String
  let kind: SettingKind
  /// What a value may be, in words that follow “must be”.
  let range: String
  /// What holds where nobody says otherwise; empty where that depends on the command.
  let fallback: String
  /// One sentence for `--help`, with the values and the default.
  var help: String
  /// What stands for its value in `--help`.
  var valueName: String
  /// The names that a shell offers.
  let names: [String]
  var completion = Completion.none
  /// Another long name of the option.
  var alias: String?
  /// Its letter.
  var letter: Character?

  /// Throws what is wrong with a value.
  let read: @Sendable (String) throws(SettingMistake) -> Void

  /// A setting beside those of an experiment.
  init<Value>(
    _ name: String, _ domain: SettingDomain<Value>, fallback: String = "", valueName: String = "",
    _ help: String
  ) {
    self.name = name
    kind = domain.kind
    range = domain.range
    self.fallback = fallback
    self.help = help
    self.valueName = valueName.isEmpty ? Setting.valueName(domain.kind) : valueName
    names = domain.choices.map(\.name)
    if !names.isEmpty { completion = .names }
    read = { text throws(SettingMistake) in _ = try domain.read(text) }
  }

  /// A setting of an experiment.
  init(_ setting: ExperimentSetting) {
    name = setting.name
    kind = setting.kind
    range = setting.range
    fallback = setting.text(Experiment())
    help = Setting.help(setting)
    valueName = Setting.valueName(setting.kind)
    names = setting.choices.map(\.name)
    if !names.isEmpty { completion = .names }
    read = { text throws(SettingMistake) in
      var experiment = Experiment()
      try setting.set(&experiment, to: text)
    }
  }

  /// The variable of the environment: `FLOWSCOPE_LEARNING_RATE`.
  var variable: String {
    "FLOWSCOPE_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
  }

  /// Whether a text has the form of a value, whatever its range.
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

  /// The summary, the values, and the default.
  private static func help(_ setting: ExperimentSetting) -> String {
    var text = setting.summary
    let fallback = " (default: \(setting.text(Experiment())))."
    let names = setting.choices.map(\.name)
    switch setting.kind {
    case .text:
      text += " One of " + (names.count > 8 ? "`flowscope list`" : names.joined(separator: ", "))
    case .integer, .number, .integers:
      // The words before an example.
      let range = setting.range.split(separator: ", such as").first.map(String.init) ?? ""
      text = text.dropLast() + ", " + range
    case .flag: text = String(text.dropLast())
    }
    return text + fallback
  }

  private static func valueName(_ kind: SettingKind) -> String {
    switch kind {
    case .text: "name"
    case .integer: "n"
    case .number: "number"
    case .integers: "n,n,…"
    case .flag: ""
    }
  }
}

extension SettingKind {
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
