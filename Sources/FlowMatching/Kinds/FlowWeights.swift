/// What a flow has learned: the weights of all its networks, which have one shape.
public struct FlowWeights: Sendable, Equatable {
  /// What they are the weights of.
  public let model: FlowModel
  /// The shape of each network.
  public let shape: MLPShape
  /// The networks' weights one after another, each as in `MLPWeights.values`.
  public var values: [Float]

  /// Existing weights, whole networks of them.
  public init(_ model: FlowModel, shape: MLPShape, values: [Float]) {
    precondition(
      !values.isEmpty && values.count % shape.parameterCount == 0,
      "a weight is missing or left over")
    self.model = model
    self.shape = shape
    self.values = values
  }

  /// The weights of a velocity field, or what makes one.
  public static func velocity(_ network: MLPWeights) -> FlowWeights {
    FlowWeights(.velocity, shape: network.shape, values: network.values)
  }

  /// Whether every weight is a finite number.
  public var isFinite: Bool { values.allSatisfy(\.isFinite) }
}

extension MLPWeights {
  /// The weights of a flow's one network.
  init(_ weights: FlowWeights) { self.init(shape: weights.shape, values: weights.values) }
}
