/// The shape of a multilayer perceptron v = f(x, t): features, hidden layers, outputs.
///
/// The features are the d coordinates of a point and behind them its time, the outputs d numbers.
public struct MLPShape: Codable, Hashable, Sendable {
  /// The dimension d of the points.
  public let dimension: Int
  /// The number of units of each hidden layer.
  public let widths: [Int]
  /// The activation of the hidden layers; the last layer has none.
  public let activation: Activation

  /// A shape; d and every width must be positive.
  public init(dimension: Int, widths: [Int], activation: Activation) {
    precondition(dimension > 0 && widths.allSatisfy { $0 > 0 }, "every layer needs a unit at least")
    self.dimension = dimension
    self.widths = widths
    self.activation = activation
  }

  /// The numbers that the first layer reads: what is encoded of a point and its time.
  public var features: Int { dimension + 1 }

  /// The numbers that the last layer answers.
  public var outputs: Int { dimension }

  /// The dense layers from first to last, as their numbers of inputs and outputs.
  public var layers: [(inputs: Int, outputs: Int)] {
    let units = [features] + widths + [outputs]
    return zip(units, units.dropFirst()).map { (inputs: $0, outputs: $1) }
  }

  /// The number of weights and biases.
  public var parameterCount: Int { layers.reduce(0) { $0 + ($1.inputs + 1) * $1.outputs } }

  /// The name for people: "MLP 3×64 SiLU", or "MLP 64-32 SiLU" where the widths differ.
  public var title: String {
    guard let first = widths.first else { return "linear" }
    let hidden =
      widths.allSatisfy { $0 == first }
      ? "\(widths.count)×\(first)" : widths.map(String.init).joined(separator: "-")
    return "MLP \(hidden) \(activation.title)"
  }
}
