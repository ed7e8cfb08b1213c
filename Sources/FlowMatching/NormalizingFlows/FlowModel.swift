/// What kind of flow is learned.
public enum FlowModel: NumberedChoice {
  /// One network, a velocity field, whose ODE is the flow: "cnf".
  case velocity
  /// So many affine couplings, each with a network of its own, one after the other: "realnvp:8".
  case couplings(Int)

  /// The numbers of couplings that a flow may have.
  public static let possibleCouplings = 1...64

  public static let kind = "model"
  public static let all: [FlowModel] = [.velocity, .couplings(8)]

  public var name: String {
    switch self {
    case .velocity: "cnf"
    case .couplings: "realnvp"
    }
  }

  public var number: Double? { couplings.map(Double.init) }

  /// Couplings that are no whole number, or far too many, become 0, which no experiment accepts.
  public func with(number: Double) -> FlowModel {
    guard couplings != nil else { return self }
    let isPossible = number == number.rounded() && (0...1000).contains(number)
    return .couplings(isPossible ? Int(number) : 0)
  }

  /// The number of couplings; nil for a velocity field.
  public var couplings: Int? {
    if case .couplings(let count) = self { return count }
    return nil
  }

  /// The name for people.
  public var title: String {
    switch self {
    case .velocity: "velocity field"
    case .couplings(let count): "RealNVP, \(count) layers"
    }
  }
}

/// What a flow has learned: the weights of one network, or of every coupling's.
public enum FlowWeights: Sendable, Equatable {
  /// A velocity field's, or what makes one.
  case velocity(MLPWeights)
  /// A flow of couplings'.
  case couplings(RealNVPWeights)

  /// Existing weights of a model whose networks have one shape; there must be as many as
  /// `parameterCount` says.
  public init(_ model: FlowModel, shape: MLPShape, values: [Float]) {
    switch model {
    case .velocity: self = .velocity(MLPWeights(shape: shape, values: values))
    case .couplings(let count):
      self = .couplings(RealNVPWeights(shape: shape, couplings: count, values: values))
    }
  }

  /// All weights, network after network.
  public var values: [Float] {
    get {
      switch self {
      case .velocity(let weights): weights.values
      case .couplings(let weights): weights.values
      }
    }
    set { self = FlowWeights(model, shape: shape, values: newValue) }
  }

  /// What they are the weights of.
  public var model: FlowModel {
    switch self {
    case .velocity: .velocity
    case .couplings(let weights): .couplings(weights.couplings)
    }
  }

  /// The shape of each network.
  public var shape: MLPShape {
    switch self {
    case .velocity(let weights): weights.shape
    case .couplings(let weights): weights.shape
    }
  }

  /// The one network of a velocity field; nil for couplings.
  public var network: MLPWeights? {
    if case .velocity(let weights) = self { return weights }
    return nil
  }

  /// Whether every weight is a finite number.
  public var isFinite: Bool { values.allSatisfy(\.isFinite) }
}

extension Experiment {
  /// The number of weights that are learned.
  public var parameterCount: Int { shape.parameterCount * (model.couplings ?? 1) }

  /// The name of what is learned, with its networks' shape: "RealNVP 8 × MLP 2×64 SiLU".
  public var modelTitle: String {
    model.couplings.map { "RealNVP \($0) × " + shape.title } ?? shape.title
  }
}
