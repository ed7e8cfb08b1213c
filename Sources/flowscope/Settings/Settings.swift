import FileFormats
import FlowMatching
import Foundation

/// The settings that hold without an option, and where each comes from.
///
/// What is given nearer wins: an option, then the environment, then `./flowscope.toml`, then
/// `$XDG_CONFIG_HOME/flowscope/config.toml`, then the default.
struct Settings {
  /// Where a value comes from.
  enum Origin: Equatable, CustomStringConvertible {
    case fallback
    case file(String, line: Int)
    case environment(String)
    case option(String)

    var description: String {
      switch self {
      case .fallback: "default"
      case .option(let name): name
      case .file(let path, _): Output.visible(path)
      case .environment(let variable): variable
      }
    }

    /// The same with the line in a file.
    var place: String {
      if case .file(_, let line) = self { "\(description), line \(line)" } else { description }
    }
  }

  /// A value and where it comes from.
  struct Value: Equatable {
    let text: String
    let origin: Origin
  }

  private var values: [String: Value]

  /// Reads the environment and the files that are there.
  init(environment: [String: String], directory: String = ".") throws {
    var values: [String: Value] = [:]
    for path in Settings.paths(environment, directory) where Settings.exists(path) {
      let file: SettingsFile
      do throws(FileFailure) {
        file = try SettingsFile(
          try POSIXFile(reading: path, onlyRegular: true).readAll(limit: SettingsFile.limit))
      } catch { throw Failure.file(error, path, isInput: true) }
      for (name, text) in file.values {
        values[name] = Value(text: text, origin: .file(path, line: file.lines[name] ?? 1))
      }
    }
    try Settings.checkNames(environment)
    try TerminalOptions.check(environment)
    for setting in Setting.all {
      guard let text = environment[setting.variable], !text.isEmpty else { continue }
      guard setting.accepts(text) else {
        throw Failure.usage(
          "\(setting.variable) must be \(setting.kind.title), not \(FileFailure.printable(text))")
      }
      values[setting.name] = Value(text: text, origin: .environment(setting.variable))
    }
    self.values = values
  }

  /// The value of a setting, by default its fallback.
  subscript(setting: Setting) -> Value {
    values[setting.name] ?? Value(text: setting.fallback, origin: .fallback)
  }

  /// Takes what was typed, `--name value` or `--name=value` of any setting, before everything else.
  mutating func take(typed: [String]) throws {
    var rest = typed[...]
    while let first = rest.popFirst() {
      let parts = first.split(separator: "=", maxSplits: 1).map(String.init)
      let name = parts.first ?? ""
      guard let setting = Setting.all.first(where: { "--" + $0.name == name }) else {
        let names = Setting.all.map { "--" + $0.name }
        throw Failure.usage(UnknownName(kind: "setting", name: name, among: names).description)
      }
      let text =
        setting.kind == .flag && parts.count == 1
        ? "true" : parts.count == 2 ? parts[1] : rest.popFirst() ?? ""
      guard setting.accepts(text) else {
        throw Failure.usage(
          "\(name) must be \(setting.kind.title), not “\(FileFailure.printable(text))”",
          option: name)
      }
      values[setting.name] = Value(text: text, origin: .option(name))
    }
  }

  /// The options that stand for what was set, for a command whose own options follow.
  ///
  /// Of steps and tolerance only what suits the solver: one that was typed may be of another kind
  /// than the one that the file had in mind.
  func options(for command: String, beside typed: [String]) -> [String] {
    func isTyped(_ names: String...) -> Bool {
      typed.contains { argument in
        names.contains { argument == "--" + $0 || argument.hasPrefix("--\($0)=") }
          || names.contains("seed") && argument.hasPrefix("-s")
      }
    }
    let solver = Arguments.value(of: "--solver", in: typed) ?? values["solver"]?.text
    let isAdaptive =
      (try? solver.map { try ButcherTableau.named($0) })??.hasErrorEstimate
      ?? isTyped("tolerance")
    return Setting.all.flatMap { setting -> [String] in
      guard let value = values[setting.name], setting.scope.includes(command) else { return [] }
      if setting.scope == .training {
        // A checkpoint that goes on says everything, a preset everything but the seed.
        if command == "train" && isTyped("resume") { return [] }
        if isTyped("preset") && setting.name != "seed" { return [] }
      }
      switch setting.name {
      case "dataset" where isTyped("data"): return []
      case "solver-steps" where isAdaptive || isTyped("tolerance"): return []
      case "tolerance" where isTyped("steps", "solver-steps"): return []
      case "tolerance" where solver != nil && !isAdaptive: return []
      case "train-steps" where isTyped("steps") && command == "train": return []
      default: break
      }
      if !isTyped(setting.name) { SettingOrigins.record(setting.name, value) }
      if setting.kind == .flag { return value.text == "true" ? ["--\(setting.name)"] : [] }
      return ["--\(setting.name)=\(value.text)"]
    }
  }

  /// Refuses a variable that looks like a setting's and is none: it would be passed over in silence.
  private static func checkNames(_ environment: [String: String]) throws {
    let prefix = "FLOWSCOPE_"
    let names = Setting.all.map(\.variable) + TerminalOptions.variables
    let ends = names.map { $0.dropFirst(prefix.count).lowercased() }
    for name in environment.keys.sorted() where name.hasPrefix(prefix) && !names.contains(name) {
      let end = String(name.dropFirst(prefix.count))
      // One that resembles none may be another program's.
      guard let nearest = UnknownName(kind: "variable", name: end, among: ends).nearest else {
        continue
      }
      throw Failure.usage(
        "no setting reads the variable \(Output.visible(name)); did you mean "
          + "\(prefix)\(nearest.uppercased())?")
    }
  }

  private static func paths(_ environment: [String: String], _ directory: String) -> [String] {
    var home = environment["XDG_CONFIG_HOME"] ?? ""
    // The specification has relative paths ignored.
    if !home.hasPrefix("/") { home = environment["HOME"].map { $0 + "/.config" } ?? "" }
    let own = directory == "." ? "./flowscope.toml" : directory + "/flowscope.toml"
    return (home.isEmpty ? [] : [home + "/flowscope/config.toml"]) + [own]
  }

  private static func exists(_ path: String) -> Bool { POSIXFile.version(of: path) != nil }
}
