import Testing

@testable import FlowMatching

@Suite("Principal axes")
struct PrincipalAxesTests {
  @Test(
    "they are eigenvectors of the covariance, orthonormal, by falling variance",
    arguments: [1, 2, 5, 24])
  func eigenvectors(d: Int) {
    var random = Random(seed: 2)
    var points = StandardNormal(dimension: d).sample(count: 300, using: &random)
    for i in 1..<max(1, d) {
      for j in 0..<300 { points[i, j] = 1000 + 0.5 * points[i, j] + Double(i) * points[i - 1, j] }
    }
    let axes = PrincipalAxes(of: points)
    #expect(zip(axes.variances, axes.variances.dropFirst()).allSatisfy { $0 >= $1 && $1 >= 0 })
    for (k, v) in axes.directions.enumerated() {
      for (l, w) in axes.directions.enumerated() {
        let product = zip(v, w).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (k == l ? 1 : 0)) < 1e-12)
      }
      // The variance of the points along it, and nothing together with the next.
      let scores = (0..<300).map { j in
        (0..<d).reduce(0) { $0 + v[$1] * (points[$1, j] - axes.mean[$1]) }
      }
      let variance = scores.reduce(0) { $0 + $1 * $1 } / 300
      #expect(abs(variance - axes.variances[k]) < 1e-9 * axes.variances[0])
    }
    let shares = (0..<d).map(axes.share(ofAxis:))
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    #expect(abs((0..<d).map(axes.share(ofCoordinate:)).reduce(0, +) - 1) < 1e-12)
  }

  @Test("those of the box are its sides: 9.25, 4.25 and 2.5 of 20, and a quarter across")
  func box() throws {
    var random = Random(seed: 5)
    let points = DatasetCatalog.gaussians16.distribution.sample(count: 16_384, using: &random)
    let axes = PrincipalAxes(of: points)
    for (found, expected) in zip(axes.variances, [9.25, 4.25, 2.5]) {
      #expect(abs(found - expected) < 0.03 * expected)
    }
    #expect(axes.variances.dropFirst(3).allSatisfy { abs($0 - 0.25) < 0.02 })
    #expect(abs(axes.share(ofAxis: 0) + axes.share(ofAxis: 1) - 0.70) < 0.01)
  }

  @Test("a mixture that is seen along two directions is the density of its draws seen so")
  func seen() throws {
    let box = try #require(DatasetCatalog.gaussians16.mixture)
    let axes = PrincipalAxes(of: box.sampled(2000))
    let seen = box.seen(along: Array(axes.directions[0..<2]), from: axes.mean)
    let draws = box.sampled(4000)
    var moments = [0.0, 0, 0]
    for j in 0..<draws.count {
      let p = axes.directions[0..<2].map { w in
        (0..<16).reduce(0) { $0 + w[$1] * (draws[$1, j] - axes.mean[$1]) }
      }
      moments[0] += p[0] * p[0] / 4000
      moments[1] += p[1] * p[1] / 4000
      moments[2] += p[0] * p[0] * p[1] * p[1] / 4000
    }
    #expect(seen.dimension == 2 && seen.weights == box.weights)
    let second = seen.covariances.indices.reduce(into: [0.0, 0]) { sum, k in
      for i in 0..<2 {
        sum[i] += (seen.covariances[k][3 * i] + seen.means[k][i] * seen.means[k][i]) / 8
      }
    }
    #expect(abs(moments[0] - second[0]) < 0.1 * second[0])
    #expect(abs(moments[1] - second[1]) < 0.1 * second[1])
    #expect(abs(moments[2] - second[0] * second[1]) < 0.15 * moments[2])
  }
}

extension GaussianMixture {
  fileprivate func sampled(_ count: Int) -> Batch {
    var random = Random(seed: 8)
    return sample(count: count, using: &random)
  }
}
