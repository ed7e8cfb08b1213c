/// The weights of a flow of affine layers, all of whose networks have one shape.
public struct RealNVPWeights: Sendable, Equatable {
  /// The shape of each layer's network.
  public let shape: MLPShape
  /// The number of layers K.
  public let layers: Int
  /// The networks' weights one after another, each as in `MLPWeights.values`.
  public var values: [Float]

  /// Existing weights; there must be K times `shape.parameterCount` of them.
  public init(shape: MLPShape, layers: Int, values: [Float]) {
    precondition(layers > 0 && shape.dimension % 2 == 0, "layers split an even dimension")
    precondition(
      values.count == layers * shape.parameterCount, "a weight is missing or left over")
    self.shape = shape
    self.layers = layers
    self.values = values
  }

  /// Fresh weights, those of each network as `MLPWeights` draws them.
  public init(shape: MLPShape, layers: Int, using random: inout Random) {
    var values: [Float] = []
    for _ in 0..<layers { values += MLPWeights(shape: shape, using: &random).values }
    self.init(shape: shape, layers: layers, values: values)
  }

  /// The weights of one layer's network.
  public func conditioner(_ layer: Int) -> MLPWeights {
    let range = layer * shape.parameterCount..<(layer + 1) * shape.parameterCount
    return MLPWeights(shape: shape, values: Array(values[range]))
  }

  /// The name for people: "RealNVP 8 × MLP 2×64 SiLU".
  public var title: String { "RealNVP \(layers) × \(shape.title)" }
}

extension RealNVP where Conditioner == MLP {
  /// The flow of the given weights; the instruction set must be available on this machine.
  public init(_ weights: RealNVPWeights, instructionSet: InstructionSet = .best) {
    self.init(
      (0..<weights.layers).map {
        MLP(weights.conditioner($0), instructionSet: instructionSet)
      })
  }

  /// Takes over other weights of the same shape, into the memory of its own.
  mutating func copyWeights(from values: [Float]) {
    var place = 0
    for k in conditioners.indices {
      let count = conditioners[k].weights.values.count
      for i in 0..<count { conditioners[k].weights.values[i] = values[place + i] }
      place += count
    }
  }
}

extension AffineLayersField where Conditioner == MLP {
  /// The field of a flow of the given weights.
  public init(_ weights: RealNVPWeights, instructionSet: InstructionSet = .best) {
    self.init(
      RealNVP(weights, instructionSet: instructionSet),
      parameterCount: weights.shape.parameterCount)
  }
}
