import Kernels
import Testing

@Suite("The loops over the weights")
struct OptimizerTests {
  /// AdamW as in its paper, in Double, for one weight.
  struct Reference {
    var weight: Double
    var (first, second) = (0.0, 0.0)
    var step = 0

    init(_ weight: Double) { self.weight = weight }

    mutating func update(_ g: Double, rate: Double, decay: Double) {
      step += 1
      weight -= rate * decay * weight
      first = 0.9 * first + 0.1 * g
      second = 0.999 * second + 0.001 * g * g
      var (power1, power2) = (1.0, 1.0)
      for _ in 0..<step {
        power1 *= 0.9
        power2 *= 0.999
      }
      let root = (second / (1 - power2)).squareRoot()
      weight -= rate * (first / (1 - power1)) / (root + 1e-8)
    }
  }

  @Test(
    "AdamW agrees with its paper over 200 steps, with and without decay",
    arguments: InstructionSet.available, [0, 0.01])
  func adam(set: InstructionSet, decay: Double) {
    let count = 37
    var draws = [Double](repeating: 0, count: count)
    Noise.fillNormals(&draws, seed: 8)
    var weights = draws.map(Float.init)
    var reference = weights.map { Reference(Double($0)) }
    var (first, second) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    for step in 1...200 {
      Noise.fillNormals(&draws, seed: UInt64(100 + step))
      // Sizes from 1e-6 to 1, so that ε matters for none and the scale for all.
      let gradient = draws.enumerated().map { Float($1 * (($0 % 3) == 0 ? 1e-6 : 1)) }
      let isFinite = set.adam(
        weights: &weights, gradient: gradient, first: &first, second: &second, step: step,
        learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: decay)
      #expect(isFinite)
      for i in 0..<count {
        reference[i].update(Double(gradient[i]), rate: 1e-2, decay: decay)
      }
    }
    let exact = reference.map(\.weight)
    #expect(relativeDifference(weights.map(Double.init), exact) < 1e-5)
  }

  @Test(
    "AdamW notices one weight that is not finite",
    arguments: InstructionSet.available, [0, 36])
  func notFinite(set: InstructionSet, broken: Int) {
    for value in [Float.nan, .infinity] {
      var weights = [Float](repeating: 1, count: 37)
      var first = [Float](repeating: 0, count: 37)
      var second = first
      var gradient = weights
      gradient[broken] = value
      let isFinite = set.adam(
        weights: &weights, gradient: gradient, first: &first, second: &second, step: 1,
        learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0)
      #expect(!isFinite)
    }
  }

  @Test("a moving average moves by its rate", arguments: InstructionSet.available)
  func average(set: InstructionSet) {
    let start = (0..<19).map { Float($0) }
    var average = start
    set.moveAverage(&average, towards: [Float](repeating: 8, count: 19), rate: 0.25)
    let expected: [Float] = start.map { x in x + 0.25 * (8 - x) }
    #expect(average == expected)
  }
}
