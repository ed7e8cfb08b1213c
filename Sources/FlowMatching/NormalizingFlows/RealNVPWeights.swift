/// The weights of a flow of affine couplings, all of whose networks have one shape.
public struct RealNVPWeights: Sendable, Equatable {
  /// The shape of each coupling's network.
  public let shape: MLPShape
  /// The number of couplings K.
  public let couplings: Int
  /// The networks' weights one after another, each as in `MLPWeights.values`.
  public var values: [Float]

  /// Existing weights; there must be K times `shape.parameterCount` of them.
  public init(shape: MLPShape, couplings: Int, values: [Float]) {
    precondition(couplings > 0 && shape.dimension % 2 == 0, "couplings split an even dimension")
    precondition(
      values.count == couplings * shape.parameterCount, "a weight is missing or left over")
    self.shape = shape
    self.couplings = couplings
    self.values = values
  }

  /// Fresh weights, those of each network as `MLPWeights` draws them.
  public init(shape: MLPShape, couplings: Int, using random: inout Random) {
    var values: [Float] = []
    for _ in 0..<couplings { values += MLPWeights(shape: shape, using: &random).values }
    self.init(shape: shape, couplings: couplings, values: values)
  }

  /// The weights of one coupling's network.
  public func conditioner(_ coupling: Int) -> MLPWeights {
    let range = coupling * shape.parameterCount..<(coupling + 1) * shape.parameterCount
    return MLPWeights(shape: shape, values: Array(values[range]))
  }

  /// The name for people: "RealNVP 8 × MLP 2×64 SiLU".
  public var title: String { "RealNVP \(couplings) × \(shape.title)" }
}

extension RealNVP where Conditioner == MLP {
  /// The flow of the given weights; the instruction set must be available on this machine.
  public init(_ weights: RealNVPWeights, instructionSet: InstructionSet = .best) {
    self.init(
      (0..<weights.couplings).map {
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

extension CouplingFlow where Conditioner == MLP {
  /// The field of a flow of the given weights.
  public init(_ weights: RealNVPWeights, instructionSet: InstructionSet = .best) {
    self.init(
      RealNVP(weights, instructionSet: instructionSet),
      parameterCount: weights.shape.parameterCount)
  }
}
