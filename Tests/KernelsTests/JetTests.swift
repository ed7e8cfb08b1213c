import Kernels
import Testing

@Suite("Derivatives of a potential")
struct JetTests {
  static let smooth = Nonlinearity.all.filter(\.hasContinuousSecondDerivative)

  /// A potential with directions, and L = c₀s + c₁ṡ + c₂s̈.
  private struct Case {
    var network: DenseNetwork
    var naive: NaiveNetwork
    let weights: [Float]
    var points, times, directions, cotangents: [Double]
    let count: Int
    let order: Int

    init(
      hidden: [Int], _ nonlinearity: Nonlinearity, _ set: InstructionSet = .baseline, count: Int,
      order: Int, dimension: Int = 2
    ) {
      let example = Example(
        dimension: dimension, hidden: hidden, nonlinearity, set, count: count, seed: 80)
      network = DenseNetwork(
        features: dimension + 1, hiddenWidths: hidden, outputs: 1, nonlinearity: nonlinearity,
        instructionSet: set)
      weights = Array(example.weights[0..<network.parameterCount])
      naive = NaiveNetwork(
        widths: network.widths, activation: nonlinearity.naive, weights: weights.map(Double.init))
      (points, times) = (example.points, example.times)
      (self.count, self.order) = (count, order)
      directions = [Double](repeating: 0, count: (dimension + 1) * count)
      Noise.fillNormals(&directions, seed: 81)
      cotangents = [Double](repeating: 0, count: (order + 1) * count)
      Noise.fillNormals(&cotangents, seed: 82)
      directions = directions.map { Double(Float($0)) }
      cotangents = cotangents.map { Double(Float($0)) }
    }

    /// s and its derivatives, then the gradients of L by weights and points.
    mutating func fast() -> (results: [Double], gradient: [Double], points: [Double]) {
      var results = [Double](repeating: .nan, count: (order + 1) * count)
      var gradient = [Float](repeating: 0, count: weights.count)
      var back = points.map { _ in Double.nan }
      network.jet(
        weights: weights, points: points, times: times, along: directions, order: order,
        into: &results,
        back: JetCotangents(cotangents, reachesWeights: true, reachesPoints: true),
        gradient: &gradient, pointCotangents: &back)
      return (results, gradient.map(Double.init), back)
    }

    /// s and its derivatives by differences of sixth and of fourth order.
    func slow(_ j: Int) -> [Double] {
      let d = points.count / count
      func s(_ shift: Double) -> Double {
        let x = (0..<d).map { points[$0 * count + j] + shift * directions[$0 * count + j] }
        return naive.output(x, times[j] + shift * directions[d * count + j])[0]
      }
      let h = 4e-3
      let (one, two, three) = (s(h), s(2 * h), s(3 * h))
      let (minusOne, minusTwo, minusThree) = (s(-h), s(-2 * h), s(-3 * h))
      let first =
        (45 * (one - minusOne) - 9 * (two - minusTwo) + three - minusThree) / (60 * h)
      let second =
        (270 * (one + minusOne) - 27 * (two + minusTwo) + 2 * (three + minusThree) - 490 * s(0))
        / (180 * h * h)
      return Array([s(0), first, second][0...order])
    }

    func value() -> Double {
      (0..<count).reduce(0) { sum, j in
        slow(j).enumerated().reduce(sum) { $0 + cotangents[$1.offset * count + j] * $1.element }
      }
    }
  }

  private func quotient(_ value: (Double) -> Double) -> Double {
    let h = 1e-3
    return (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
  }

  @Test(
    "agree with differences, forwards and back, in every order", arguments: smooth, [0, 1, 2])
  func differences(nonlinearity: Nonlinearity, order: Int) {
    var example = Case(hidden: [9, 7], nonlinearity, count: 3, order: order)
    let fast = example.fast()
    let naive = (0...order).flatMap { k in (0..<3).map { example.slow($0)[k] } }
    #expect(relativeDifference(fast.results, naive) < 1e-5)
    let byWeights = example.weights.indices.map { i in
      quotient { shift in
        var moved = example
        moved.naive.weights[i] += shift
        return moved.value()
      }
    }
    #expect(relativeDifference(fast.gradient, byWeights) < 2e-5)
    let byPoints = example.points.indices.map { i in
      quotient { shift in
        var moved = example
        moved.points[i] += shift
        return moved.value()
      }
    }
    #expect(relativeDifference(fast.points, byPoints) < 2e-5)
  }

  @Test(
    "agree between the instruction sets whatever the numbers of points and units",
    arguments: InstructionSet.available, [1, 31, 70])
  func sizes(set: InstructionSet, count: Int) {
    for hidden in [[1], [5, 33], [64, 7, 130], []] {
      for (dimension, order) in [(1, 2), (2, 1), (3, 2), (9, 0)] {
        var plain = Case(hidden: hidden, .silu, count: count, order: order, dimension: dimension)
        var other = Case(
          hidden: hidden, .silu, set, count: count, order: order, dimension: dimension)
        let (a, b) = (plain.fast(), other.fast())
        #expect(relativeDifference(a.results, b.results) < 5e-5)
        #expect(relativeDifference(a.gradient, b.gradient) < 5e-5)
        #expect(relativeDifference(a.points, b.points) < 5e-5)
      }
    }
  }
}
