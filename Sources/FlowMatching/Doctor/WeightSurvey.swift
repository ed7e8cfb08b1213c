#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What weights tell before anything is asked of the network: whether they have left their beginning, and units
/// that do nothing.
public struct WeightSurvey: Sendable {
  /// The hidden layers (from 0) whose weights are as PyTorch's or another program's initialisation makes them.
  public let freshLayers: [Int]
  /// The number of layers.
  public let layers: Int
  /// For each hidden layer how many of its units are never active, or always the same, at the draws.
  public let deadUnits: [Int]

  /// The inputs (from 0) that count for nothing, all of their weights 0 though those of others are not.
  public let silentInputs: [Int]

  /// Whether no layer has left its initialisation.
  public var isFresh: Bool { freshLayers.count == layers }

  /// Looks at weights, and at the answers of hidden units at `probes`, rows of the network's features in their order.
  public init(_ weights: MLPWeights, probes: Batch? = nil) {
    let shape = weights.shape.layers
    layers = shape.count
    var place = 0
    var (fresh, dead) = ([Int](), [Int]())
    var inputs = probes
    for (index, layer) in shape.enumerated() {
      let matrix = place + layer.inputs * layer.outputs
      let end = matrix + layer.outputs
      if WeightSurvey.isFresh(
        weights.values[place..<matrix], biases: weights.values[matrix..<end], layer.inputs,
        layer.outputs)
      {
        fresh.append(index)
      }
      if let x = inputs, index < shape.count - 1 {
        let outputs = WeightSurvey.outputs(
          of: x, weights.values[place..<end], layer, weights.shape.activation)
        dead.append(WeightSurvey.constantRows(outputs))
        inputs = outputs
      }
      place = end
    }
    freshLayers = fresh
    deadUnits = dead
    silentInputs = shape.first.map { WeightSurvey.silentInputs(weights.values, $0) } ?? []
  }

  private static func silentInputs(
    _ values: [Float], _ layer: (inputs: Int, outputs: Int)
  ) -> [Int] {
    let silent = (0..<layer.inputs).filter { input in
      (0..<layer.outputs).allSatisfy { values[$0 * layer.inputs + input] == 0 }
    }
    return silent.count < layer.inputs ? silent : []
  }

  /// Whether a layer has numbers uniform on ±1/√in, weights and biases, as torch.nn.Linear begins with; or no biases
  /// and weights that are normal or uniform around 0 with the variance of LeCun, Glorot or He.
  static func isFresh(
    _ matrix: ArraySlice<Float>, biases: ArraySlice<Float>, _ inputs: Int, _ outputs: Int
  ) -> Bool {
    let bound = 1 / Double(inputs).squareRoot()
    let all = (matrix + biases).map { Double($0) / bound }
    // One weight in a few of a trained layer lies outside.
    if biases.contains(where: { $0 != 0 }) {
      guard all.allSatisfy({ abs($0) <= 1 + 1e-6 }) else { return false }
      return distance(all) { min(1, max(0, ($0 + 1) / 2)) } < 1.63 / Double(all.count).squareRoot()
    }
    guard matrix.count >= 16 else { return matrix.allSatisfy { $0 == 0 } }
    let deviation =
      (matrix.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(matrix.count)).squareRoot()
    let usual = [
      1 / Double(inputs), 2 / Double(inputs + outputs), 2 / Double(inputs),
      1 / (3 * Double(inputs)),
    ]
    // The deviation of n draws is known to 1/√(2n).
    return usual.contains {
      abs(deviation / $0.squareRoot() - 1) < 3 / (2 * Double(matrix.count)).squareRoot()
    }
  }

  /// The greatest distance of the numbers' distribution from another (Kolmogorov and Smirnov).
  private static func distance(_ values: [Double], _ share: (Double) -> Double) -> Double {
    let n = Double(values.count)
    return values.sorted().enumerated().reduce(0) { most, entry in
      let p = share(entry.element)
      return max(most, abs(p - Double(entry.offset) / n), abs(p - Double(entry.offset + 1) / n))
    }
  }

  private static func outputs(
    of x: Batch, _ values: ArraySlice<Float>, _ layer: (inputs: Int, outputs: Int),
    _ activation: Activation
  ) -> Batch {
    var result = Batch(dimension: layer.outputs, count: x.count)
    let start = values.startIndex
    for unit in 0..<layer.outputs {
      for j in 0..<x.count {
        var sum = Double(values[start + layer.inputs * layer.outputs + unit])
        for i in 0..<layer.inputs {
          sum += Double(values[start + unit * layer.inputs + i]) * x[i, j]
        }
        result[unit, j] = activation.value(sum)
      }
    }
    return result
  }

  /// How many rows hold one number.
  private static func constantRows(_ batch: Batch) -> Int {
    (0..<batch.dimension).count { i in
      let row = batch.values[i * batch.count..<(i + 1) * batch.count]
      guard let low = row.min(), let high = row.max() else { return false }
      return high - low <= 1e-6 * max(1, abs(high))
    }
  }
}

extension Activation {
  /// The function at one place, for looking at units; kernels have their own.
  fileprivate func value(_ x: Double) -> Double {
    switch self {
    case .selu: 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * expm1(x))
    case .silu: x / (1 + exp(-x))
    case .tanh: 1 - 2 / (exp(2 * x) + 1)
    case .elu: x > 0 ? x : expm1(x)
    case .relu: max(x, 0)
    case .gelu: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    }
  }
}
