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
    case file(String)
    case environment(String)

    var description: String {
      switch self {
      case .fallback: "default"
      case .file(let path): Output.visible(path)
      case .environment(let variable): variable
      }
    }
  }

  /// A value and where it comes from.
  struct Value: Equatable {
    let text: String
    let origin: Origin
  }

  private let values: [String: Value]

  /// Reads the environment and the files that are there.
  init(environment: [String: String], directory: String = ".") throws {
    var values: [String: Value] = [:]
    for path in Settings.paths(environment, directory) where Settings.exists(path) {
      let file: SettingsFile
      do throws(FileFailure) {
        file = try SettingsFile(
          try POSIXFile(reading: path, onlyRegular: true).readAll(limit: SettingsFile.limit))
      } catch { throw Failure.file(error, path, isInput: true) }
      for (name, text) in file.values { values[name] = Value(text: text, origin: .file(path)) }
    }
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

  /// The options that stand for what was set, for a command whose own options follow.
  ///
  /// Of steps and tolerance only what suits the solver: one that was typed may be of another kind
  /// than the one that the file had in mind.
  func options(for command: String, beside typed: [String]) -> [String] {
    func isTyped(_ names: String...) -> Bool {
      typed.contains { argument in
        names.contains { argument == "--" + $0 || argument.hasPrefix("--\($0)=") }
      }
    }
    let solver = Arguments.value(of: "--solver", in: typed) ?? values["solver"]?.text
    let isAdaptive =
      (try? solver.map { try ButcherTableau.named($0) })??.hasErrorEstimate
      ?? isTyped("tolerance")
    return Setting.all.flatMap { setting -> [String] in
      guard let value = values[setting.name], setting.scope.includes(command) else { return [] }
      switch setting.name {
      case "solver-steps" where isAdaptive || isTyped("tolerance"): return []
      case "tolerance" where isTyped("steps", "solver-steps"): return []
      case "tolerance" where solver != nil && !isAdaptive: return []
      case "train-steps" where isTyped("steps") && command == "train": return []
      default: break
      }
      if setting.kind == .flag { return value.text == "true" ? ["--\(setting.name)"] : [] }
      return ["--\(setting.name)=\(value.text)"]
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
