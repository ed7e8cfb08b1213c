import FlowMatching
import Foundation
import Testing

@testable import flowscope

/// What was given is known: a value that equals the default counts as much as any other.
@Suite("Given settings", .serialized)
struct SettingMergeTests {
  /// A value of the setting that is not its default.
  static func other(than setting: ExperimentSetting) throws -> String {
    let fallback = setting.text(Experiment())
    let texts = (setting.suggestions + setting.choices.map(\.name)).map { text in
      var experiment = Experiment()
      try? setting.set(&experiment, to: text)
      return setting.text(experiment)
    }
    return try #require(texts.first { $0 != fallback })
  }

  /// A value of any setting that is not its default.
  private static func other(than setting: Setting) throws -> String {
    if let known = Experiment.settings.first(where: { $0.name == setting.name }) {
      return try other(than: known)
    }
    switch setting.kind {
    case .flag: return setting.fallback == "true" ? "false" : "true"
    case .integer: return "300"
    case .number: return setting.name == "tolerance" ? "0.01" : "60.0"
    case .text, .integers: return try #require(setting.names.first { $0 != setting.fallback })
    }
  }

  /// Its default, or where that depends on the command another value.
  private static func usual(_ setting: Setting) -> String {
    if !setting.fallback.isEmpty { return setting.fallback }
    switch setting.kind {
    case .integer: return "400"
    case .number: return "0.001"
    case .text, .integers, .flag: return setting.names.last ?? ""
    }
  }

  /// A line of a file of settings.
  static func line(_ setting: Setting, _ text: String) -> String {
    switch setting.kind {
    case .text: "\(setting.name) = \"\(text)\"\n"
    case .integers: "\(setting.name) = [\(text)]\n"
    case .integer, .number, .flag: "\(setting.name) = \(text)\n"
    }
  }

  /// What is typed to give it.
  private static func typed(_ setting: Setting, _ text: String) -> [String] {
    if setting.kind == .flag {
      return [text == "true" ? "--" + setting.name : "--no-" + setting.name]
    }
    return ["--\(setting.name)", text]
  }

  /// What holds of a setting, whose group of options is found by it.
  private static func held(
    _ setting: Setting, typed: [String], environment: [String: String] = [:],
    own: String? = nil, users: String? = nil
  ) throws -> String? {
    let path = NSTemporaryDirectory() + "flowscope-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (text, name) in [(own, "flowscope.toml"), (users, "config/flowscope/config.toml")] {
      let url = URL(filePath: path + "/" + name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      if let text { try text.write(to: url, atomically: false, encoding: .utf8) }
    }
    let settings = try Settings(
      environment: environment.merging(["XDG_CONFIG_HOME": path + "/config"]) { $1 },
      directory: path)
    func held<Options: SettingOptions>(_: Options.Type) throws -> String? {
      guard Options.settings.contains(where: { $0.name == setting.name }) else { return nil }
      var options = try Options.parse(typed)
      try options.fill(from: settings)
      return options.given[setting.name]?.text
    }
    let groups: [any SettingOptions.Type] = [
      ExperimentOptions.self, SolverOptions.self, ParticleOptions.self, PaceOptions.self,
      LookOptions.self, LetterOptions.self,
    ]
    return try groups.compactMap { try held($0) }.first
  }

  @Test("An option wins over a variable, that over both files", arguments: Setting.all.map(\.name))
  func order(name: String) throws {
    let setting = try #require(Setting.all.first { $0.name == name })
    let (usual, other) = (Self.usual(setting), try Self.other(than: setting))
    func held(
      _ typed: String?, _ environment: String?, _ own: String?, _ users: String?
    ) throws -> String? {
      try Self.held(
        setting, typed: typed.map { Self.typed(setting, $0) } ?? [],
        environment: environment.map { [setting.variable: $0] } ?? [:],
        own: own.map { Self.line(setting, $0) }, users: users.map { Self.line(setting, $0) })
    }
    #expect(try held(nil, nil, nil, nil) == nil)
    #expect(try held(nil, nil, nil, usual) == usual)
    #expect(try held(nil, nil, usual, other) == usual)
    #expect(try held(nil, usual, other, other) == usual)
    #expect(try held(usual, other, other, other) == usual)
    #expect(try held(other, usual, usual, usual) == other)
  }

  @Test(
    "An option wins over a preset, also where it says the default", arguments: Experiment.settings)
  func preset(row: ExperimentSetting) throws {
    var preset = Experiment()
    try row.set(&preset, to: Self.other(than: row))
    let setting = try #require(Setting.all.first { $0.name == row.name })
    let usual = row.text(Experiment())
    let options = try ExperimentOptions.parse(Self.typed(setting, usual))
    #expect(row.text(try options.experiment(over: preset)) == usual)
    // A variable does not, but for the seed.
    let settings = try Settings(
      environment: [setting.variable: usual], directory: "/nowhere")
    var command = try #require(
      try Flowscope.parseAsRoot(["train", "--preset", "moons-density"]) as? Train)
    try command.take(settings)
    #expect(command.options.given.names == (row.name == "seed" ? ["seed"] : []))
  }

  @Test(
    "A run that goes on refuses what may not change by its name, also where it is the default",
    arguments: Experiment.settings)
  func resume(row: ExperimentSetting) throws {
    var saved = Experiment()
    try row.set(&saved, to: Self.other(than: row))
    row.lead(&saved)
    let setting = try #require(Setting.all.first { $0.name == row.name })
    func asked(_ text: String) throws -> ExperimentOptions {
      try ExperimentOptions.parse(Self.typed(setting, text))
    }
    let same = try asked(row.text(saved))
    try Resumption.check(
      saved: saved, asked: same.experiment(over: saved), given: same.given.names)
    let usual = try asked(row.text(Experiment()))
    let changed = try usual.experiment(over: saved)
    if row.change == .restarts {
      #expect(throws: Resumption.ChangedOption(name: row.name)) {
        try Resumption.check(saved: saved, asked: changed, given: usual.given.names)
      }
    } else {
      try Resumption.check(saved: saved, asked: changed, given: usual.given.names)
      #expect(row.text(changed) == row.text(Experiment()))
    }
    // A checkpoint says everything else: variables do not reach it.
    var command = try #require(
      try Flowscope.parseAsRoot(["train", "--resume", "a.safetensors"]) as? Train)
    try command.take(
      Settings(environment: [setting.variable: row.text(Experiment())], directory: "/nowhere"))
    #expect(command.options.given.names.isEmpty)
  }

  @Test("What a choice leads to yields to what is given as near, and no farther")
  func leading() throws {
    func experiment(
      _ typed: [String], _ environment: [String: String] = [:]
    ) throws -> Experiment {
      var options = try ExperimentOptions.parse(typed)
      try options.fill(from: Settings(environment: environment, directory: "/nowhere"))
      return try options.experiment()
    }
    #expect(try experiment(["--model", "realnvp:4"]).objective == .likelihood)
    let both = try experiment(["--model", "realnvp:4", "--objective", "flow-matching"])
    #expect(throws: IncompatibleChoice.self) { try both.validate() }
    let nearer = try experiment(
      ["--objective", "flow-matching"], ["FLOWSCOPE_MODEL": "realnvp:4"])
    #expect(nearer.model == .velocity && nearer.objective == .flowMatching)
    let other = try experiment(["--model", "realnvp:4"], ["FLOWSCOPE_OBJECTIVE": "flow-matching"])
    #expect(other.objective == .likelihood)
  }
}
