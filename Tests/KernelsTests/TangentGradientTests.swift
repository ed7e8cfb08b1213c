import Kernels
import Testing

@Suite("Networks of tangents")
struct TangentGradientTests {
  @Test(
    "the gradient of a tangent error is that of the plain one towards f − P(f − target)",
    arguments: InstructionSet.available)
  func projected(set: InstructionSet) {
    for (hidden, count) in [([24, 24], 1), ([64], 45), ([130], 2100)] {
      var example = Example(
        dimension: 3, hidden: hidden, .silu, set, count: count, seed: UInt64(count))
      let n = count
      for j in 0..<n {
        let length = example.point(j).reduce(0) { $0 + $1 * $1 }.squareRoot()
        for i in 0..<3 { example.points[i * n + j] /= length }
      }
      let f = example.velocities()
      var gradient = [Float](repeating: .nan, count: example.weights.count)
      let error = example.network.squaredErrorGradient(
        weights: example.weights, points: example.points, times: example.times,
        target: example.target, isTangent: true, scale: 0.5, gradient: &gradient)
      for j in 0..<n {
        let along = (0..<3).reduce(0) {
          $0 + example.points[$1 * n + j] * (f[$1 * n + j] - example.target[$1 * n + j])
        }
        for i in 0..<3 { example.target[i * n + j] += along * example.points[i * n + j] }
      }
      let (plainError, plainGradient) = example.gradient(scale: 0.5)
      #expect(abs(error - plainError) < 1e-5 * plainError)
      #expect(relativeDifference(gradient.map(Double.init), plainGradient) < 1e-5)
    }
  }

  @Test(
    "cᵀ(∂f/∂y)ẏ of a map between dimensions is that by differences, in both precisions",
    arguments: InstructionSet.available)
  func slopes(set: InstructionSet) {
    let (inputs, outputs, n) = (5, 3, 37)
    var network = DenseNetwork(
      features: inputs + 1, hiddenWidths: [24, 24], outputs: outputs, nonlinearity: .tanh,
      instructionSet: set)
    func numbers(_ count: Int, _ seed: UInt64) -> [Double] {
      var values = [Double](repeating: 0, count: count)
      Noise.fillNormals(&values, seed: seed)
      return values.map { Double(Float($0)) }
    }
    let weights = numbers(network.parameterCount, 1).map { Float(0.5 * $0) }
    let (points, times) = (numbers(inputs * n, 2), [0.3])
    let (changes, covectors) = (numbers(inputs * n, 3), numbers(outputs * n, 4))
    var (f, exact) = (
      [Double](repeating: 0, count: outputs * n), [Double](repeating: 0, count: n)
    )
    network.evaluateInDouble(
      weights: weights, points: points, times: times, probes: changes, covectors: covectors,
      into: &f, divergence: &exact)
    var rounded = exact
    network.evaluate(
      weights: weights, points: points, time: 0.3, probes: changes, covectors: covectors, into: &f,
      divergence: &rounded)
    let step = 1e-5
    func values(_ sign: Double) -> [Double] {
      var result = f
      network.evaluateInDouble(
        weights: weights, points: zip(points, changes).map { $0 + sign * step * $1 },
        times: times, into: &result)
      return result
    }
    let (after, before) = (values(1), values(-1))
    for j in 0..<n {
      let wanted = (0..<outputs).reduce(0) {
        $0 + covectors[$1 * n + j] * (after[$1 * n + j] - before[$1 * n + j]) / (2 * step)
      }
      #expect(abs(exact[j] - wanted) < 1e-8 * (1 + abs(wanted)))
      #expect(abs(rounded[j] - wanted) < 1e-4 * (1 + abs(wanted)))
    }
  }
}
