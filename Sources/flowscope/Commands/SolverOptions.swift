import ArgumentParser
import FlowMatching
import FlowViewer

/// How the ODE is solved: the same options wherever something is sampled.
struct SolverOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The solver: \(ButcherTableau.all.map(\.name).joined(separator: ", ")).", valueName: "name"),
    completion: .solvers)
  var solver: String?

  @Option(
    name: [.customLong("solver-steps"), .customLong("steps")],
    help: "Steps of a fixed-step solver (default: 20; evaluate and solvers that add noise 100).",
    transform: WholeNumber.parse)
  var steps: Int?

  @Option(help: "Tolerance of an adaptive solver (default: 1e-3 in the viewer, else 1e-5).")
  var tolerance: Double?

  /// Whether any of them was given.
  var isGiven: Bool { solver != nil || steps != nil || tolerance != nil }

  /// The settings of the viewer's first lane: at most 256 steps, or a power of ten as the tolerance.
  func settings() throws -> LaneSettings {
    let (tableau, _) = try choice(fallback: .midpoint, steps: 256, tolerances: 1e-9...1e-1)
    var exponent = -1
    var power = 0.1
    let tolerance = tolerance ?? 1e-3
    while exponent > -9, tolerance < power / 3.1622776601683795 {
      exponent -= 1
      power /= 10
    }
    return LaneSettings(tableau, steps: steps ?? 20, toleranceExponent: exponent)
  }

  /// The method and its steps, exactly as asked for.
  func method(
    fallback: ButcherTableau = .midpoint, steps defaultSteps: Int = 20
  ) throws -> (tableau: ButcherTableau, control: StepControl) {
    try choice(
      fallback: fallback, steps: 100_000, tolerances: 1e-12...1e-1, defaultSteps: defaultSteps)
  }

  private func choice(
    fallback: ButcherTableau, steps limit: Int, tolerances: ClosedRange<Double>,
    defaultSteps: Int = 20
  ) throws -> (ButcherTableau, StepControl) {
    try SolverChoice(solver: solver, steps: steps, tolerance: tolerance).method(
      fallback: fallback, steps: limit, tolerances: tolerances, defaultSteps: defaultSteps)
  }
}
