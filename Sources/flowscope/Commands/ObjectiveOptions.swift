import ArgumentParser
import FlowMatching

private let usual = LikelihoodOptions()

/// What the network learns by, and how its likelihood is solved in training.
struct ObjectiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is learned: cnf, a velocity field, or realnvp:8, so many couplings (1 to 64), each with "
        + "a network, which are trained by likelihood (default: \(Experiment().model)).",
      valueName: "name"), completion: .models)
  var model: String?

  @Option(
    help: ArgumentHelp(
      "What is minimised: \(Objective.allCases.map(\.rawValue).joined(separator: " or ")), which "
        + "trains a continuous normalizing flow (default: \(Experiment().objective.rawValue)).",
      valueName: "name"), completion: .objectives)
  var objective: String?

  @Option(
    help: ArgumentHelp(
      "The likelihood's method in training (default: \(usual.solver)).", valueName: "solver"),
    completion: .odeSolvers)
  var likelihoodSolver: String?

  @Option(
    help: "Its equal steps, 1 to 1000 (default: \(usual.steps)).", transform: WholeNumber.parse)
  var likelihoodSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Its divergence: \(DivergenceMethod.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "(default: \(usual.divergence.rawValue)).",
      valueName: "name"), completion: .divergences)
  var likelihoodDivergence: String?

  @Option(
    help: ArgumentHelp(
      "Its gradient: discrete, back through the solver, or adjoint, the flow's own "
        + "(default: \(usual.gradient.rawValue)).",
      valueName: "name"), completion: .list(["discrete", "adjoint"]))
  var likelihoodGradient: String?

  @Option(
    help: "The greatest norm of its gradient; a longer one is shortened (default: \(usual.clip)).")
  var likelihoodClip: Double?

  @Flag(help: "Train flow matching beside it, with as much of the network's work, to compare.")
  var likelihoodBesideMatching = false

  /// Sets what was given; what cannot be trained is a usage error with the reason.
  func apply(to experiment: inout Experiment) throws {
    if let model {
      experiment.model = try Failure.named("--model") { try FlowModel.named(model) }
    }
    if let objective {
      experiment.objective = try Failure.choice("--objective", "objective", objective)
    }
    // There is no other way to train couplings.
    if experiment.model != .velocity { experiment.objective = .likelihood }
    if let likelihoodSolver { experiment.likelihood.solver = likelihoodSolver }
    if let likelihoodSteps { experiment.likelihood.steps = likelihoodSteps }
    if let likelihoodDivergence {
      experiment.likelihood.divergence = try Failure.choice(
        "--likelihood-divergence", "divergence", likelihoodDivergence)
    }
    if let likelihoodGradient {
      experiment.likelihood.gradient = try Failure.choice(
        "--likelihood-gradient", "gradient", likelihoodGradient)
    }
    if let likelihoodClip { experiment.likelihood.clip = likelihoodClip }
    if likelihoodBesideMatching { experiment.likelihood.besideMatching = true }
    let complaint = experiment.likelihood.complaint ?? experiment.likelihoodComplaint
    if let complaint { throw Failure.usage(complaint) }
  }
}
