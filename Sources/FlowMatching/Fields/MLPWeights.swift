/// The weights of a multilayer perceptron.
public struct MLPWeights: Sendable, Equatable {
  /// The network's shape.
  public let shape: MLPShape
  /// All weights, layer after layer: the [out, in] matrix row after row, then the bias of length
  /// out. The inputs are the features of `MLPShape`, in their order.
  public var values: [Float]

  /// Existing weights; there must be `shape.parameterCount` of them.
  public init(shape: MLPShape, values: [Float]) {
    precondition(values.count == shape.parameterCount, "a weight is missing or left over")
    self.shape = shape
    self.values = values
  }

  /// Fresh weights: weights and biases of a layer uniform on ±1/√in, PyTorch's default for a linear
  /// layer; of one-hot letters only the inputs that are not 0 count.
  public init(shape: MLPShape, using random: inout Random) {
    self.shape = shape
    values = []
    values.reserveCapacity(shape.parameterCount)
    for (index, layer) in shape.layers.enumerated() {
      let bound = 1 / Double(index == 0 ? shape.activeFeatures : layer.inputs).squareRoot()
      for _ in 0..<(layer.inputs + 1) * layer.outputs {
        values.append(Float(bound * (2 * random.uniform() - 1)))
      }
    }
  }

  /// Whether every weight is a finite number.
  public var isFinite: Bool { values.allSatisfy(\.isFinite) }
}
