import FlowMatching
import Testing

@Suite("The multilayer perceptron")
struct MLPTests {
  private static func weights(_ shape: MLPShape, seed: UInt64) -> MLPWeights {
    var random = Random(seed: seed)
    return MLPWeights(shape: shape, using: &random)
  }

  @Test("weights lie [out, in] row after row, then the bias; the time is the last input")
  func layout() {
    // A linear field: v = [[1, 2], [4, 5]]x + [3, 6]t + [7, 8].
    let shape = MLPShape(dimension: 2, widths: [], activation: .silu)
    var field = MLP(MLPWeights(shape: shape, values: [1, 2, 3, 4, 5, 6, 7, 8]))
    let x = Batch(points: [[1, 0], [0, 1], [0, 0], [0, 0]])
    var v = x
    field.evaluate(x, at: .each([0, 0, 1, 0]), into: &v)
    #expect(v == Batch(points: [[8, 12], [9, 13], [10, 14], [7, 8]]))
  }

  @Test("agrees with plain loops in Double to 1e-5", arguments: Activation.allCases)
  func oracle(activation: Activation) {
    let shape = MLPShape(dimension: 3, widths: [64, 33], activation: activation)
    let weights = MLPTests.weights(shape, seed: 1)
    let naive = NaiveNetwork(
      widths: [4, 64, 33, 3], activation: .named(activation.rawValue),
      weights: weights.values.map(Double.init))
    var random = Random(seed: 2)
    let x = StandardNormal(dimension: 3).sample(count: 100, using: &random)
    for instructionSet in InstructionSet.available {
      var field = MLP(weights, instructionSet: instructionSet)
      var v = x
      field.evaluate(x, at: .shared(0.3), into: &v)
      let exact = (0..<100).map { naive.output(x.point($0), 0.3) }
      let difference = relativeDifference((0..<100).flatMap(v.point), exact.flatMap { $0 })
      #expect(difference < 1e-5, "\(instructionSet)")
    }
  }

  @Test("a copy and its original evaluate by themselves")
  func copies() {
    let shape = MLPShape(dimension: 2, widths: [16], activation: .tanh)
    var field = MLP(MLPTests.weights(shape, seed: 3))
    let (x, y) = (Batch(points: [[1, 2]]), Batch(points: [[-1, 0.5]]))
    var (first, second, again) = (x, y, x)
    field.evaluate(x, at: .shared(0), into: &first)
    var copy = field
    copy.evaluate(y, at: .shared(1), into: &second)
    field.evaluate(x, at: .shared(0), into: &again)
    #expect(first == again)
    #expect(first.values != second.values)
  }

  @Test("counts its weights and names itself")
  func shape() {
    let usual = MLPShape(dimension: 2, widths: [64, 64, 64], activation: .silu)
    // 3·64 + 64, twice 64·64 + 64, 64·2 + 2.
    #expect(usual.parameterCount == 8706)
    #expect(usual.title == "MLP 3×64 SiLU")
    let uneven = MLPShape(dimension: 2, widths: [64, 32], activation: .gelu)
    #expect(uneven.title == "MLP 64-32 GELU")
    #expect(MLPShape(dimension: 2, widths: [128], activation: .relu).title == "MLP 1×128 ReLU")
  }

  @Test("begins with weights and biases uniform on ±1/√in, layer by layer")
  func initialisation() {
    let shape = MLPShape(dimension: 2, widths: [300, 200], activation: .silu)
    let weights = MLPTests.weights(shape, seed: 4)
    var offset = 0
    for (inputs, outputs) in [(3, 300), (300, 200), (200, 2)] {
      let size = (inputs + 1) * outputs
      let layer = weights.values[offset..<offset + size].map(Double.init)
      let bound = 1 / Double(inputs).squareRoot()
      let largest = layer.map(abs).max()!
      #expect(largest <= bound * (1 + 1e-6))
      #expect(largest > 0.98 * bound)
      // The variance of U(−b, b) is b²/3, its standard error b²/3·√(0.8/n).
      let meanSquare = layer.reduce(0) { $0 + $1 * $1 } / Double(size)
      let tolerance = 5 * (0.8 / Double(size)).squareRoot()
      #expect(abs(meanSquare / (bound * bound / 3) - 1) < tolerance)
      offset += size
    }
    #expect(offset == weights.values.count)
    #expect(MLPTests.weights(shape, seed: 4) == weights)
    #expect(MLPTests.weights(shape, seed: 5) != weights)
  }
}
