import Testing

@testable import FlowMatching

@Suite struct LossFloorTests {
  @Test(
    "the floors of the eight Gaussians are those computed independently",
    arguments: [
      ("8gaussians", 1.929), ("8gaussians-ffjord", 2.816), ("8gaussians-torchcfm", 4.900),
      ("8gaussians-r5", 5.377),
    ])
  func table(name: String, expected: Double) throws {
    let floor = try #require(try DatasetCatalog.named(name).lossFloor)
    #expect(abs(floor - expected) < 1e-3, "\(floor)")
  }

  @Test(
    "from N(0, 1) to N(m, s²) the floor is πs/2 per dimension, whatever m",
    arguments: [0.02, 0.1, 0.5, 1, 2.5])
  func gaussian(s: Double) {
    for mean in [[0.0], [3], [1, -2]] {
      let target = GaussianMixture(weights: [1], means: [mean], standardDeviation: s)
      #expect(abs(LossFloor.of(target: target) - .pi * s / 2) < 2e-6 * max(1, s * s))
    }
  }

  @Test("a tilted Gaussian has the mean of πs/2 over its principal axes")
  func tilted() {
    // Standard deviations 1.5 and 0.4, turned by 30°.
    let (c, s) = (0.75.squareRoot(), 0.5)
    let (a, b) = (1.5 * 1.5, 0.4 * 0.4)
    let target = GaussianMixture(
      weights: [1], means: [[1, 2]],
      covariances: [
        [c * c * a + s * s * b, c * s * (a - b), c * s * (a - b), s * s * a + c * c * b]
      ]
    )
    #expect(abs(LossFloor.of(target: target) - .pi / 4 * (1.5 + 0.4)) < 1e-5)
  }

  @Test("conditional energy is d + E|X₁|²: 6.08 for R = 2, s = .2; marginal 2.22, less, above W₂²")
  func energies() {
    let target = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
    let energies = LossFloor.energies(target: target)
    #expect(abs(energies.conditional - 6.08) < 1e-10)
    #expect(abs(energies.marginal - 2.22) < 5e-3)
    // W₂² is about .82 (1024-point estimate .840, biased upwards).
    #expect(energies.marginal > 0.84)
  }

