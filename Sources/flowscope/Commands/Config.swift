import ArgumentParser
import Foundation

/// Every setting, its value and where it comes from.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show every setting, its value and where it comes from.",
    discussion: """
      An option wins over the environment (FLOWSCOPE_LEARNING_RATE), that over ./flowscope.toml, \
      that over $XDG_CONFIG_HOME/flowscope/config.toml, and that over the default. A file has one \
      key for each setting:

        dataset = "moons"
        widths = [128, 128]
        learning-rate = 5e-4

        flowscope config
        flowscope config --batch 100k --json
      """)

  @OptionGroup var report: ReportOptions

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("Options of other commands, which win here too.", valueName: "--name value"))
  var options: [String] = []

  func run() throws {
    var settings = try Settings(environment: ProcessInfo.processInfo.environment)
    try settings.take(typed: options)
    if report.json {
      return try Output.json(
        Dictionary(
          uniqueKeysWithValues: Setting.all.map { setting in
            let value = settings[setting]
            return (
              setting.name.replacing("-", with: "_"),
              ["value": value.text, "origin": value.origin.description]
            )
          }))
    }
    let width = (Setting.all.map(\.name.count).max() ?? 0) + 2
    let lines = Setting.all.map { setting in
      let value = settings[setting]
      let text = value.text.isEmpty ? "by command" : Output.visible(value.text)
      return setting.name.padding(toLength: width, withPad: " ", startingAt: 0)
        + text.padding(toLength: max(16, text.count + 2), withPad: " ", startingAt: 0)
        + value.origin.description
    }
    try Output.data(lines.joined(separator: "\n") + "\n")
  }
}
