/// The activation between the layers of a `DenseNetwork`; the raw value is the kernels' code for it.
public enum Nonlinearity: Int, Sendable {
  case selu, silu, tanh, elu, relu, gelu, softplus

  /// Whether the derivative is continuous, without which a divergence has no usable gradient.
  ///
  /// SELU's jumps from 1.758 to 1.051 at 0 and ReLU's from 0 to 1: the divergence then jumps where a
  /// unit passes 0, and almost everywhere its gradient says nothing of that. ELU's only has a
  /// corner there, its second derivative a jump: the gradient exists almost everywhere and adds up
  /// to the change.
  public var hasContinuousDerivative: Bool { self != .selu && self != .relu }

  /// Whether the second derivative is continuous too, so that a Laplacian has a usable gradient.
  public var hasContinuousSecondDerivative: Bool { hasContinuousDerivative && self != .elu }
}

/// A network of dense layers v = f(x, t); its features are the coordinates of a point and its time.
///
/// It owns scratch memory of a fixed size, however many points a call has, and no weights: those
/// are passed as one array, layer after layer, each its [out, in] matrix row after row and its
/// bias. Points are Doubles, a row per coordinate; inside it works in Float32.
public struct DenseNetwork: Sendable {
  /// The number of features, the hidden widths, the number of outputs.
  public let widths: [Int]
  /// The activation of the hidden layers.
  public let nonlinearity: Nonlinearity
  /// What the loops are compiled for.
  public let instructionSet: InstructionSet
  /// The number of weights and biases.
  public let parameterCount: Int
  private var forwardScratch = Scratch()
  var doubleScratch = Scratch()
  var tangentScratch = Scratch()
  var gradientScratch = Scratch()
  var pullbackScratch = Scratch()

  /// A network from so many features, the last of which is the time, through the given hidden layers.
  public init(
    features: Int, hiddenWidths: [Int], outputs: Int, nonlinearity: Nonlinearity,
    instructionSet: InstructionSet = .best
  ) {
    precondition(
      features > 1 && outputs > 0 && hiddenWidths.allSatisfy { $0 > 0 },
      "every layer needs a unit at least, and the time a point")
    let widths = [features] + hiddenWidths + [outputs]
    self.widths = widths
    self.nonlinearity = nonlinearity
    self.instructionSet = instructionSet
    parameterCount = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
  }

  /// The features that are coordinates of a point.
  public var coordinates: Int { widths[0] - 1 }

  /// The numbers that it answers.
  public var outputs: Int { widths[widths.count - 1] }

  /// Panels of 32 points at a time: as many as keep a layer's inputs and outputs in a near cache,
  /// at least two so that weights serve more than one.
  private var forwardPanels: Int { (widths.max() ?? 1) <= 128 ? 2 : 8 }

  /// Floats of scratch memory for a panel row.
  static let panelWidth = 32

  /// Writes f(x, t) for n points, all at one time, into `velocity`, a row for each output.
  public mutating func evaluate(
    weights: [Float], points: [Double], time: Double, into velocity: inout [Double]
  ) {
    let count = check(weights, points, velocity.count)
    withUnsafePointer(to: time) {
      forward(weights, points, $0, timeStride: 0, count, &velocity)
    }
  }

  /// Writes f(x, t) for n points, point j at `times[j]`, into `velocity`, a row for each output.
  public mutating func evaluate(
    weights: [Float], points: [Double], times: [Double], into velocity: inout [Double]
  ) {
    let count = check(weights, points, velocity.count)
    precondition(times.count == count, "a time for each point")
    forward(weights, points, times, timeStride: 1, count, &velocity)
  }

  private mutating func forward(
    _ weights: [Float], _ points: [Double], _ times: UnsafePointer<Double>, timeStride: Int,
    _ count: Int, _ velocity: inout [Double]
  ) {
    let panels = forwardPanels
    let floats = 2 * panels * (widths.max() ?? 1) * DenseNetwork.panelWidth
    let table = instructionSet.table
    let (layers, code) = (widths.count - 1, nonlinearity.rawValue)
    let widths = widths
    forwardScratch.withFloats(floats) { scratch in
      table.forward(
        widths, layers, code, weights, points, times, timeStride, count, &velocity, panels,
        scratch)
    }
  }

  /// Checks that a divergence has a meaning, and returns how many tangents it takes. Coordinates behind
  /// those that are answered, such as a second time, are no part of it.
  func tangentCount(hasProbes: Bool) -> Int {
    precondition(outputs <= coordinates, "only a map of a space to itself has a divergence")
    return hasProbes ? 1 : coordinates
  }

  /// Checks the shapes of a call and returns its number of points.
  func check(_ weights: [Float], _ points: [Double], _ results: Int) -> Int {
    precondition(weights.count == parameterCount, "a weight is missing or left over")
    precondition(points.count % coordinates == 0, "the points must fill whole rows")
    let count = points.count / coordinates
    precondition(results == count * outputs, "a result for each point and output")
    return count
  }
}
