import Testing

@testable import FlowMatching

@Suite struct AffinePathTests {
  @Test(
    "a schedule begins with noise, ends with data and always moves", arguments: Scheduler.allCases)
  func ends(scheduler: Scheduler) {
    #expect(scheduler.sigma(1) == 0 && scheduler.alpha(1) == 1 && scheduler.sigma(0) == 1)
    #expect(!scheduler.title.isEmpty)
    for t in stride(from: 0.05, through: 0.95, by: 0.1) {
      let determinant =
        scheduler.alphaRate(t) * scheduler.sigma(t) - scheduler.sigmaRate(t) * scheduler.alpha(t)
      #expect(determinant > 0)
    }
  }

  @Test("the rates are the derivatives of α and σ", arguments: Scheduler.allCases)
  func rates(scheduler: Scheduler) {
    let h = 1e-6
    for t in stride(from: 0.05, through: 0.95, by: 0.1) {
      let alpha = (scheduler.alpha(t + h) - scheduler.alpha(t - h)) / (2 * h)
      let sigma = (scheduler.sigma(t + h) - scheduler.sigma(t - h)) / (2 * h)
      #expect(abs(alpha - scheduler.alphaRate(t)) < 1e-8)
      #expect(abs(sigma - scheduler.sigmaRate(t)) < 1e-8)
    }
  }

  @Test("a sample starts at x₀, ends at x₁ and has the velocity of its path")
  func sample() {
    var random = Random(seed: 1)
    let x0 = StandardNormal(dimension: 3).sample(count: 5, using: &random)
    let x1 = StandardNormal(dimension: 3).sample(count: 5, using: &random)
    let path = AffinePath(scheduler: .conditionalOT)
    let untouched = random
    func at(_ t: [Double]) -> PathSample {
      var sample = PathSample(dimension: 3, count: 5)
      path.sample(from: x0, to: x1, at: t, using: &random, into: &sample)
      return sample
    }
    let zero = [Double](repeating: 0, count: 5)
    #expect(at(zero).x == x0)
    #expect(at(zero.map { _ in 1 }).x == x1)
    let times = [0.1, 0.3, 0.5, 0.7, 0.9]
    let h = 1e-5
    let before = at(times.map { $0 - h }).x
    let after = at(times.map { $0 + h }).x
    let velocity = at(times).velocity
    for k in velocity.values.indices {
      let slope = (after.values[k] - before.values[k]) / (2 * h)
      #expect(abs(slope - velocity.values[k]) < 1e-9)
    }
    #expect(random == untouched, "an affine path needs no noise of its own")
  }
}
