import FlowMatching

/// A solver by name with its steps or its tolerance, as options of some prefix give them.
struct SolverChoice {
  let solver: String?
  let steps: Int?
  let tolerance: Double?
  /// The options' names, for messages.
  var solverOption = "--solver"
  var stepsOption = "--solver-steps"
  var toleranceOption = "--tolerance"

  /// The method and its steps.
  func method(
    fallback: ButcherTableau, steps limit: ClosedRange<Int>, tolerances: ClosedRange<Double>,
    defaultSteps: Int
  ) throws -> (ButcherTableau, StepControl) {
    var tableau = fallback
    if let solver {
      tableau = try Failure.named(solverOption) { try ButcherTableau.named(solver) }
    } else if tolerance != nil && !tableau.hasErrorEstimate {
      tableau = .dormandPrince
    }
    if let steps, !limit.contains(steps) {
      throw Failure.usage(
        "\(stepsOption) must be \(limit.lowerBound) to \(limit.upperBound), not \(steps)")
    }
    if let tolerance, !tolerances.contains(tolerance) {
      throw Failure.usage(
        "\(toleranceOption) must be between \(tolerances.lowerBound) and \(tolerances.upperBound)")
    }
    if tableau.hasErrorEstimate {
      guard steps == nil else {
        throw Failure.usage(
          "\(tableau.name) chooses its own steps: give \(toleranceOption), not \(shortStepsOption)")
      }
      let tolerance = tolerance ?? 1e-5
      return (tableau, .adaptive(relative: tolerance, absolute: tolerance))
    }
    guard tolerance == nil else {
      throw Failure.usage(
        "\(tableau.name) takes equal steps: give \(shortStepsOption), not \(toleranceOption)")
    }
    return (tableau, .fixed(steps: steps ?? defaultSteps))
  }

  private var shortStepsOption: String {
    stepsOption == "--solver-steps" ? "--steps" : stepsOption
  }
}
