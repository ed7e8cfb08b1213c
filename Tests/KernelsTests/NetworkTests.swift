import Kernels
import Testing

@Suite("The dense network against plain loops in Double")
struct NetworkTests {
  @Test(
    "its output agrees to 1e-5 for every activation and instruction set",
    arguments: InstructionSet.available, Nonlinearity.all)
  func forward(set: InstructionSet, nonlinearity: Nonlinearity) {
    var example = Example(hidden: [64, 64, 64], nonlinearity, set, count: 257, seed: 1)
    #expect(relativeDifference(example.velocities(), example.naiveVelocities()) < 1e-5)
  }

  @Test(
    "its output agrees to 1e-5 for odd numbers of points and units",
    arguments: InstructionSet.available, [1, 7, 63, 65, 257])
  func oddSizes(set: InstructionSet, count: Int) {
    for (k, hidden) in [[1], [5, 33], [100, 64, 7], [200], []].enumerated() {
      for dimension in [1, 2, 3, 9] {
        var example = Example(
          dimension: dimension, hidden: hidden, .silu, set, count: count, seed: UInt64(10 + k))
        let difference = relativeDifference(example.velocities(), example.naiveVelocities())
        #expect(difference < 1e-5, "\(hidden) in \(dimension) dimensions")
      }
    }
  }

  @Test("one time for all points is that time for each", arguments: InstructionSet.available)
  func sharedTime(set: InstructionSet) {
    var example = Example(hidden: [33, 64], .tanh, set, count: 65, seed: 2)
    example.times = [Double](repeating: 0.375, count: 65)
    let each = example.velocities()
    var shared = each.map { _ in Double.nan }
    example.network.evaluate(
      weights: example.weights, points: example.points, time: 0.375, into: &shared)
    #expect(each == shared)
  }

  @Test("a point's velocity does not depend on its company", arguments: InstructionSet.available)
  func company(set: InstructionSet) {
    var example = Example(hidden: [64, 64], .silu, set, count: 300, seed: 3)
    let together = example.velocities()
    for j in [0, 31, 63, 64, 150, 299] {
      var alone = [0.0, 0.0]
      example.network.evaluate(
        weights: example.weights, points: example.point(j), times: [example.times[j]],
        into: &alone)
      #expect(alone == [together[j], together[300 + j]])
    }
  }

  @Test("no points give no velocities", arguments: InstructionSet.available)
  func noPoints(set: InstructionSet) {
    var example = Example(hidden: [5], .silu, set, count: 0, seed: 4)
    #expect(example.velocities() == [])
    let (error, gradient) = example.gradient(scale: 1)
    #expect(error == 0)
    #expect(gradient.allSatisfy { $0 == 0 })
  }

  @Test(
    "activations stay accurate far from 0 and do not hide a NaN",
    arguments: InstructionSet.available, Nonlinearity.all)
  func extremes(set: InstructionSet, nonlinearity: Nonlinearity) {
    // One unit, weights 1: the output is the activation of the point.
    var network = DenseNetwork(
      features: 2, hiddenWidths: [1], outputs: 1, nonlinearity: nonlinearity, instructionSet: set)
    let weights: [Float] = [1, 0, 0, 1, 0]
    let points = [-1e4, -200, -90, -20, -8, -3, -1e-3, 0, 1e-3, 0.4, 3, 8, 20, 90, 200, 1e4]
    var values = points
    network.evaluate(weights: weights, points: points, time: 0, into: &values)
    for (x, value) in zip(points, values) {
      let exact = nonlinearity.naive.value(Double(Float(x)))
      #expect(abs(value - exact) <= 1e-6 * abs(exact) + 1e-30, "at \(x)")
    }
    var broken = [0.0]
    network.evaluate(weights: weights, points: [.nan], time: 0, into: &broken)
    #expect(broken[0].isNaN)
  }
}
