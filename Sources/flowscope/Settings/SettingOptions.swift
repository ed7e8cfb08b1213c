import ArgumentParser
import FlowMatching

/// A group of options, one for each of its settings: names, help, values and completions come from the
/// table. An option that was not typed is not there, so that nobody has to guess it from its value.
protocol SettingOptions: ParsableArguments, CustomReflectable {
  /// The settings of the group.
  static var settings: [Setting] { get }
  /// What was given of them.
  var given: GivenSettings { get set }

  init(given: GivenSettings)

  /// Refuses a value that is none; by default each that its setting does not know.
  func check(_ setting: Setting, _ text: String) throws
}

/// The key of a setting in what the parser has read.
private struct SettingKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension SettingOptions {
  init() { self.init(given: GivenSettings()) }

  /// Takes what was typed.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: SettingKey.self)
    var given = GivenSettings()
    for setting in Self.settings {
      let key = SettingKey(stringValue: setting.name)
      let text =
        setting.kind == .flag
        ? try container.decode(Flag<Bool?>.self, forKey: key).wrappedValue.map { "\($0)" }
        : try container.decode(Option<String?>.self, forKey: key).wrappedValue
      given[setting] = text.map { Settings.Value(text: $0, origin: .option("--" + setting.name)) }
    }
    self.init(given: given)
  }

  /// The options as the parser looks for them: property wrappers by name.
  var customMirror: Mirror {
    Mirror(
      self,
      children: Self.settings.map { setting -> Mirror.Child in
        (label: setting.name, value: setting.kind == .flag ? setting.parserFlag : setting.option)
      })
  }

  func validate() throws {
    for setting in Self.settings {
      if let text = given.text(setting) { try check(setting, text) }
    }
  }

  func check(_ setting: Setting, _ text: String) throws { try setting.check(text) }

  /// Takes from the environment and the files what was not typed, but nothing of `except`.
  mutating func fill(from settings: Settings, except: Set<String> = []) throws {
    for setting in Self.settings where given[setting] == nil && !except.contains(setting.name) {
      guard let value = settings.given(setting) else { continue }
      SettingOrigins.record(setting.name, value.text, value.origin)
      try check(setting, value.text)
      given[setting] = value
    }
  }
}

extension Setting {
  /// The option for the parser.
  fileprivate var option: Any {
    var names: [NameSpecification.Element] = [.customLong(name)]
    if let alias { names.append(.customLong(alias)) }
    if let letter { names.insert(.customShort(letter, allowingJoined: true), at: 0) }
    return Option<String?>(
      name: NameSpecification(names), help: ArgumentHelp("\(help)", valueName: valueName),
      completion: offers)
  }

  /// The switch for the parser, with its opposite.
  fileprivate var parserFlag: Any {
    Flag<Bool?>(
      name: .customLong(name), inversion: .prefixedNo, help: ArgumentHelp("\(help)"))
  }

  private var offers: CompletionKind? {
    switch completion {
    case .none: nil
    case .names: .list(names)
    // A colon would end the command in zsh's eyes.
    case .namesAndFiles:
      .shellCommand(
        "printf '%s\\n' \(names.filter { !$0.contains(":") }.joined(separator: " ")); ls")
    }
  }
}

/// A command that takes settings from the environment and from files.
protocol TakesSettings: ParsableCommand {
  /// Takes what was not typed.
  mutating func take(_ settings: Settings) throws
}
