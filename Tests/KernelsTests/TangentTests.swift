import Kernels
import Testing

@Suite("Value and divergence in one pass")
struct TangentTests {
  /// The network's velocities and divergences, each point at its own time.
  private func tangents(
    _ example: inout Example, probes: [Double]? = nil
  ) -> (velocity: [Double], divergence: [Double]) {
    var velocity = example.points.map { _ in Double.nan }
    var divergence = example.times.map { _ in Double.nan }
    example.network.evaluate(
      weights: example.weights, points: example.points, times: example.times, probes: probes,
      into: &velocity, divergence: &divergence)
    return (velocity, divergence)
  }

  private func naiveJacobian(_ example: Example, _ j: Int) -> [Double] {
    example.naive.jacobian(example.point(j), example.times[j])
  }

  private func naiveDivergence(_ example: Example) -> [Double] {
    (0..<example.count).map { j in
      let jacobian = naiveJacobian(example, j)
      return (0..<example.dimension).reduce(0) { $0 + jacobian[$1 * (example.dimension + 1)] }
    }
  }

  @Test("the plain loops' Jacobian is that of central differences", arguments: Nonlinearity.all)
  func oracle(nonlinearity: Nonlinearity) {
    let example = Example(
      dimension: 3, hidden: [5, 7], nonlinearity, .baseline, count: 4, seed: 30)
    for j in 0..<4 {
      let exact = naiveJacobian(example, j)
      var quotients = exact
      for k in 0..<3 {
        func moved(_ shift: Double) -> [Double] {
          var point = example.point(j)
          point[k] += shift
          return example.naive.output(point, example.times[j])
        }
        let h = 1e-4
        let (a, b, c, d) = (moved(-2 * h), moved(-h), moved(h), moved(2 * h))
        for i in 0..<3 { quotients[3 * i + k] = (a[i] - d[i] + 8 * (c[i] - b[i])) / (12 * h) }
      }
      #expect(relativeDifference(quotients, exact) < 1e-9)
    }
  }

  @Test(
    "agree with the plain loops to 1e-5 for every activation and instruction set",
    arguments: InstructionSet.available, Nonlinearity.all)
  func activations(set: InstructionSet, nonlinearity: Nonlinearity) {
    var example = Example(hidden: [64, 64, 64], nonlinearity, set, count: 257, seed: 31)
    let (velocity, divergence) = tangents(&example)
    #expect(relativeDifference(velocity, example.naiveVelocities()) < 1e-5)
    #expect(relativeDifference(divergence, naiveDivergence(example)) < 1e-5)
  }

  @Test(
    "The derivative along a direction of all features, the time too, is that of the plain loops",
    arguments: InstructionSet.available, [1, 33, 70])
  func directions(set: InstructionSet, count: Int) {
    for (dimension, hidden) in [(1, [5]), (3, [64, 64]), (4, [200, 7])] {
      var example = Example(
        dimension: dimension, hidden: hidden, .silu, set, count: count, seed: 35)
      let features = dimension + 1
      let directions = (0..<features * count).map { Double(($0 * 7) % 11) / 5 - 1 }
      var velocity = example.points.map { _ in Double.nan }
      var change = velocity
      example.network.evaluate(
        weights: example.weights, points: example.points, times: example.times,
        along: directions, into: &velocity, change: &change)
      #expect(relativeDifference(velocity, example.naiveVelocities()) < 1e-5)
      var expected = change
      for j in 0..<count {
        func moved(_ s: Double) -> [Double] {
          let point = (0..<dimension).map { example.point(j)[$0] + s * directions[$0 * count + j] }
          return example.naive.output(
            point, example.times[j] + s * directions[dimension * count + j])
        }
        let h = 1e-4
        let (a, b, c, d) = (moved(-2 * h), moved(-h), moved(h), moved(2 * h))
        for i in 0..<dimension {
          expected[i * count + j] = (a[i] - d[i] + 8 * (c[i] - b[i])) / (12 * h)
        }
      }
      #expect(relativeDifference(change, expected) < 1e-5)
    }
  }