  @Test("the loss of the exact field over random draws is the floor, also between two mixtures")
  func monteCarlo() {
    for (source, target) in [
      (nil, GaussianMixtureTests.tilted),
      (MarginalFieldTests.otherSource, GaussianMixtureTests.tilted),
      (nil, GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)),
    ] {
      let energies = LossFloor.energies(source: source, target: target)
      let n = 20_000
      var random = Random(seed: 31)
      let x0 = (source ?? .standardNormal(dimension: 2)).sample(count: n, using: &random)
      let x1 = target.sample(count: n, using: &random)
      let times = (0..<n).map { _ in random.uniform() }
      var sample = PathSample(dimension: 2, count: n)
      AffinePath(scheduler: .conditionalOT).sample(
        from: x0, to: x1, at: times, using: &random, into: &sample)
      var field = MarginalField(source: source, target: target)
      var velocity = sample.velocity
      field.evaluate(sample.x, at: .each(times), into: &velocity)
      let losses = (0..<n).map { j in
        (0..<2).reduce(0.0) { sum, i in
          let difference = sample.velocity[i, j] - velocity[i, j]
          return sum + 0.5 * difference * difference
        }
      }
      expectMean(of: losses, (energies.conditional - energies.marginal) / 2)
    }
  }

  @Test("halving the grid and doubling the nodes changes the floor by less than 2e-6")
  func convergence() {
    for target in [GaussianMixtureTests.tilted, DatasetCatalog.eightGaussiansTorchCFM.mixture!] {
      let fine = LossFloor.energies(
        source: nil, target: target, scheduler: .conditionalOT, nodes: 96, resolution: 4)
      let floor = (fine.conditional - fine.marginal) / 2
      #expect(abs(LossFloor.of(target: target) - floor) < 2e-6)
    }
  }

  @Test(
    "the floors of curves and boards are those computed independently",
    arguments: [
      ("checkerboard-meta", 3.752, 1e-3), ("checkerboard-small", 1.69, 5e-3),
      ("moons", 1.956_01, 1e-5), ("rings", 2.214_78, 1e-5), ("checkerboard", 3.377_08, 1e-5),
    ])
  func boards(name: String, expected: Double, tolerance: Double) throws {
    let floor = try #require(try DatasetCatalog.named(name).lossFloor)
    #expect(abs(floor - expected) < tolerance, "\(floor)")
  }

  @Test(
    "a tabulated floor is what random points give, under every scheduler, to 4 standard errors",
    arguments: DatasetCatalog.plane.filter { $0.varianceProfile != nil }.map(\.name))
  func tabulated(name: String) throws {
    let dataset = try DatasetCatalog.named(name)
    let profile = try #require(dataset.varianceProfile)
    let exact = try #require(dataset.distribution as? any ExactDistribution)
    for regression in [
      RegressionTarget(scheduler: .variancePreserving), RegressionTarget(scheduler: .polynomial(3)),
      RegressionTarget(prediction: .target), RegressionTarget(prediction: .score),
      RegressionTarget(path: .schroedingerBridge(sigma: 1)),
    ] {
      let variance = try #require(FieldVariance(from: nil, to: exact, regression))
      var estimation = LossFloorEstimation(
        of: variance, regression, ownFloor: regression.ownFloor, firstSize: 1)
      // The nodes of one pass: a hundredth of what is done for a figure.
      for _ in variance.quadrature.nodes { estimation.advance() }
      let estimate = estimation.progress
      let floor = profile.floor(of: regression)
      #expect(estimate.standardError < 0.05 * floor)
      #expect(
        abs(estimate.mean - floor) < 4 * estimate.standardError,
        "\(regression): \(floor), \(estimate)")
    }
  }

  @Test("the floor under cosine is π/2 times that under conditional OT, whatever the target")
  func cosine() throws {
    for dataset in DatasetCatalog.plane
    where dataset.mixture != nil || dataset.varianceProfile != nil {
      let floor = try #require(dataset.lossFloor)
      let cosine = try #require(dataset.lossFloor(under: .cosine))
      #expect(abs(cosine - .pi / 2 * floor) < 1e-5 * floor)
    }
    // Computed independently: 3.027 to three digits.
    #expect(abs(DatasetCatalog.eightGaussians.lossFloor(under: .cosine)! - 3.027) < 4e-3)
  }

  @Test(
    "N(0, 1) → N(m, s²): the floor is ∫D²s²/(σ² + α²s²) dt under every scheduler",
    arguments: Scheduler.all)
  func gaussian(scheduler: Scheduler) {
    for s in [0.3, 1, 2] {
      let target = GaussianMixture(weights: [1], means: [[1.0]], standardDeviation: s)
      let integral = gaussianFloor(scheduler, s, parts: 400_000)
      let floor = LossFloor.of(target: target, scheduler: scheduler)
      // The largest σ̇ cuts the last 1e-5 of linear VP and VP short.
      let isSingular = scheduler == .linearVP || scheduler == .variancePreserving
      let bound = (isSingular ? 2e-3 : 1e-6) * integral
      #expect(abs(floor - integral) < bound, "\(s): \(floor), \(integral)")
    }
  }

  @Test("the loss of the exact field on random pairs is the floor, where σ̇ is infinite too")
  func exactLoss() throws {
    for (name, scheduler) in [
      ("8gaussians", Scheduler.variancePreserving), ("moons", .linearVP), ("moons", .cosine),
      ("checkerboard", .polynomial(2)), ("text:FLOW", .conditionalOT),
    ] {
      let dataset = try DatasetCatalog.named(name)
      let n = 4000
      var random = Random(seed: 33)
      let x0 = StandardNormal(dimension: 2).sample(count: n, using: &random)
      let x1 = dataset.distribution.sample(count: n, using: &random)
      // The last hundredth has few of the draws and, under linear VP, much of the loss: it is left
      // to the integral of the same field.
      let times = (0..<n).map { _ in random.uniform() }
      var sample = PathSample(dimension: 2, count: n)
      AffinePath(scheduler: scheduler).sample(
        from: x0, to: x1, at: times, using: &random, into: &sample)
      var field = try #require(dataset.exactField(scheduler: scheduler))
      var velocity = sample.velocity
      field.evaluate(sample.x, at: .each(times), into: &velocity)
      let losses = (0..<n).map { j in
        (0..<2).reduce(0.0) { sum, i in
          let difference = sample.velocity[i, j] - velocity[i, j]
          return sum + 0.5 * difference * difference
        }
      }
      expectMean(of: losses, try #require(dataset.lossFloor(under: scheduler)))
    }
  }

  @Test("from another source, and with noise on the path, the floor is that of the energies")
  func sources() throws {
    let source = ExactFieldTests.mixtureSource
    let eight = DatasetCatalog.eightGaussians
    let energies = LossFloor.energies(source: source, target: eight.mixture!)
    let exact = (energies.conditional - energies.marginal) / 2
    let estimate = try #require(eight.lossFloorEstimate(under: .conditionalOT, source: source))
    #expect(abs(estimate.mean - exact) < 4 * estimate.standardError)
    #expect(estimate.standardError < 0.05 * exact)
    // Constant noise hides the ends of the path: the floor can only rise.
    let moons = DatasetCatalog.moons
    let noisy = try #require(
      moons.lossFloorEstimate(under: .conditionalOT, path: .noisy(sigma: 0.5)))
    #expect(noisy.mean - 4 * noisy.standardError > moons.lossFloor!)
    let turning = try #require(moons.lossFloorEstimate(under: .conditionalOT, path: .trigonometric))
    #expect(turning.mean == moons.lossFloor(under: .cosine))
    #expect(DatasetCatalog.pinwheel.lossFloorEstimate(under: .cosine, source: source) == nil)
  }

  @Test("every data set with an exact field has a floor, a word with its standard error")
  func catalogue() throws {
    for dataset in DatasetCatalog.plane {
      #expect((dataset.lossFloor == nil) == !dataset.hasExactField)
    }
    let word = try #require(DatasetCatalog.word.lossFloorEstimate(under: .conditionalOT))
    #expect(word.standardError > 0 && word.standardError < 0.005 * word.mean)
    #expect(word == DatasetCatalog.word.lossFloorEstimate(under: .conditionalOT))
    let exact = try #require(DatasetCatalog.moons.lossFloorEstimate(under: .cosine))
    #expect(exact.standardError == 0)
  }

  @Test("Gauss–Legendre with n nodes is exact to degree 2n − 1 and no further")
  func quadrature() {
    for n in [1, 2, 5, 24] {
      let rule = GaussLegendre(n)
      #expect(rule.nodes == rule.nodes.sorted() && abs(rule.weights.reduce(0, +) - 1) < 1e-13)
      for degree in 0..<(2 * n) {
        let integral = rule.integrate { t in (0..<degree).reduce(1.0) { power, _ in power * t } }
        #expect(abs(integral - 1 / Double(degree + 1)) < 1e-13)
      }
      if n < 10 {
        let integral = rule.integrate { t in (0..<(2 * n)).reduce(1.0) { power, _ in power * t } }
        #expect(abs(integral - 1 / Double(2 * n + 1)) > 1e-9)
      }
    }
  }
}
