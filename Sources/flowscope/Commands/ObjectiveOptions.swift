import ArgumentParser
import FlowMatching

/// What the network learns by, and how its likelihood is solved in training.
struct ObjectiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is learned: cnf, a velocity field, or realnvp:8, so many couplings (1 to 64), each with "
        + "a network, which are trained by likelihood.", valueName: "name"))
  var model = Experiment().model.description

  @Option(
    help: ArgumentHelp(
      "What is minimised: \(Objective.allCases.map(\.rawValue).joined(separator: " or ")), which "
        + "trains a continuous normalizing flow.", valueName: "name"))
  var objective = Experiment().objective.rawValue

  @Option(
    help: ArgumentHelp("The likelihood's method in training.", valueName: "solver"))
  var likelihoodSolver = LikelihoodOptions().solver

  @Option(help: "Its equal steps, 1 to 1000.")
  var likelihoodSteps = LikelihoodOptions().steps

  @Option(
    help: ArgumentHelp(
      "Its divergence: \(DivergenceMethod.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var likelihoodDivergence = LikelihoodOptions().divergence.rawValue

  @Option(
    help: ArgumentHelp(
      "Its gradient: discrete, back through the solver, or adjoint, the flow's own.",
      valueName: "name"))
  var likelihoodGradient = LikelihoodOptions().gradient.rawValue

  @Option(help: "The greatest norm of its gradient; a longer one is shortened.")
  var likelihoodClip = LikelihoodOptions().clip

  @Flag(help: "Train flow matching beside it, with as much of the network's work, to compare.")
  var likelihoodBesideMatching = false

  /// Sets what was given; what cannot be trained is a usage error with the reason.
  func apply(to experiment: inout Experiment) throws {
    do { experiment.model = try FlowModel.named(model) } catch {
      throw Failure.usage(error.description)
    }
    experiment.objective = try choice("objective", objective)
    // There is no other way to train couplings.
    if experiment.model != .velocity { experiment.objective = .likelihood }
    experiment.likelihood.solver = likelihoodSolver
    experiment.likelihood.steps = likelihoodSteps
    experiment.likelihood.divergence = try choice("divergence", likelihoodDivergence)
    experiment.likelihood.gradient = try choice("gradient", likelihoodGradient)
    experiment.likelihood.clip = likelihoodClip
    experiment.likelihood.besideMatching = likelihoodBesideMatching
    let complaint = experiment.likelihood.complaint ?? experiment.likelihoodComplaint
    if let complaint { throw Failure.usage(complaint) }
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ kind: String, _ name: String
  ) throws -> Choice {
    if let known = Choice(rawValue: name) { return known }
    let names = Choice.allCases.map(\.rawValue)
    throw Failure.usage(UnknownName(kind: kind, name: name, among: names).description)
  }
}
