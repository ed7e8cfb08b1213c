import Testing

@testable import FlowMatching

@Suite("Maps of flows")
struct TwoTimeMapTests {
  private static let mixture = GaussianMixture(
    weights: [1], means: [[1, -2]], standardDeviation: 0.5)

  @Test("A tight solve finds the closed form of a Gaussian's map, points at times of their own")
  func solvedGaussian() {
    var random = Random(seed: 3).stream("map")
    let x = StandardNormal(dimension: 2).sample(count: 200, using: &random)
    let starts = (0..<200).map { _ in 0.9 * random.uniform() }
    let ends = starts.map { $0 + (1 - $0) * random.uniform() }
    let exact = GaussianMap(Self.mixture)!
    let solved = SolvedMap(MarginalField(target: Self.mixture), tolerance: 1e-12)
    var (a, b) = (x, x)
    exact.meanVelocity(x, from: .each(starts), to: .each(ends), into: &a)
    solved.meanVelocity(x, from: .each(starts), to: .each(ends), into: &b)
    #expect(a.rootMeanSquareDistance(to: b) < 1e-11)
  }

  @Test("From a time to itself the mean velocity is the velocity")
  func noJump() {
    let x = Batch(points: [[0.3, 1], [-2, 0.1]])
    let field = MarginalField(target: Self.mixture)
    let v = field.velocity(x, at: 0.4)
    for map: any TwoTimeMap in [GaussianMap(Self.mixture)!, SolvedMap(field)] {
      #expect(map.meanVelocity(x, from: 0.4, to: 0.4).rootMeanSquareDistance(to: v) < 1e-14)
    }
  }

  @Test("A Gaussian's map stays exact for data of mean 1e6 and for a deviation of 1e-3")
  func scales() {
    let map = GaussianMap(mean: [1e6], deviation: [1e-3])
    let there = map.carried(Batch(points: [[0.5], [-1]]), from: 0, to: 1)
    #expect(abs(there[0, 0] - 1e6 - 0.5e-3) < 1e-9 && abs(there[0, 1] - 1e6 + 1e-3) < 1e-9)
  }

  @Test("Cov(v_c | x) is that of draws, and its mean the exact field")
  func posterior() {
    let mixture = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
    let posterior = VelocityPosterior(mixture)!
    let x = Batch(points: [[0.4, 0.2], [1.1, -0.5]])
    for t in [0.2, 0.6, 0.9] {
      let v = MarginalField(target: mixture).velocity(x, at: t)
      for j in 0..<2 {
        let mean = posterior.moments(at: x.point(j), t).mean
        #expect(abs(mean[0] - v[0, j]) < 1e-12 && abs(mean[1] - v[1, j]) < 1e-12)
      }
    }
    // Draws of x₁, weighed by how likely they make x.
    var random = Random(seed: 1).stream("draws")
    let draws = mixture.sample(count: 200_000, using: &random)
    let (t, point) = (0.5, [0.4, 0.2])
    var (total, sums) = (0.0, [Double](repeating: 0, count: 5))
    for j in 0..<draws.count {
      let x0 = (0..<2).map { (point[$0] - t * draws[$0, j]) / (1 - t) }
      let weight = StandardNormal(dimension: 2).logDensity(Batch(points: [x0]))[0]
      let w = exponential(weight)
      let v = (0..<2).map { draws[$0, j] - x0[$0] }
      total += w
      for (k, value) in [v[0], v[1], v[0] * v[0], v[0] * v[1], v[1] * v[1]].enumerated() {
        sums[k] += w * value
      }
    }
    let m = sums.map { $0 / total }
    let covariance = posterior.moments(at: point, t).covariance
    let drawn = [m[2] - m[0] * m[0], m[3] - m[0] * m[1], m[4] - m[1] * m[1]]
    for (a, b) in zip(drawn, [covariance[0], covariance[1], covariance[3]]) {
      #expect(abs(a - b) < 0.08, "\(drawn) \(covariance)")
    }
  }
}
