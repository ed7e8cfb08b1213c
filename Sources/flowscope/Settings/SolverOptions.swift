import ArgumentParser
import FlowMatching
import FlowViewer

/// How the ODE is solved: the same options wherever something is sampled.
struct SolverOptions: SettingOptions {
  /// The steps and the tolerances that a solve without a screen may have.
  static let possibleSteps = 1...100_000
  static let possibleTolerances = 1e-12...1e-1

  private static let solverSetting = Setting(
    "solver",
    SettingDomain<String>.name { text throws(UnknownName) in
      if !names.contains(text) { throw UnknownName(kind: "solver", name: text, among: names) }
    }.listing("", names.map { SettingChoice(name: $0) }),
    "The solver: \(ButcherTableau.all.map(\.name).joined(separator: ", ")); of a flow map also map, "
      + "its usual one, whose steps are jumps.")

  /// The jumps of a flow map in place of a solver.
  static let map = "map"

  private static let names =
    ButcherTableau.all.map(\.name) + StochasticMethods.all.map(\.name) + [map]

  private static let gridSetting = Setting(
    "time-grid", SettingDomain<TimeGrid>.timeGrid, fallback: "uniform", valueName: "grid",
    "Where fixed steps end: uniform, shift:s, edm:ρ, cosine, best, or times such as 0.2,0.5 "
      + "(default: uniform).")

  private static let stepsSetting: Setting = {
    var setting = Setting(
      "solver-steps", SettingDomain<Int>.whole(possibleSteps),
      "Steps of a fixed-step solver (default: 20; evaluate and solvers that add noise 100), jumps of a map "
        + "(default: 1).")
    setting.alias = "steps"
    return setting
  }()

  private static let toleranceSetting = Setting(
    "tolerance", SettingDomain<Double>.between(possibleTolerances),
    "Tolerance of an adaptive solver (default: 1e-3 in the viewer, else 1e-5).")

  static let settings = [solverSetting, stepsSetting, toleranceSetting, gridSetting]

  var given = GivenSettings()

  var solver: String? { given.text(SolverOptions.solverSetting) }
  var steps: Int? { given.integer(SolverOptions.stepsSetting) }
  var tolerance: Double? { given.number(SolverOptions.toleranceSetting) }
  /// Where fixed steps end; nil where nobody says.
  var grid: TimeGrid? { given.text(SolverOptions.gridSetting).flatMap { TimeGrid($0) } }

  /// Takes from the environment and the files what was not typed.
  ///
  /// Of steps and tolerance only what suits the solver: one that was typed may be of another kind
  /// than the one that the file had in mind.
  mutating func fill(from settings: Settings) throws {
    let name = solver ?? settings.given(SolverOptions.solverSetting)?.text
    let isAdaptive =
      name.map { name in ButcherTableau.all.first { $0.name == name }?.hasErrorEstimate ?? false }
      ?? (tolerance != nil)
    var except: Set<String> = []
    if isAdaptive || tolerance != nil {
      except.formUnion([SolverOptions.stepsSetting.name, SolverOptions.gridSetting.name])
    }
    if steps != nil || name != nil && !isAdaptive {
      except.insert(SolverOptions.toleranceSetting.name)
    }
    try fill(from: settings, except: except)
  }

  /// Whether any of them was given.
  var isGiven: Bool { solver != nil || steps != nil || tolerance != nil }

  /// The settings of the viewer's first lane: at most 256 steps, or a power of ten as the tolerance.
  func settings() throws -> LaneSettings {
    let (tableau, control) = try choice(
      fallback: .midpoint, steps: LaneSettings.possibleSteps,
      tolerances: LaneSettings.possibleTolerances)
    var settings =
      isMap
      ? LaneSettings.jumps(steps ?? 1)
      : LaneSettings(
        tableau, steps: control.steps ?? steps ?? 20,
        toleranceExponent: LaneSettings.exponent(of: tolerance ?? 1e-3))
    if grid == .best {
      throw Failure.usage(
        "the best grid belongs to one flow: “flowscope time-grid FILE” prints it, and "
          + "--time-grid takes the times", option: "--time-grid")
    }
    if let grid, grid != .uniform { settings.grid = grid }
    if case .list(let times)? = grid { settings.steps = times.count - 1 }
    return settings
  }

  /// The method and its steps, exactly as asked for.
  func method(
    fallback: ButcherTableau = .midpoint, steps defaultSteps: Int = 20
  ) throws -> (tableau: ButcherTableau, control: StepControl) {
    try choice(
      fallback: fallback, steps: SolverOptions.possibleSteps,
      tolerances: SolverOptions.possibleTolerances, defaultSteps: defaultSteps)
  }

  private func choice(
    fallback: ButcherTableau, steps limit: ClosedRange<Int>, tolerances: ClosedRange<Double>,
    defaultSteps: Int = 20
  ) throws -> (ButcherTableau, StepControl) {
    if isMap, tolerance != nil {
      throw Failure.usage(
        "a flow map jumps: give --steps, not --tolerance", option: "--tolerance")
    }
    // A map's stand-in is what it is solved by where it cannot jump.
    let (tableau, control) = try SolverChoice(
      solver: isMap ? nil : solver, steps: steps, tolerance: tolerance
    ).method(
      fallback: fallback, steps: limit, tolerances: tolerances, defaultSteps: defaultSteps)
    return (tableau, try placed(control, tableau))
  }
}
