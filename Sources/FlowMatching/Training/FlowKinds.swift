/// Every kind of flow.
public enum FlowKinds {
  /// The kinds; the first that learns an experiment is its own.
  public static let all: [any FlowKind.Type] = [
    TokenMatching.self, GeodesicMatching.self, StochasticInterpolant.self, ParticleMatching.self,
    ActionMatching.self,
    Matching.self,
    FlowMap.self,
    ContinuousFlow.self,
    AffineLayers.self,
  ]
}

extension Experiment {
  /// What kind of flow it learns.
  public var kind: any FlowKind {
    guard let kind = FlowKinds.all.first(where: { $0.learns(self) }) else {
      preconditionFailure("every model and objective belongs to a kind")
    }
    return kind.init(self)
  }

  /// What can be asked of the flow that it learns.
  public var traits: FlowTraits { kind.traits }

  /// The number of weights that are learned.
  public var parameterCount: Int { shape.parameterCount * kind.networkCount }

  /// The name of what is learned, with its networks' shape: "RealNVP 8 × MLP 2×64 SiLU".
  public var modelTitle: String { kind.title }

  /// Why the experiment cannot be trained by its objective; nil where it can.
  public var likelihoodComplaint: String? { kind.complaint }

  /// The work of a step for each point of its batch, see `MatchingRival`.
  var workPerStep: Double { kind.workPerStep }

  /// How often a step evaluates a network at each point of its batch on the way forward.
  public var evaluationsPerStep: Int { kind.evaluationsPerStep }

  /// The velocity field of what was learned, with its divergence.
  ///
  /// Everything that samples, measures or draws a trained flow goes through it. What they are the
  /// weights of is theirs to say.
  public func velocityField(
    of weights: FlowWeights, instructionSet: InstructionSet = .best
  ) -> LearnedField {
    velocityField(of: weights, .none, instructionSet: instructionSet)
  }

  /// The same given an observation, or of a class and guided, away from itself without the class or from another flow.
  public func velocityField(
    of weights: FlowWeights, _ guidance: Guidance, awayFrom guide: (any Flow)? = nil,
    instructionSet: InstructionSet = .best
  ) -> LearnedField {
    // Older weights may be of another model than what is learned by now.
    var own = self
    own.choose(weights.model)
    let kind = own.kind
    let flow = kind.flow(of: weights, guidance, instructionSet: instructionSet)
    guard guidance.needsGuide, guidance.label != nil || guide != nil else {
      return LearnedField(weights, flow, kind.traits)
    }
    let other = guide ?? kind.flow(of: weights, .none, instructionSet: instructionSet)
    return LearnedField(weights, GuidedFlow(flow, awayFrom: other, guidance), kind.traits)
  }
}
