/// What kind of flow is learned.
public enum FlowModel: NumberedChoice {
  /// One network, a velocity field, whose ODE is the flow: "cnf".
  case velocity
  /// So many layers of affine maps, each with a network of its own, one after the other: "realnvp:8".
  case affineLayers(Int)
  /// Two networks, the drift and the denoiser of a stochastic interpolant: "interpolant".
  case interpolant
  /// One network of one output, the potential whose gradient is the velocity: "potential".
  case potential
  /// One network of the pairs of four particles that hear of each other: forces between them, "equivariant".
  case equivariant
  /// The same of each pair by itself, "pairwise".
  case pairwise

  /// The numbers of layers that a flow may have.
  public static let possibleLayers = 1...64

  public static let kind = "model"
  public static let all: [FlowModel] = [
    .velocity, .affineLayers(8), .interpolant, .potential, .equivariant, .pairwise,
  ]

  public var name: String {
    switch self {
    case .velocity: "cnf"
    case .affineLayers: "realnvp"
    case .interpolant: "interpolant"
    case .potential: "potential"
    case .equivariant: "equivariant"
    case .pairwise: "pairwise"
    }
  }

  public var number: Double? { layers.map(Double.init) }

  /// Layers that are no whole number, or far too many, become 0, which no experiment accepts.
  public func with(number: Double) -> FlowModel {
    guard layers != nil else { return self }
    let isPossible = number == number.rounded() && (0...1000).contains(number)
    return .affineLayers(isPossible ? Int(number) : 0)
  }

  /// The number of layers; nil for a velocity field.
  public var layers: Int? {
    if case .affineLayers(let count) = self { return count }
    return nil
  }

  /// The pairs of particles that its network reads; nil where it reads coordinates.
  public var pairs: PairShape? {
    switch self {
    case .equivariant: PairShape(hasMessages: true)
    case .pairwise: PairShape(hasMessages: false)
    default: nil
    }
  }

  /// What it can be trained by, the usual first.
  public var objectives: [Objective] {
    switch self {
    case .velocity: Objective.allCases.filter { ![.interpolant, .action].contains($0) }
    case .affineLayers: [.likelihood]
    case .interpolant: [.interpolant]
    case .potential: [.action]
    case .equivariant, .pairwise: [.flowMatching]
    }
  }

  /// The name for people.
  public var title: String {
    switch self {
    case .velocity: "velocity field"
    case .affineLayers(let count): "RealNVP, \(count) layers"
    case .interpolant: "drift and denoiser"
    case .potential: "potential"
    case .equivariant: "equivariant, pairs with messages"
    case .pairwise: "equivariant, each pair by itself"
    }
  }
}

extension Experiment {
  /// Takes a model, and where it cannot be trained by the objective the one it can.
  public mutating func choose(_ model: FlowModel) {
    self.model = model
    if !model.objectives.contains(objective) { objective = model.objectives[0] }
    suitInterpolant()
  }

  /// Takes an objective, and where it cannot train the model one that it can.
  public mutating func choose(_ objective: Objective) {
    self.objective = objective
    if !model.objectives.contains(objective) {
      model = FlowModel.all.first { $0.objectives.contains(objective) } ?? .velocity
    }
    suitInterpolant()
  }

  /// An interpolant has noise of its own, which no other has that is the path of one alone; so has the
  /// process of a potential.
  private mutating func suitInterpolant() {
    if objective == .interpolant, path == .affine { path = InterpolantNoise.all[0].path }
    if objective != .interpolant, InterpolantNoise(path) != nil { path = .affine }
    if objective != .action { actionNoise = 0 }
  }

  /// Why the noise of a process does not go with the objective; nil where it does, and where there is none.
  var actionNoiseComplaint: String? {
    actionNoise > 0 && objective != .action
      ? "the noise \(actionNoise) is of action matching; use --objective action, or leave out --action-noise"
      : nil
  }

  /// γ of a stochastic interpolant, which is that of its path; the usual one where the path has none.
  public var gamma: InterpolantNoise {
    get { InterpolantNoise(path) ?? InterpolantNoise.all[0] }
    set { path = newValue.path }
  }

  /// Flow matching of the same network on the same data.
  public var besideLikelihood: Experiment {
    var matching = self
    matching.objective = .flowMatching
    matching.model = .velocity
    return matching
  }
}
