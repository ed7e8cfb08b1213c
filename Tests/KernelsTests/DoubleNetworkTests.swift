import Kernels
import Testing

@Suite("The network in Double")
struct DoubleNetworkTests {
  @Test(
    "values, divergences and probes are those of the plain loops to 1e-13, for every activation",
    arguments: InstructionSet.available, Nonlinearity.all)
  func oracle(set: InstructionSet, nonlinearity: Nonlinearity) {
    for (hidden, count) in [([5, 7], 3), ([33, 16], 70)] {
      var example = Example(
        dimension: 3, hidden: hidden, nonlinearity, set, count: count, seed: 30)
      var velocity = example.points.map { _ in Double.nan }
      var divergence = example.times.map { _ in Double.nan }
      example.network.evaluateInDouble(
        weights: example.weights, points: example.points, times: example.times, into: &velocity,
        divergence: &divergence)
      var plain = velocity.map { _ in Double.nan }
      example.network.evaluateInDouble(
        weights: example.weights, points: example.points, times: example.times, into: &plain)
      #expect(plain == velocity)
      var probed = divergence
      example.network.evaluateInDouble(
        weights: example.weights, points: example.points, times: example.times,
        probes: example.target, into: &plain, divergence: &probed)
      for j in 0..<count {
        let output = example.naive.output(example.point(j), example.times[j])
        let jacobian = example.naive.jacobian(example.point(j), example.times[j])
        let probe = example.target(j)
        var (trace, form) = (0.0, 0.0)
        for i in 0..<3 {
          #expect(abs(velocity[i * count + j] - output[i]) < 1e-13 * (1 + abs(output[i])))
          trace += jacobian[i * 4]
          for k in 0..<3 { form += probe[i] * jacobian[i * 3 + k] * probe[k] }
        }
        #expect(abs(divergence[j] - trace) < 1e-12 * (1 + abs(trace)), "\(nonlinearity)")
        #expect(abs(probed[j] - form) < 1e-12 * (1 + abs(form)), "\(nonlinearity)")
      }
    }
  }

  @Test("one time for all points is that time for each; no points are no work; NaN stays NaN")
  func times() {
    var example = Example(hidden: [8, 8], .silu, .best, count: 40, seed: 31)
    var (one, each) = (example.points, example.points)
    example.network.evaluateInDouble(
      weights: example.weights, points: example.points, times: [0.3], into: &one)
    example.network.evaluateInDouble(
      weights: example.weights, points: example.points,
      times: [Double](repeating: 0.3, count: 40), into: &each)
    #expect(one == each)
    var none: [Double] = []
    example.network.evaluateInDouble(
      weights: example.weights, points: [], times: [0.3], into: &none)
    example.points[5] = .nan
    example.network.evaluateInDouble(
      weights: example.weights, points: example.points, times: [0.3], into: &one)
    #expect(one[5].isNaN && one[45].isNaN && one[6] == each[6])
  }
}
