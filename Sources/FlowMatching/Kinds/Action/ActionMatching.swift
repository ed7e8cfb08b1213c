/// A potential whose gradient moves p₀ along given p_t, learned of their draws alone: action matching
/// (Neklyudov, Brekelmans, Severo and Makhzani, 2023).
///
/// With noise g the flow is the process dX = ∇s dt + g dW, the entropic form.
public struct ActionMatching: FlowKind {
  public let experiment: Experiment

  public init(_ experiment: Experiment) { self.experiment = experiment }

  public static func learns(_ experiment: Experiment) -> Bool {
    experiment.space == nil && experiment.letters == nil && experiment.model.layers == nil
      && (experiment.objective == .action || experiment.model == .potential)
      && experiment.model != .interpolant && experiment.objective != .interpolant
  }

  public var shortTitle: String { "action" }
  public var title: String { "∇ " + experiment.shape.title }
  public var words: LossWords { .action }
  /// Forward and back at the ends and along the way, with a tangent there, and the slopes before.
  public var stepPrice: Int { experiment.actionNoise > 0 ? 10 : 4 }
  public var workPerStep: Double {
    14 + (experiment.actionNoise > 0 ? 9 * Double(experiment.dimension) : 0)
  }
  public var evaluationsPerStep: Int { 4 }

  /// From N(0, I) with independent pairs the velocity is the path's own, and tells the score. Elsewhere noise
  /// cannot be taken out of the drift again.
  public var traits: FlowTraits {
    var traits = FlowTraits()
    if isGaussian {
      (traits.hasSchedules, traits.hasScore) = (experiment.actionNoise == 0, true)
    } else {
      traits.ownNoise = experiment.actionNoise
    }
    return traits
  }

  /// Whether p_t is that of the affine path from N(0, I) with independent pairs, where ∇s tells the score.
  private var isGaussian: Bool {
    experiment.path == .affine && experiment.source == Source.gaussian
      && experiment.coupling == .independent
  }

  public var complaint: String? {
    if experiment.model != .potential || experiment.objective != .action {
      return "action matching learns a potential: use --objective action alone"
    }
    if ConditionalPath.interpolants.contains(where: { $0.name == experiment.path.name }) {
      return "the path \(experiment.path) is of an interpolant: use --objective interpolant"
    }
    if !experiment.activation.hasContinuousDerivative
      || experiment.actionNoise > 0 && !experiment.activation.hasContinuousSecondDerivative
    {
      return
        "a potential's slopes need an activation without kinks, not \(experiment.activation.title): use "
        + "silu, tanh, gelu or softplus"
    }
    if experiment.prediction != .velocity || experiment.loss != .squared {
      return "an action has a loss of its own; leave out prediction and loss"
    }
    if !experiment.classes.isEmpty || experiment.learnsPosterior {
      return "action matching knows neither classes nor observations; use --labels none"
    }
    return experiment.timeComplaint
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    ActionObjective(experiment, from: source, to: dataset, instructionSet: instructionSet)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    let slopes = PotentialField(MLPWeights(weights), instructionSet: instructionSet)
    guard isGaussian, experiment.actionNoise > 0 else {
      return PotentialFlow(slopes, traits: traits)
    }
    return PotentialFlow(
      EntropicField(slopes, noise: experiment.actionNoise, scheduler: experiment.scheduler),
      traits: traits)
  }

  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    LossFloorEstimation(known: ActionError(experiment, to: dataset)?.leastAction)
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? {
    ActionError(experiment, to: dataset)
  }
}
