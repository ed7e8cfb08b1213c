/// A map from any time t to a later r, learned at once: few jumps where a solver takes many steps (Boffi et
/// al., 2025; Geng et al., 2025; Frans et al., 2025).
public struct FlowMap: FlowKind {
  public let experiment: Experiment

  public init(_ experiment: Experiment) { self.experiment = experiment }

  public static func learns(_ experiment: Experiment) -> Bool {
    experiment.space == nil && experiment.letters == nil && experiment.model == .velocity
      && experiment.objective.isMap
  }

  public var words: LossWords { .map }
  public var stepPrice: Int { 2 }

  public var complaint: String? {
    if !experiment.activation.hasContinuousDerivative {
      return
        "\(experiment.activation.title)'s derivative jumps at 0, and the tangents of a flow map "
        + "with it: use silu, tanh, elu, gelu or softplus"
    }
    if experiment.prediction != .velocity || experiment.loss != .squared {
      return
        "a flow map is a mean velocity, learned by the squared error; leave out the prediction "
        + "and the loss"
    }
    if let complaint = experiment.classComplaint { return complaint }
    if experiment.path.hasNoise {
      return "a flow map needs a path without noise of its own, such as affine"
    }
    if experiment.mapTangent != .flow, !experiment.objective.takesTangents {
      return
        "\(experiment.objective.title) takes no tangent along the velocity; leave out map-tangent"
    }
    if experiment.jumpCount == experiment.batch, !experiment.learnsWhereItJumps {
      return
        "all \(experiment.batch) points of a batch jump, and a jump of \(experiment.objective.title) learns "
        + "from the network alone: no data would enter; use a smaller map-share or a larger batch"
    }
    if experiment.mapTeacher == .exact {
      if experiment.path != .affine || experiment.coupling != .independent {
        return
          "the exact field is that of independent pairs on an affine path; use map-teacher pairs"
      }
      if !experiment.classes.isEmpty {
        return
          "the exact field is that of all data, and a class has its own; use map-teacher pairs, or "
          + "--labels none"
      }
      if experiment.objective == .shortcut {
        return "a shortcut learns from its own halves; use map-teacher pairs"
      }
    }
    return nil
  }

  /// The velocity ū(x, t, t) is that of the path; other schedules would need another map.
  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.isMap = true
    traits.classes = experiment.classes
    traits.hasScore =
      experiment.path == .affine && experiment.source == Source.gaussian
      && experiment.coupling == .independent
    return traits
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    let teacher = experiment.mapTeacher == .exact ? experiment.exactField(to: dataset) : nil
    return FlowMapObjective(
      experiment, from: source, to: dataset, teacher: teacher, instructionSet: instructionSet,
      threads: threads)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    flow(of: weights, .none, instructionSet: instructionSet)
  }

  public func flow(
    of weights: FlowWeights, _ asked: Guidance, instructionSet: InstructionSet
  ) -> any Flow {
    LearnedMap(
      MLPWeights(weights).bound(to: asked.label), traits: traits, instructionSet: instructionSet)
  }

  /// Forward and back twice, and for jumps a pass with a tangent, and another where one is needed.
  public var workPerStep: Double {
    let passes = [.meanFlow, .consistency].contains(experiment.objective) ? 2.0 : 3
    return 3 + passes * experiment.mapShare
  }

  public var evaluationsPerStep: Int { 2 }

  /// The target's noise depends on the map; its floor is known for Gaussians alone (identity 42).
  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    LossFloorEstimation(known: nil)
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? {
    MapError(experiment, to: dataset)
  }
}

extension Experiment {
  /// The points of a batch that learn jumps of a flow map, of which there is one at least.
  var jumpCount: Int { min(batch, max(1, Int(mapShare * Double(batch) + 0.5))) }

  /// Whether the targets of jumps hold a velocity of the data, or of the exact field, and not the network's
  /// own alone.
  fileprivate var learnsWhereItJumps: Bool {
    switch objective {
    case .shortcut: false
    case .lagrangian: mapTeacher == .exact
    default: true
    }
  }
}

extension LossWords {
  /// Those of a flow map.
  static let map = LossWords(
    name: "loss", excess: "E|X₀₁−X*|²",
    unknownExcess: "the exact flow of this target is not known",
    unknownField: "the exact field of this target is not known",
    floor: leastAverage.words, briefFloor: leastAverage.brief)
}
