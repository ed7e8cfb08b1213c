import ArgumentParser
import FlowMatching
import FlowViewer

/// What there is to choose from.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List everything that can be chosen by name.",
    discussion: """
        flowscope list
        flowscope list --json
      """)

  @OptionGroup var options: ReportOptions

  func run() throws {
    let families: [(title: String, key: String, members: [(name: String, note: String)])] = [
      ("data sets", "datasets", DatasetCatalog.all.map { ($0.name, $0.summary) }),
      (
        "solvers", "solvers",
        ButcherTableau.all.map { ($0.name, "\($0.title), order \($0.order)") }
      ),
      (
        "schedulers", "schedulers",
        Scheduler.all.map { ($0.name, $0.formula + ($0.startMismatch.map { "; " + $0 } ?? "")) }
      ),
      ("paths", "paths", ConditionalPath.all.map { ($0.name, $0.formula) }),
      (
        "couplings", "couplings",
        CouplingChoice.all.map { ("\($0)", $0.summary) }
      ),
      ("losses", "losses", Loss.all.map { ("\($0)", $0.formula) }),
      ("predictions", "predictions", Prediction.allCases.map { ($0.rawValue, $0.summary) }),
      (
        "stochastic solvers", "stochastic_solvers",
        StochasticMethods.all.map { ($0.name, "\($0.title), weak order \($0.weakOrder)") }
      ),
      ("noise schedules", "noise_schedules", NoiseSchedule.all.map { ($0.name, $0.formula) }),
      ("activations", "activations", Activation.allCases.map { ($0.rawValue, $0.title) }),
      ("objectives", "objectives", Objective.allCases.map { ($0.rawValue, $0.title) }),
      ("presets", "presets", Preset.all.map { ($0.name, $0.title) }),
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
