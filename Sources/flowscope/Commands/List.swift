import ArgumentParser
import FlowMatching
import FlowViewer
import Foundation

/// What there is to choose from.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List everything that can be chosen by name.",
    discussion: """
        flowscope list
        flowscope list --json
      """)

  @OptionGroup var options: ReportOptions

  /// Each prediction by each other one, in letters and at t = 0.5 under conditional OT.
  private var conversions: [(name: String, note: String)] {
    let table = ConversionTable(Scheduler.conditionalOT.coefficients(at: 0.5))
    return Prediction.allCases.flatMap { wanted in
      Prediction.allCases.filter { $0 != wanted }.map { given in
        let c = table.combination(of: wanted, from: given)
        let values = String(format: "%g x %+g %@", c.x, c.other, given.symbol)
        return (
          "\(wanted.symbol) from \(given.symbol)",
          ConversionTable.formula(of: wanted, from: given) + "; cond-ot at t 0.5: " + values
        )
      }
    }
  }

  /// A heading with what can be chosen under it.
  struct Family {
    let title: String
    let members: [SettingChoice]

    /// The same as a key of JSON.
    var key: String {
      // One word in the contract, though two on the screen.
      title == "data sets" ? "datasets" : title.replacing(" ", with: "_")
    }
  }

  /// The choices of all settings, and those of options of single commands.
  static let families: [Family] = {
    var families: [Family] = []
    for setting in Experiment.settings
    where !setting.family.isEmpty && !families.contains(where: { $0.title == setting.family }) {
      families.append(Family(title: setting.family, members: setting.choices))
    }
    return families + [
      Family(
        title: "stochastic solvers",
        members: StochasticMethods.all.map {
          SettingChoice(name: $0.name, note: "\($0.title), weak order \($0.weakOrder)")
        }),
      Family(
        title: "noise schedules",
        members: NoiseSchedule.all.map { SettingChoice(name: $0.name, note: $0.formula) }),
      Family(
        title: "presets",
        members: Preset.all.map { SettingChoice(name: $0.name, note: $0.title) }),
      Family(
        title: "chapters",
        members: Chapter.all.map { SettingChoice(name: $0.name, note: $0.title) }),
      Family(
        title: "glossary",
        members: Glossary.all.map { SettingChoice(name: $0.term, note: $0.text) }),
    ]
  }()

  func run() throws {
    let families =
      List.families + [
        Family(
          title: "conversions",
          members: conversions.map { SettingChoice(name: $0.name, note: $0.note) })
      ]
    if options.json {
      return try Output.json(
        Dictionary(uniqueKeysWithValues: families.map { ($0.key, $0.members.map(\.name)) }))
    }
    let width = families.flatMap(\.members).map(\.name.count).max() ?? 0
    var lines: [TerminalText] = []
    for (index, family) in families.enumerated() {
      if index > 0 { lines.append(TerminalText("")) }
      lines.append(options.emphasised(family.title, .heading))
      for member in family.members {
        let name = "  " + member.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
        lines.append(TerminalText(name + member.note))
      }
    }
    try Output.data(lines.lines)
  }
}