  @Test(
    "agree with the plain loops to 1e-5 for odd numbers of points and units",
    arguments: InstructionSet.available, [1, 31, 65])
  func oddSizes(set: InstructionSet, count: Int) {
    for (k, hidden) in [[1], [5, 33], [100, 64, 7], [200], []].enumerated() {
      for dimension in [1, 2, 3, 9] {
        var example = Example(
          dimension: dimension, hidden: hidden, .tanh, set, count: count, seed: UInt64(32 + k))
        let (velocity, divergence) = tangents(&example)
        let exact = naiveDivergence(example)
        #expect(relativeDifference(velocity, example.naiveVelocities()) < 1e-5)
        // A trace may be small by cancellation: its scale is that of the Jacobian.
        let scale = (0..<count).reduce(0) { sum, j in
          naiveJacobian(example, j).reduce(sum) { $0 + $1 * $1 }
        }
        let error = zip(divergence, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect(error <= 1e-10 * scale, "\(hidden) in \(dimension) dimensions")
      }
    }
  }

  @Test("a probe ε gives εᵀ(∂v/∂x)ε", arguments: InstructionSet.available, [2, 5])
  func probes(set: InstructionSet, dimension: Int) {
    for count in [1, 33, 300] {
      var example = Example(
        dimension: dimension, hidden: [64, 33], .silu, set, count: count, seed: 37)
      // Any numbers of the points' shape that Float holds: the targets.
      let probes = example.target
      let (velocity, divergence) = tangents(&example, probes: probes)
      let exact = (0..<count).map { j in
        let (jacobian, probe) = (naiveJacobian(example, j), example.target(j))
        return (0..<dimension * dimension).reduce(0) {
          $0 + probe[$1 / dimension] * jacobian[$1] * probe[$1 % dimension]
        }
      }
      #expect(relativeDifference(velocity, example.naiveVelocities()) < 1e-5)
      #expect(relativeDifference(divergence, exact) < 1e-5)
    }
  }

  @Test("one time for all points is that time for each", arguments: InstructionSet.available)
  func sharedTime(set: InstructionSet) {
    var example = Example(hidden: [33, 150], .gelu, set, count: 65, seed: 38)
    example.times = [Double](repeating: 0.375, count: 65)
    let each = tangents(&example)
    var (velocity, divergence) = (
      each.velocity.map { _ in Double.nan }, [Double](repeating: .nan, count: 65)
    )
    example.network.evaluate(
      weights: example.weights, points: example.points, time: 0.375, into: &velocity,
      divergence: &divergence)
    #expect(velocity == each.velocity && divergence == each.divergence)
  }

  @Test("a point's divergence does not depend on its company", arguments: InstructionSet.available)
  func company(set: InstructionSet) {
    for width in [64, 150] {
      let example = Example(hidden: [width, width], .silu, set, count: 300, seed: 39)
      var all = example
      let together = tangents(&all)
      for j in [0, 31, 63, 64, 150, 299] {
        var alone = example
        alone.points = example.point(j)
        alone.times = [example.times[j]]
        let single = tangents(&alone)
        #expect(single.velocity == [together.velocity[j], together.velocity[300 + j]])
        #expect(single.divergence == [together.divergence[j]])
      }
    }
  }

  @Test("no points give nothing, and a NaN shows", arguments: InstructionSet.available)
  func extremes(set: InstructionSet) {
    var none = Example(hidden: [5], .silu, set, count: 0, seed: 40)
    #expect(tangents(&none) == ([], []))
    var broken = Example(hidden: [33], .silu, set, count: 40, seed: 41)
    broken.points[39] = .nan
    let (velocity, divergence) = tangents(&broken)
    #expect(velocity[39].isNaN && divergence[39].isNaN && divergence[..<39].allSatisfy(\.isFinite))
  }
}
