import Kernels
import Testing

@Suite("Back through value and divergence")
struct PullbackTests {
  static let smooth = Nonlinearity.all.filter(\.hasContinuousDerivative)

  /// A network at one time, with cotangents drawn like its targets.
  private struct Case {
    var example: Example
    let time = 0.375
    var weights: [Double]
    var probes: [Double]?

    init(
      dimension: Int = 2, hidden: [Int], _ nonlinearity: Nonlinearity, _ set: InstructionSet,
      count: Int, seed: UInt64, hasProbes: Bool = false
    ) {
      example = Example(
        dimension: dimension, hidden: hidden, nonlinearity, set, count: count, seed: seed)
      weights = [Double](repeating: 0, count: count)
      Noise.fillNormals(&weights, seed: seed &+ 9)
      weights = weights.map { Double(Float($0)) }
      if hasProbes {
        var draws = example.points
        Noise.fillNormals(&draws, seed: seed &+ 10)
        probes = draws.map { Double(Float($0)) }
      }
    }

    func probe(_ j: Int) -> [Double]? {
      probes.map { p in (0..<example.dimension).map { p[$0 * example.count + j] } }
    }

    /// The kernel's gradient by the weights, then by the points.
    mutating func fast(divergence: Bool = true) -> [[Double]] {
      var gradient = [Float](repeating: 0, count: example.weights.count)
      var points = example.points.map { _ in Double.nan }
      example.network.pullBack(
        weights: example.weights, points: example.points, time: time, probes: probes,
        velocityCotangents: example.target, divergenceCotangents: divergence ? weights : nil,
        gradient: &gradient, pointCotangents: &points)
      return [gradient.map(Double.init), points]
    }

    /// The oracle's.
    func naive(divergence: Bool = true) -> [[Double]] {
      var gradient = [Double](repeating: 0, count: example.weights.count)
      var points = example.points
      for j in 0..<example.count {
        let back = example.naive.pullBack(
          example.point(j), time, probe: probe(j), velocity: example.target(j),
          divergence: divergence ? weights[j] : 0, to: &gradient)
        for (i, value) in back.enumerated() { points[i * example.count + j] = value }
      }
      return [gradient, points]
    }

    /// Σ v̄·v + w·divergence by forward passes alone.
    func value() -> Double {
      (0..<example.count).reduce(0) { sum, j in
        let v = example.naive.output(example.point(j), time)
        let divergence = example.naive.divergence(example.point(j), time, probe: probe(j))
        return zip(v, example.target(j)).reduce(sum + weights[j] * divergence) { $0 + $1.0 * $1.1 }
      }
    }
  }

  /// The difference quotient of fourth order.
  private func quotient(_ value: (Double) -> Double) -> Double {
    let h = 1e-3
    return (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
  }

  @Test(
    "of the plain loops agrees with central differences to 1e-6",
    arguments: smooth, [false, true])
  func oracle(nonlinearity: Nonlinearity, hasProbes: Bool) {
    let example = Case(
      hidden: [5, 7], nonlinearity, .baseline, count: 3, seed: 50, hasProbes: hasProbes)
    let exact = example.naive()
    let byWeights = exact[0].indices.map { i in
      quotient { shift in
        var moved = example
        moved.example.naive.weights[i] += shift
        return moved.value()
      }
    }
    let byPoints = exact[1].indices.map { i in
      quotient { shift in
        var moved = example
        moved.example.points[i] += shift
        return moved.value()
      }
    }
    #expect(relativeDifference(byWeights, exact[0]) < 1e-6)
    #expect(relativeDifference(byPoints, exact[1]) < 1e-6)
  }

  @Test(
    "agrees with the plain loops to 1e-5 for every smooth activation and instruction set",
    arguments: InstructionSet.available, smooth)
  func activations(set: InstructionSet, nonlinearity: Nonlinearity) {
    var example = Case(hidden: [64, 64, 64], nonlinearity, set, count: 257, seed: 51)
    for (fast, exact) in zip(example.fast(), example.naive()) {
      #expect(relativeDifference(fast, exact) < 1e-5)
    }
  }

  @Test(
    "agrees with the plain loops to 5e-5 for odd numbers of points and units",
    arguments: InstructionSet.available, [1, 31, 65])
  func oddSizes(set: InstructionSet, count: Int) {
    for (k, hidden) in [[1], [5, 33], [100, 64, 7], [200], []].enumerated() {
      for dimension in [1, 2, 3, 9] {
        for hasProbes in [false, true] {
          var example = Case(
            dimension: dimension, hidden: hidden, .tanh, set, count: count, seed: UInt64(52 + k),
            hasProbes: hasProbes)
          for (fast, exact) in zip(example.fast(), example.naive()) {
            let difference = relativeDifference(fast, exact)
            // A single point of few units has terms that cancel: 2.3e-5 was seen.
            #expect(difference < 5e-5, "\(hidden) in \(dimension) dimensions")
          }
        }
      }
    }
  }

  @Test(
    "without a divergence any activation will do", arguments: InstructionSet.available,
    Nonlinearity.all)
  func valueAlone(set: InstructionSet, nonlinearity: Nonlinearity) {
    var example = Case(hidden: [64, 33], nonlinearity, set, count: 100, seed: 58)
    for (fast, exact) in zip(example.fast(divergence: false), example.naive(divergence: false)) {
      #expect(relativeDifference(fast, exact) < 1e-5)
    }
  }

  @Test("adds to the gradient that is there", arguments: InstructionSet.available)
  func adds(set: InstructionSet) {
    let example = Case(hidden: [64], .silu, set, count: 40, seed: 59)
    var gradient = [Float](repeating: 0, count: example.example.weights.count)
    var points = example.example.points
    var network = example.example.network
    for _ in 0..<2 {
      network.pullBack(
        weights: example.example.weights, points: example.example.points, time: example.time,
        velocityCotangents: example.example.target, divergenceCotangents: example.weights,
        gradient: &gradient, pointCotangents: &points)
    }
    let exact = example.naive()
    #expect(relativeDifference(gradient.map { Double($0) / 2 }, exact[0]) < 1e-5)
    #expect(relativeDifference(points, exact[1]) < 1e-5)
  }

  @Test("only a kink in the derivative's own curve is refused")
  func kinks() {
    #expect(Nonlinearity.all.filter { !$0.hasContinuousDerivative } == [.selu, .relu])
  }
}
