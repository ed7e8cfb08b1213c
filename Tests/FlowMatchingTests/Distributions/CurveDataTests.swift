import Testing

@testable import FlowMatching

/// The noise-free data sets lie exactly on the curves of their definitions.
@Suite struct CurveDataTests {
  private func draws(_ distribution: some Distribution) -> [SIMD2<Double>] {
    var random = Random(seed: 1)
    let points = distribution.sample(count: 2000, using: &random)
    return (0..<points.count).map { SIMD2(points[0, $0], points[1, $0]) }
  }

  private func length(_ v: SIMD2<Double>) -> Double { (v * v).sum().squareRoot() }

  @Test("moons without noise are an upper and a lower half circle, half of the points on each")
  func moons() {
    let points = draws(Moons(noise: 0, scale: 2, offset: SIMD2(-1, -0.2)))
    var outer = 0
    for point in points {
      let isOuter = abs(length(point - SIMD2(-1, -0.2)) - 2) < 1e-12 && point.y >= -0.2 - 1e-12
      let isInner = abs(length(point - SIMD2(1, 0.8)) - 2) < 1e-12 && point.y <= 0.8 + 1e-12
      #expect(isOuter || isInner)
      if isOuter { outer += 1 }
    }
    #expect(abs(outer - 1000) < 112)
  }

  @Test("circles without noise have their radii, each equally often")
  func circles() {
    let radii = [0.75, 1.5, 2.25, 3]
    var counts = [0, 0, 0, 0]
    for point in draws(Circles(radii: radii, noise: 0)) {
      let index = radii.firstIndex { abs($0 - length(point)) < 1e-12 }
      #expect(index != nil)
      if let index { counts[index] += 1 }
    }
    #expect(counts.allSatisfy { abs($0 - 500) < 97 }, "\(counts)")
  }

  @Test("the swiss roll without noise has radius = angle from 1.5π to 4.5π, a fifth of it")
  func swissRoll() {
    for point in draws(SwissRoll(noise: 0, scale: 0.2)) {
      let angle = 5 * length(point)
      #expect(angle > 1.5 * .pi - 1e-9 && angle < 4.5 * .pi + 1e-9)
      let expected = SIMD2(cosine(angle), sine(angle)) * length(point)
      #expect(length(point - expected) < 1e-9)
    }
  }

  @Test("spirals without noise stay within a jitter of ½/3 of the curve ±φ(−cos φ, sin φ)/3")
  func spirals() {
    for point in draws(TwoSpirals(noise: 0)).prefix(150) {
      let distance = (0...4000).lazy.map { k in
        let angle = 3 * Double.pi * Double(k) / 4000
        let curve = SIMD2(-angle * cosine(angle), angle * sine(angle)) / 3
        return min(self.length(point - curve), self.length(point + curve))
      }.min()!
      #expect(distance < 0.5 / 3 * 2.0.squareRoot() + 0.003)
    }
  }

  @Test("a pinwheel without spread has its arms at angles 2πk/5 + e/4, clockwise")
  func pinwheel() {
    let wheel = Pinwheel(
      arms: 5, radialDeviation: 0, tangentialDeviation: 0, bend: 0.25, scale: 2)
    for point in draws(wheel) {
      let isArm = (0..<5).contains { k in
        let angle = 2 * Double.pi * Double(k) / 5 + 0.25 * 2.718_281_828_459_045
        return length(point - 2 * SIMD2(cosine(angle), -sine(angle))) < 1e-12
      }
      #expect(isArm)
    }
  }

  /// Points evenly spaced along a curve that is given over [0, 1].
  private func curve(_ count: Int, _ f: (Double) -> [Double]) -> [[Double]] {
    (0..<count).map { f((Double($0) + 0.5) / Double(count)) }
  }

  @Test("the entropies of curves with noise are those of fine mixtures along the curves")
  func entropies() throws {
    func circle(_ radius: Double) -> [[Double]] {
      curve(500) { [radius * cosine(2 * .pi * $0), radius * sine(2 * .pi * $0)] }
    }
    func moons(_ y: Double) -> [[Double]] {
      curve(400) { [2 * cosine(.pi * $0) - 1, 2 * sine(.pi * $0) + y] }
        + curve(400) { [1 - 2 * cosine(.pi * $0), 1 - 2 * sine(.pi * $0) + y] }
    }
    let roll = curve(500) { u in
      let angle = 1.5 * Double.pi * (1 + 2 * u)
      return [angle * cosine(angle) / 5, angle * sine(angle) / 5]
    }
    for (dataset, points, noise) in [
      (DatasetCatalog.moons, moons(-0.2), 0.2), (DatasetCatalog.moonsSklearn, moons(0), 0.1),
      (DatasetCatalog.rings, [0.75, 1.5, 2.25, 3].flatMap(circle), 0.08),
      (DatasetCatalog.circles, [1.5, 3].flatMap(circle), 0.24),
      (DatasetCatalog.swissRoll, roll, 0.2),
    ] {
      let mixture = GaussianMixture(
        weights: [Double](repeating: 1, count: points.count), means: points,
        standardDeviation: noise)
      var random = Random(seed: 17).stream(dataset.name)
      let draws = dataset.distribution.sample(count: 1500, using: &random)
      expectMean(of: mixture.logDensity(draws).map { -$0 }, try #require(dataset.entropyFloor))
    }
  }
}
