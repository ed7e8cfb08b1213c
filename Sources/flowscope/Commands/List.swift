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
      ("conversions", "conversions", conversions),
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
