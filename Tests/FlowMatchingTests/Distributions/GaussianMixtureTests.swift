import Testing

@testable import FlowMatching

@Suite struct GaussianMixtureTests {
  /// Three unequal, tilted components.
  static let tilted = GaussianMixture(
    weights: [2, 1, 3], means: [[-1, 0.5], [2, 1], [0.3, -1.5]],
    covariances: [[0.5, 0.2, 0.2, 0.3], [0.2, -0.1, -0.1, 0.4], [0.3, 0, 0, 0.1]])

  @Test("the density integrates to 1 on a grid, with the entropy that draws give")
  func integral() {
    let h = 0.05
    let axis = (0...280).map { -7 + h * Double($0) }
    var grid = Batch(dimension: 2, count: axis.count * axis.count)
    for (i, x) in axis.enumerated() {
      for (j, y) in axis.enumerated() {
        grid[0, i * axis.count + j] = x
        grid[1, i * axis.count + j] = y
      }
    }
    let logs = Self.tilted.logDensity(grid)
    let mass = logs.reduce(0) { $0 + exponential($1) } * h * h
    let entropy = logs.reduce(0) { $0 - exponential($1) * $1 } * h * h
    #expect(abs(mass - 1) < 1e-10)
    var random = Random(seed: 2)
    let points = Self.tilted.sample(count: 20_000, using: &random)
    expectMean(of: Self.tilted.logDensity(points).map { -$0 }, entropy)
  }

  @Test("draws have the mean and the second moments of the mixture")
  func moments() {
    var random = Random(seed: 4)
    let n = 40_000
    let points = Self.tilted.sample(count: n, using: &random)
    let mixture = Self.tilted
    for a in 0..<2 {
      expectMean(of: (0..<n).map { points[a, $0] }, mixture.mean[a])
      for b in 0..<2 {
        let second = (0..<3).reduce(0.0) {
          $0 + mixture.weights[$1]
            * (mixture.means[$1][a] * mixture.means[$1][b] + mixture.covariances[$1][a * 2 + b])
        }
        expectMean(of: (0..<n).map { points[a, $0] * points[b, $0] }, second)
      }
    }
    let square = (0..<n).map { points[0, $0] * points[0, $0] + points[1, $0] * points[1, $0] }
    expectMean(of: square, mixture.meanSquare)
  }

  @Test("one component is the normal density; 40 standard deviations away nothing overflows")
  func oneComponent() {
    let standard = GaussianMixture.standardNormal(dimension: 3)
    let points = Batch(points: [[0, 0, 0], [1, -2, 0.5], [40, 0, 0]])
    let expected = StandardNormal(dimension: 3).logDensity(points)
    for (a, b) in zip(standard.logDensity(points), expected) { #expect(abs(a - b) < 1e-12) }
    let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
    #expect(eight.logDensity(Batch(points: [[1e4, 0]]))[0].isFinite)
  }

  @Test("the eight means lie on the circle, 45° apart, the first on the x axis")
  func eightGaussians() {
    let mixture = GaussianMixture.eightGaussians(radius: 3, standardDeviation: 0.1)
    for (k, mean) in mixture.means.enumerated() {
      let angle = Double.pi * Double(k) / 4
      #expect(abs(mean[0] - 3 * cosine(angle)) < 1e-12)
      #expect(abs(mean[1] - 3 * sine(angle)) < 1e-12)
    }
    #expect(mixture.deviations == [Double](repeating: 0.01.squareRoot(), count: 8))
    #expect(Self.tilted.deviations == nil)
  }

  @Test("equally likely components are drawn equally often, weighted ones by their weights")
  func components() {
    var random = Random(seed: 9)
    let mixture = GaussianMixture(
      weights: [1, 2, 5], means: [[0], [100], [200]], standardDeviation: 1)
    let points = mixture.sample(count: 8000, using: &random)
    let counts = (0..<3).map { k in points.values.filter { abs($0 - 100 * Double(k)) < 10 }.count }
    for (count, weight) in zip(counts, mixture.weights) {
      let mean = 8000 * weight
      #expect(abs(Double(count) - mean) < 5 * (mean * (1 - weight)).squareRoot())
    }
  }
}
