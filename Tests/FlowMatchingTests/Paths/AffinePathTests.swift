import Testing

@testable import FlowMatching

@Suite struct AffinePathTests {
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
