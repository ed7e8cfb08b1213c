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
  /// layer; of one-hot letters and classes only the inputs that are not 0 count.
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

  /// The network that is left where the class is fixed, or no class (nil): what the class's input is
  /// multiplied by goes into the first layer's biases.
  public func bound(to label: Int?) -> MLPWeights {
    guard shape.labels > 0 else { return self }
    precondition(label.map { (0..<shape.labels).contains($0) } ?? true, "there is no such class")
    return bound { row, kept in label.map { row[kept + $0] } ?? 0 }
  }

  /// The network that is left where what was observed is fixed, in the network's units.
  public func bound(toObserved observation: [Double]) -> MLPWeights {
    precondition(
      observation.count == shape.observations && shape.labels == 0,
      "an observation has a number for each column")
    guard shape.observations > 0 else { return self }
    return bound { row, kept in
      // In Double: many columns add up.
      Float(
        observation.indices.reduce(0.0) { $0 + Double(row[kept + $1]) * observation[$1] })
    }
  }

  /// The network without the inputs behind the times; `share` is what they add to a unit of the first
  /// layer, by its row of weights and how many of those are kept.
  private func bound(_ share: (_ row: ArraySlice<Float>, _ kept: Int) -> Float) -> MLPWeights {
    let (inputs, outputs) = (shape.layers[0].inputs, shape.layers[0].outputs)
    let kept = shape.dimension + shape.times
    var bound: [Float] = []
    bound.reserveCapacity(values.count - (inputs - kept) * outputs)
    for row in 0..<outputs { bound += Array(values[row * inputs..<row * inputs + kept]) }
    for row in 0..<outputs {
      let weights = values[row * inputs..<(row + 1) * inputs]
      bound.append(values[outputs * inputs + row] + share(weights, weights.startIndex + kept))
    }
    bound += Array(values[((inputs + 1) * outputs)...])
    return MLPWeights(shape: shape.withoutCondition, values: bound)
  }

  /// The network of x and t that is left of one of x, t and r where both times are the same: of a flow map
  /// its velocity ū(x, t, t).
  public var atOneTime: MLPWeights {
    guard shape.times == 2 else { return self }
    precondition(
      shape == shape.withoutCondition,
      "a class or an observation is bound before both times are one")
    let (inputs, outputs) = (shape.layers[0].inputs, shape.layers[0].outputs)
    var joined: [Float] = []
    joined.reserveCapacity(values.count - outputs)
    for row in 0..<outputs {
      let weights = values[row * inputs..<(row + 1) * inputs]
      joined += weights.dropLast(2)
      joined.append(weights.suffix(2).reduce(0, +))
    }
    joined += values[(inputs * outputs)...]
    let one = MLPShape(
      dimension: shape.dimension, outputs: shape.outputs, widths: shape.widths,
      activation: shape.activation)
    return MLPWeights(shape: one, values: joined)
  }

  /// Whether every weight is a finite number.
  public var isFinite: Bool { values.allSatisfy(\.isFinite) }
}
