import Testing

@testable import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Floors of points, of any scale") struct PointFloorTests {
  private static func floor(
    _ points: Batch, _ regression: RegressionTarget = RegressionTarget()
  ) -> Estimate? {
    let dataset = Dataset(name: "points", points: points)
    var estimation = LossFloorEstimation(from: nil, to: dataset, regression)
    return estimation.finish()
  }

  /// Numbers on a line through the plane: the mean over two dimensions is half of the line's.
  private static func tilted(_ numbers: [Double]) -> Batch {
    Batch(points: numbers.map { [0.6 * $0 + 1000, 0.8 * $0 - 7] })
  }

  private static func line(_ count: Int, _ place: (Double) -> Double) -> [Double] {
    (0..<count).map { place(Double($0)) }
  }

  private static let integers = line(12) { $0 }
  private static let squares = line(30) { $0 * $0 }
  private static let powers = line(30) { exp2($0) }
  private static let outlier: [Double] = line(60) { 0.1 * $0 } + [1e4]
  private static let groups: [Double] = line(20) { 1e-3 * $0 } + line(5) { 1000 + 1e-3 * $0 }

  /// By NumPy: the trapezoidal rule in log ρ and in X₀, all points by themselves. Evenly spaced, a
  /// heavy tail, an outlier, and two groups a million of their spacings apart.
  private static let lines: [(numbers: [Double], floor: Double)] = [
    ([0, 1], 0.508_800_58), (integers, 4.992_336), (squares, 371.031_46), (powers, 88_553_027.5),
    (outlier, 485.938_04), (groups, 351.779_9),
  ]

  @Test(
    "the floor is that of an independent quadrature to 2 %, and to 4 of its standard errors",
    arguments: lines.indices)
  func line(index: Int) throws {
    let (numbers, expected) = PointFloorTests.lines[index]
    for scale in [1e-3, 1, 1e6] {
      let points = PointFloorTests.tilted(numbers.map { scale * $0 })
      let floor = try #require(PointFloorTests.floor(points))
      let exact = 0.5 * scale * expected
      #expect(floor.standardError < 0.006 * exact)
      #expect(
        abs(floor.mean - exact) < 4 * floor.standardError + 1e-4 * exact, "\(floor), \(exact)")
    }
  }

  @Test("a cloud's floor grows as the cloud does, and does not depend on where it lies")
  func scales() throws {
    var random = Random(seed: 5)
    let cloud = StandardNormal(dimension: 2).sample(count: 200, using: &random)
    let one = try #require(PointFloorTests.floor(cloud))
    for (scale, offset) in [(1e-3, 0.0), (0.01, 0), (100, 0), (1e6, 0), (1e-3, 1e3), (1e6, 1e9)] {
      var points = cloud
      for k in points.values.indices { points.values[k] = offset + scale * points.values[k] }
      let floor = try #require(PointFloorTests.floor(points))
      #expect(abs(floor.mean / (scale * one.mean) - 1) < 1e-6, "\(scale): \(floor)")
      #expect(abs(floor.standardError / (scale * one.standardError) - 1) < 1e-3)
    }
    let cosine = try #require(PointFloorTests.floor(cloud, RegressionTarget(scheduler: .cosine)))
    #expect(abs(cosine.mean - 0.5 * .pi * one.mean) < 4 * cosine.standardError)
  }

  @Test("points of one place leave nothing to be uncertain about")
  func onePlace() throws {
    for count in [1, 3, 40] {
      let points = Batch(points: [[Double]](repeating: [2, -5], count: count))
      #expect(PointFloorTests.floor(points) == Estimate(mean: 0, standardError: 0))
    }
  }

  @Test(
    "a finite data set has the floor that its exact field's squared errors show",
    arguments: [
      RegressionTarget(), RegressionTarget(scheduler: .variancePreserving),
      RegressionTarget(prediction: .target),
      RegressionTarget(prediction: .source, scheduler: .cosine),
      RegressionTarget(prediction: .score),
      RegressionTarget(path: .noisy(sigma: 0.3)), RegressionTarget(path: .lipman(sigmaMin: 0.1)),
    ])
  func squaredErrors(regression: RegressionTarget) throws {
    let cloud = ExactFieldTests.cloud
    let estimate = try #require(
      PointFloorTests.floor(
        (cloud.distribution as! PointCloud).points, regression))
    let errors = try #require(
      FieldVariance(
        from: .standardNormal(dimension: 2), to: cloud.distribution as! PointCloud, regression))
    var plain = LossFloorEstimation(of: errors, regression)
    for _ in errors.quadrature.nodes { plain.advance() }
    let other = plain.progress
    let error =
      (estimate.standardError * estimate.standardError
      + other.standardError * other.standardError).squareRoot()
    // The exact field of points stands still for the last thousandth.
    #expect(
      abs(estimate.mean - other.mean) < 4 * error + 2e-3 * estimate.mean, "\(estimate), \(other)")
    #expect(
      estimate.standardError < 0.005 * estimate.mean && other.standardError < 0.1 * other.mean)
  }

  @Test("where σ̇ is infinite, points have the floor that the averages over pairs of a mixture give")
  func singular() throws {
    let cloud = ExactFieldTests.cloud
    for scheduler in [Scheduler.linearVP, .variancePreserving] {
      let regression = RegressionTarget(scheduler: scheduler)
      let floor = try #require(
        PointFloorTests.floor((cloud.distribution as! PointCloud).points, regression))
      let field = try #require(cloud.exactField(scheduler: scheduler) as? MarginalField)
      let pairs = MixtureFloorVariance(field, target: cloud.distribution, regression)
      var estimation = LossFloorEstimation(of: pairs, regression)
      let finished = estimation.finish()
      let other = try #require(finished)
      let square =
        floor.standardError * floor.standardError + other.standardError * other.standardError
      let bound = 4 * square.squareRoot() + 1e-3 * floor.mean
      #expect(abs(floor.mean - other.mean) < bound, "\(floor), \(other)")
    }
  }

  @Test("many points: taken together where they are near for the noise, the floor stays the same")
  func grain() throws {
    var random = Random(seed: 6)
    let points = DatasetCatalog.moons.distribution.sample(count: 6000, using: &random)
    var estimates: [Estimate] = []
    for grain in [0.0, nil] as [Double?] {
      let variance = CloudVariance(points, RegressionTarget(), grain: grain)
      var estimation = LossFloorEstimation(of: variance, RegressionTarget(), firstSize: 4)
      for _ in variance.quadrature.nodes { estimation.advance() }
      estimates.append(estimation.progress)
    }
    // The same random numbers: the difference is that of the grain.
    #expect(abs(estimates[0].mean / estimates[1].mean - 1) < 2e-3, "\(estimates)")
  }

  @Test("a path from the noise of a mixture has the floor that squared errors show")
  func otherSource() throws {
    let source = ExactFieldTests.mixtureSource
    let cloud = ExactFieldTests.cloud
    for regression in [RegressionTarget(), RegressionTarget(prediction: .target)] {
      var estimation = LossFloorEstimation(from: source, to: cloud, regression)
      let finished = estimation.finish()
      let floor = try #require(finished)
      let errors = try #require(
        FieldVariance(from: source, to: cloud.distribution as! PointCloud, regression))
      var plain = LossFloorEstimation(of: errors, regression)
      for _ in errors.quadrature.nodes { plain.advance() }
      let other = plain.progress
      let error =
        (floor.standardError * floor.standardError + other.standardError * other.standardError)
        .squareRoot()
      #expect(abs(floor.mean - other.mean) < 4 * error + 2e-3 * floor.mean, "\(floor), \(other)")
    }
  }
}
