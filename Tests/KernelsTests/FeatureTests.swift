import Kernels
import Testing

@Suite("A network with other numbers of outputs than of coordinates")
struct FeatureTests {
  @Test(
    "its output and its gradient agree with plain loops in Double",
    arguments: InstructionSet.available, [(coordinates: 1, outputs: 5), (6, 2), (3, 1)])
  func rectangular(set: InstructionSet, shape: (coordinates: Int, outputs: Int)) {
    let count = 71
    var network = DenseNetwork(
      features: shape.coordinates + 1, hiddenWidths: [33, 16], outputs: shape.outputs,
      nonlinearity: .silu, instructionSet: set)
    func normals(_ count: Int, seed: UInt64) -> [Double] {
      var values = [Double](repeating: 0, count: count)
      Noise.fillNormals(&values, seed: seed)
      return values.map { Double(Float(0.4 * $0)) }
    }
    let weights = normals(network.parameterCount, seed: 1)
    let points = normals(shape.coordinates * count, seed: 2)
    let times = normals(count, seed: 3)
    let target = normals(shape.outputs * count, seed: 4)
    let naive = NaiveNetwork(
      widths: network.widths, activation: Nonlinearity.silu.naive, weights: weights)
    var (expected, sum) = (target, 0.0)
    var slopes = [Double](repeating: 0, count: weights.count)
    for j in 0..<count {
      let point = (0..<shape.coordinates).map { points[$0 * count + j] }
      for (i, v) in naive.output(point, times[j]).enumerated() { expected[i * count + j] = v }
      sum += naive.addSquaredError(
        point, times[j], target: (0..<shape.outputs).map { target[$0 * count + j] }, to: &slopes)
    }
    var (output, precise) = (target, target)
    let floats = weights.map(Float.init)
    network.evaluate(weights: floats, points: points, times: times, into: &output)
    #expect(relativeDifference(output, expected) < 1e-5)
    network.evaluateInDouble(weights: floats, points: points, times: times, into: &precise)
    #expect(relativeDifference(precise, expected) < 1e-13)
    var gradient = [Float](repeating: 0, count: weights.count)
    let error = network.squaredErrorGradient(
      weights: floats, points: points, times: times, target: target, scale: 0.1,
      gradient: &gradient)
    #expect(abs(error - sum) < 1e-5 * sum)
    #expect(relativeDifference(gradient.map { 10 * Double($0) }, slopes) < 1e-5)
  }
}
