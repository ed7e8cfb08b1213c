import Testing

@testable import FlowMatching

@Suite struct WassersteinTests {
  private func cloud(_ count: Int, seed: UInt64) -> Batch {
    var random = Random(seed: seed)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  @Test("W₂ of a cloud and its translate is the length of the translation")
  func translate() {
    for shift in [SIMD2(0.001, 0), SIMD2(0.3, -0.4), SIMD2(30, 40)] {
      let a = cloud(200, seed: 1)
      var b = a
      // Another order, too.
      for j in 0..<200 {
        b[0, j] = a[0, (j * 7) % 200] + shift.x
        b[1, j] = a[1, (j * 7) % 200] + shift.y
      }
      let length = (shift * shift).sum().squareRoot()
      #expect(abs(Wasserstein.w2(a, b) - length) < 1e-12 * (1 + length))
    }
  }

  @Test("W₂ is 0 for a cloud and itself, symmetric, and obeys the triangle inequality")
  func metric() {
    let (a, b, c) = (cloud(120, seed: 2), cloud(120, seed: 3), cloud(120, seed: 4))
    #expect(Wasserstein.w2(a, a) == 0)
    #expect(abs(Wasserstein.w2(a, b) - Wasserstein.w2(b, a)) < 1e-14)
    #expect(Wasserstein.w2(a, c) <= Wasserstein.w2(a, b) + Wasserstein.w2(b, c))
    let empty = Batch(dimension: 2, count: 0)
    #expect(Wasserstein.w2(empty, empty) == 0)
  }

  @Test("a sample with a point that is not finite has no distance")
  func notFinite() {
    for value in [Double.nan, .infinity] {
      var b = cloud(10, seed: 5)
      b[1, 4] = value
      #expect(Wasserstein.w2(cloud(10, seed: 6), b).isNaN)
    }
  }

  @Test("the noise floor at n = 1000 is .205 for N(0, I) and .55 for eight wide Gaussians")
  func noiseFloor() {
    var random = Random(seed: 7)
    let normal = Wasserstein.noiseFloor(
      of: StandardNormal(dimension: 2), count: 1000, using: &random)
    #expect(abs(normal.mean - 0.205) < 5 * normal.deviation / 8.0.squareRoot() + 0.005)
    #expect(normal.deviation > 0.005 && normal.deviation < 0.05)
    let wide = Wasserstein.noiseFloor(
      of: GaussianMixture.eightGaussians(radius: 5, standardDeviation: 1), count: 1000,
      using: &random)
    #expect(abs(wide.mean - 0.55) < 5 * wide.deviation / 8.0.squareRoot() + 0.005)
  }

  @Test("the noise floor is repeatable and falls with the size of the samples")
  func repeatable() {
    func floor(_ count: Int) -> NoiseFloor {
      var random = Random(seed: 8)
      return Wasserstein.noiseFloor(
        of: DatasetCatalog.moons.distribution, count: count, using: &random)
    }
    #expect(floor(100) == floor(100))
    #expect(floor(100).mean > floor(400).mean)
  }

  @Test("the noise floor is the mean and the sample deviation over pairs of fresh samples")
  func definition() {
    var random = Random(seed: 9)
    let moons = DatasetCatalog.moons.distribution
    var copy = random
    let floor = Wasserstein.noiseFloor(of: moons, count: 60, pairs: 3, using: &random)
    let w = (0..<3).map { _ in
      let a = moons.sample(count: 60, using: &copy)
      return Wasserstein.w2(a, moons.sample(count: 60, using: &copy))
    }
    let mean = (w[0] + w[1] + w[2]) / 3
    let variance = w.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2
    #expect(abs(floor.mean - mean) < 1e-14)
    #expect(abs(floor.deviation - variance.squareRoot()) < 1e-14)
  }
}
