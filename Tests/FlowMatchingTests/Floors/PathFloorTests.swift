import Testing

@testable import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Floors of paths and predictions") struct PathFloorTests {
  /// ∫ Var(Y | X_t) dt for N(0, 1) → N(m, s²), all of them normal, in parts that shrink to both ends.
  private static func gaussianFloor(_ regression: RegressionTarget, _ s: Double) -> Double {
    let times = regression.times
    var sum = 0.0
    let n = 100_000
    for k in 0..<n {
      let u = -20 + 40 * (Double(k) + 0.5) / Double(n)
      let t = 1 / (1 + exp(-u))
      guard times.contains(t) else { continue }
      let c = regression.coefficients(at: t)
      let y = regression.regressed(c)
      let (p, q, r) = (y.target, y.source, y.noise)
      let ends = p * c.sigma - q * c.alpha
      let data = p * c.noise - r * c.alpha
      let noise = q * c.noise - r * c.sigma
      let variance = s * s * c.alpha * c.alpha + c.sigma * c.sigma + c.noise * c.noise
      let left = (s * s * (ends * ends + data * data) + noise * noise) / variance
      sum += left * t * (1 - t) * 40 / Double(n)
    }
    return sum / (times.upperBound - times.lowerBound)
  }

  @Test(
    "N(0, 1) → N(m, s²): the floor is that of normal variates on every path, for every prediction",
    arguments: [
      RegressionTarget(prediction: .target), RegressionTarget(prediction: .source),
      RegressionTarget(prediction: .score),
      RegressionTarget(prediction: .score, scheduler: .cosine),
      RegressionTarget(prediction: .target, scheduler: .variancePreserving),
      RegressionTarget(path: .lipman(sigmaMin: 0.1)), RegressionTarget(path: .noisy(sigma: 0.5)),
      RegressionTarget(path: .noisy(sigma: 0.2), scheduler: .cosine),
      RegressionTarget(path: .schroedingerBridge(sigma: 1)), RegressionTarget(path: .trigonometric),
    ])
  func gaussian(regression: RegressionTarget) {
    for s in [0.3, 2] {
      let target = GaussianMixture(weights: [1], means: [[3.0]], standardDeviation: s)
      let floor = LossFloor.of(target: target, regressing: regression)
      let expected = PathFloorTests.gaussianFloor(regression, s)
      #expect(abs(floor - expected) < 1e-3 * expected, "\(s): \(floor), \(expected)")
    }
  }

  @Test("paths whose noise is 0 have the affine path's floor, to its last digits")
  func withoutNoise() throws {
    for dataset in [DatasetCatalog.eightGaussians, DatasetCatalog.moons, DatasetCatalog.word] {
      let affine = try #require(dataset.lossFloorEstimate(under: .conditionalOT))
      for path in [
        ConditionalPath.lipman(sigmaMin: 0), .noisy(sigma: 0), .schroedingerBridge(sigma: 0),
      ] {
        let floor = try #require(dataset.lossFloorEstimate(under: .conditionalOT, path: path))
        #expect(abs(floor.mean - affine.mean) < 1e-6 * affine.mean, "\(path)")
        #expect(abs(floor.standardError - affine.standardError) < 1e-6 * affine.mean)
      }
    }
  }

  @Test("an infinite floor names the times that it belongs to, a finite one none")
  func crops() {
    let experiment = { (change: (inout Experiment) -> Void) -> LossFloorEstimation in
      var experiment = Experiment()
      change(&experiment)
      return experiment.lossFloorEstimation(to: DatasetCatalog.moons)
    }
    #expect(experiment { _ in }.crop == nil)
    #expect(experiment { $0.scheduler = .cosine }.crop == nil)
    #expect(experiment { $0.scheduler = .linearVP }.crop == 0...(1 - 1e-5))
    #expect(experiment { $0.scheduler = .variancePreserving }.crop == 0...(1 - 1e-5))
    #expect(
      experiment { ($0.scheduler, $0.prediction) = (.linearVP, .target) }.crop == nil)
    #expect(experiment { $0.path = .schroedingerBridge(sigma: 1) }.crop == 1e-5...1)
    // What training cannot tell apart has one uncertainty left: none, once the noise is small enough.
    var points = LossFloorEstimation(
      from: nil, to: ExactFieldTests.cloud, RegressionTarget(scheduler: .linearVP))
    let known = points.finish()
    #expect(points.crop == nil && known != nil)
  }

  @Test(
    "a run's floor comes with its steps, is whole at its end, and changes no bit of the training")
  func onTheWay() throws {
    var experiment = Experiment()
    (experiment.widths, experiment.batch, experiment.steps) = ([8], 8, 400)
    let cloud = ExactFieldTests.cloud
    var run = TrainingRun(experiment, dataset: cloud, sampleCount: 16, measuresDistance: false)
    #expect(run.lossFloor == nil)
    var trainer = Trainer(experiment, dataset: cloud)
    for _ in 0..<5 {
      run.step()
      trainer.step()
    }
    #expect(run.trainer.weights == trainer.weights)
    while !run.trainer.isFinished { run.step() }
    let whole = try #require(experiment.lossFloorEstimate(to: cloud))
    #expect(run.lossFloor == whole.mean && run.lossFloorError == whole.standardError)
    #expect(whole.standardError > 0)
    let known = TrainingRun(experiment, dataset: DatasetCatalog.moons, sampleCount: 16)
    #expect(known.lossFloor == DatasetCatalog.moons.lossFloor && known.lossFloorError == 0)
  }
}
