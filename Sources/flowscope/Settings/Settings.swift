import FileFormats
import FlowMatching
import Foundation

/// The settings that hold without an option, and where each comes from.
///
/// What is given nearer wins: an option, then a preset, then the environment, then `./flowscope.toml`,
/// then `$XDG_CONFIG_HOME/flowscope/config.toml`, then the default.
struct Settings {
  /// A value and where it comes from.
  struct Value: Equatable {
    let text: String
    let origin: SettingOrigin
  }

  private var values: [String: Value]

  /// Reads the environment and the files that are there.
  init(environment: [String: String], directory: String = ".") throws {
    var values: [String: Value] = [:]
    for origin in Settings.files(environment, directory) {
      guard let path = origin.file?.path, POSIXFile.version(of: path) != nil else { continue }
      let file: SettingsFile
      do throws(FileFailure) {
        file = try SettingsFile(
          try POSIXFile(reading: path, onlyRegular: true).readAll(limit: SettingsFile.limit))
      } catch { throw Failure.file(error, path, isInput: true) }
      for (name, text) in file.values {
        values[name] = Value(text: text, origin: origin.at(file.lines[name] ?? 1))
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
    given(setting) ?? Value(text: setting.fallback, origin: .fallback)
  }

  /// The value of a setting; nil where nobody gives one.
  func given(_ setting: Setting) -> Value? { values[setting.name] }

  /// Takes what was typed, `--name value` or `--name=value` of any setting, before everything else.
  mutating func take(typed: [String]) throws {
    var rest = typed[...]
    while let first = rest.popFirst() {
      let parts = first.split(separator: "=", maxSplits: 1).map(String.init)
      let name = parts.first ?? ""
      let isOff = name.hasPrefix("--no-")
      let meant = isOff ? "--" + name.dropFirst(5) : name
      guard let setting = Setting.all.first(where: { "--" + $0.name == meant }),
        setting.kind == .flag || !isOff
      else {
        let names = Setting.all.map { "--" + $0.name }
        throw Failure.usage(UnknownName(kind: "setting", name: name, among: names).description)
      }
      let text =
        setting.kind == .flag && parts.count == 1
        ? "\(!isOff)" : parts.count == 2 ? parts[1] : rest.popFirst() ?? ""
      guard setting.accepts(text) else {
        throw Failure.usage(
          "\(name) must be \(setting.kind.title), not “\(FileFailure.printable(text))”",
          option: name)
      }
      values[setting.name] = Value(text: text, origin: .option(name))
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

  /// The files that may be there, the weaker first.
  private static func files(
    _ environment: [String: String], _ directory: String
  ) -> [SettingOrigin] {
    let users = OwnFolders.path("XDG_CONFIG_HOME", usually: ".config", in: environment)
    let own = directory == "." ? "./flowscope.toml" : directory + "/flowscope.toml"
    return (users.map { [.usersFile($0 + "/config.toml", line: 1)] } ?? [])
      + [.folderFile(own, line: 1)]
  }
}

extension SettingOrigin {
  /// The same file at another line.
  fileprivate func at(_ line: Int) -> SettingOrigin {
    switch self {
    case .usersFile(let path, _): .usersFile(path, line: line)
    case .folderFile(let path, _): .folderFile(path, line: line)
    case .fallback, .environment, .option: self
    }
  }
}
