import FlowMatching

/// What was given of some settings, with where each value comes from; what is not here was not given,
/// whatever the values are.
struct GivenSettings {
  private var values: [String: Settings.Value] = [:]

  subscript(setting: Setting) -> Settings.Value? {
    get { values[setting.name] }
    set { values[setting.name] = newValue }
  }

  /// The same by the setting's name.
  subscript(name: String) -> Settings.Value? { values[name] }

  /// The names of the settings that were given.
  var names: [String] { values.keys.sorted() }

  /// A value as its text.
  func text(_ setting: Setting) -> String? { self[setting]?.text }

  /// A value as a whole number; values were checked when they were given.
  func integer(_ setting: Setting) -> Int? {
    text(setting).flatMap { WholeNumber($0) }.flatMap { Int(exactly: $0.value) }
  }

  /// A value as a number.
  func number(_ setting: Setting) -> Double? {
    text(setting).flatMap { text in
      Double(text) ?? WholeNumber(text).map { Double($0.value) }
    }
  }

  /// Whether something is switched on or off.
  func flag(_ setting: Setting) -> Bool? { text(setting).flatMap { Bool($0) } }

  /// Those who gave something, the weakest first, each with what it gave.
  var levels: [[String: String]] {
    Dictionary(grouping: values) { $0.value.origin.rank }.sorted { $0.key < $1.key }
      .map { $0.value.reduce(into: [:]) { $0[$1.key] = $1.value.text } }
  }
}
