#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The shape of a network that says p_{1|t}: from letters and a time to L×V logits.
public struct TokenNetworkShape: Sendable, Hashable, Codable {
  /// The space of the sequences.
  public let space: TokenSpace
  /// How many states a position has, the mask included where the source is one.
  public let states: Int
  /// The widths of the hidden layers, at least one.
  public let hiddenWidths: [Int]

  /// A network for a path.
  public init(_ space: TokenSpace, along path: TokenPath, hiddenWidths: [Int]) {
    precondition(
      !hiddenWidths.isEmpty && hiddenWidths.allSatisfy { $0 > 0 }, "a hidden layer with units")
    self.space = space
    states = path.states(space)
    self.hiddenWidths = hiddenWidths
  }

  /// What is told of the time: t, sin πt, cos πt.
  static let features = 3

  /// The features of a time.
  static func features(of t: Double) -> [Float] {
    [Float(t), Float(sin(.pi * t)), Float(cos(.pi * t))]
  }

  /// L·V.
  public var outputs: Int { space.length * space.letters }

  /// The rows of the first layer: one for every state of every position, and the features'.
  var rows: Int { space.length * states + TokenNetworkShape.features }

  /// The dense layers behind the first.
  var layers: [(inputs: Int, outputs: Int)] {
    Array(zip(hiddenWidths, hiddenWidths.dropFirst() + [outputs])).map { ($0.0, $0.1) }
  }

  /// All weights: the first layer's rows and bias, then for every layer its [in, out] matrix row after
  /// row and its bias.
  public var parameterCount: Int {
    layers.reduce((rows + 1) * hiddenWidths[0]) { $0 + ($1.inputs + 1) * $1.outputs }
  }

  /// Fresh weights: a unit of the first layer adds L rows and the features, so they are uniform on
  /// ±1/√(L + 3); those of other layers on ±1/√in.
  public func weights(using random: inout Random) -> [Float] {
    var values: [Float] = []
    func append(_ count: Int, _ inputs: Int) {
      let bound = 1 / Double(inputs).squareRoot()
      for _ in 0..<count { values.append(Float(bound * (2 * random.uniform() - 1))) }
    }
    append((rows + 1) * hiddenWidths[0], space.length + TokenNetworkShape.features)
    for layer in layers { append((layer.inputs + 1) * layer.outputs, layer.inputs) }
    return values
  }
}

/// A network on sequences: gathered rows instead of a product with one-hot inputs, SiLU between dense
/// layers.
///
/// h = Σ_i E_i[x^i] + φ(t)W + b, then f(h) = h/(1 + e^(−h)) before each further layer. It owns scratch
/// memory and no weights.
struct TokenNetwork: Sendable {
  let shape: TokenNetworkShape
  private var first: LaneMatrix
  private var layers: [LaneMatrix]
  private var firstGradient: LaneMatrix
  private var layerGradients: [LaneMatrix]
  /// Sums before each activation, and after it, of a batch, a row a sequence.
  private var sums: [LaneMatrix] = []
  private var activations: [LaneMatrix] = []
  private var logits = LaneMatrix(rows: 0, columns: 1)
  private var pulls: [LaneMatrix] = []
  private var features: [Float] = []

  init(_ shape: TokenNetworkShape) {
    self.shape = shape
    first = LaneMatrix(rows: shape.rows + 1, columns: shape.hiddenWidths[0])
    layers = shape.layers.map { LaneMatrix(rows: $0.inputs + 1, columns: $0.outputs) }
    firstGradient = first
    layerGradients = layers
  }

  /// Takes weights: all calls until the next use them.
  mutating func load(_ weights: [Float]) {
    precondition(weights.count == shape.parameterCount, "a weight is missing or left over")
    var offset = first.load(weights, from: 0)
    for k in layers.indices { offset = layers[k].load(weights, from: offset) }
  }

  /// The logits of every sequence, row after row of L·V.
  mutating func evaluate(_ x: TokenSequences, at t: Times, into values: inout [Float]) {
    forward(x, at: t)
    logits.store(into: &values, rows: x.count)
  }

  private mutating func forward(_ x: TokenSequences, at t: Times) {
    reserve(x.count)
    let (n, l, s) = (x.count, shape.space.length, shape.states)
    for j in 0..<n {
      sums[0].copyRow(j, from: first, first.rows - 1)
      for i in 0..<l { sums[0].addRow(j, first, i * s + Int(x.values[i * n + j])) }
      let phi = TokenNetworkShape.features(of: t[j])
      for k in phi.indices {
        features[j * phi.count + k] = phi[k]
        sums[0].addRow(j, first, l * s + k, times: phi[k])
      }
    }
    for k in layers.indices {
      activations[k].activate(sums[k], rows: n)
      if k + 1 < layers.count {
        sums[k + 1].multiply(activations[k], layers[k], rows: n)
      } else {
        logits.multiply(activations[k], layers[k], rows: n)
      }
    }
  }

  /// The gradient by the weights of a loss of the logits that `evaluate` gave for the same sequences.
  mutating func pullBack(_ pull: [Float], _ x: TokenSequences, into gradient: inout [Float]) {
    let (n, l, s) = (x.count, shape.space.length, shape.states)
    pulls[layers.count].load(rows: n, pull)
    for k in layers.indices.reversed() {
      layerGradients[k].gather(activations[k], pulls[k + 1], rows: n)
      pulls[k].multiplyTransposed(pulls[k + 1], layers[k], rows: n)
      pulls[k].scaleBySlope(sums[k], rows: n)
    }
    firstGradient.clear()
    for j in 0..<n {
      firstGradient.addRow(first.rows - 1, pulls[0], j)
      for i in 0..<l { firstGradient.addRow(i * s + Int(x.values[i * n + j]), pulls[0], j) }
      for k in 0..<TokenNetworkShape.features {
        firstGradient.addRow(
          l * s + k, pulls[0], j, times: features[j * TokenNetworkShape.features + k])
      }
    }
    var offset = firstGradient.store(into: &gradient, from: 0)
    for k in layers.indices { offset = layerGradients[k].store(into: &gradient, from: offset) }
  }

  private mutating func reserve(_ count: Int) {
    if logits.rows >= count && !sums.isEmpty { return }
    sums = shape.hiddenWidths.map { LaneMatrix(rows: count, columns: $0) }
    activations = sums
    logits = LaneMatrix(rows: count, columns: shape.outputs)
    pulls = sums + [logits]
    features = [Float](repeating: 0, count: count * TokenNetworkShape.features)
  }
}
