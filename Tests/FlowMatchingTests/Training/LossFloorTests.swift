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

  @Test("a data set that is not a mixture has no floor yet; one that is has the mixture's")
  func catalogue() {
    for dataset in DatasetCatalog.all {
      #expect((dataset.lossFloor == nil) == (dataset.mixture == nil))
    }
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
