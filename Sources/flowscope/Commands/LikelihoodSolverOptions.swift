import ArgumentParser
import FlowMatching

/// How log p is solved for where the samples have a solver of their own.
struct LikelihoodSolverOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The solver of log p (default: each point by its own steps to 1e-3 nats).", valueName: "name"),
    completion: .odeSolvers)
  var likelihoodSolver: String?

  @Option(help: "Its steps, where it takes equal ones (default: 50).")
  var likelihoodSteps: Int?

  @Option(help: "Its tolerance, where it chooses them (default: 1e-5).")
  var likelihoodTolerance: Double?

  /// The method that they name, or the default.
  func method() throws -> LikelihoodMethod {
    if likelihoodSolver == nil && likelihoodSteps == nil && likelihoodTolerance == nil {
      return .usual
    }
    let choice = SolverChoice(
      solver: likelihoodSolver, steps: likelihoodSteps, tolerance: likelihoodTolerance,
      solverOption: "--likelihood-solver", stepsOption: "--likelihood-steps",
      toleranceOption: "--likelihood-tolerance")
    let (tableau, control) = try choice.method(
      fallback: .rk4, steps: SolverOptions.possibleSteps,
      tolerances: SolverOptions.possibleTolerances, defaultSteps: 50)
    return .solved(tableau, control)
  }
}
