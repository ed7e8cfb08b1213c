import FlowMatching
import Testing

@Suite struct SampleDistanceTests {
  /// Two clouds that anyone can write down: (sin j, cos 2j) and (½ + .8 sin 3j, .2 + cos 5j).
  static let clouds: (Batch, Batch) = {
    let index = (1...50).map(Double.init)
    return (
      Batch(points: index.map { [sine($0), cosine(2 * $0)] }),
      Batch(points: index.map { [0.5 + 0.8 * sine(3 * $0), 0.2 + cosine(5 * $0)] })
    )
  }()

  private func cloud(_ count: Int, seed: UInt64) -> Batch {
    var random = Random(seed: seed)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  @Test("sliced W₂ over eight given directions is POT 0.9.7's, to 1e-14")
  func slicedOracle() {
    let (a, b) = Self.clouds
    let angles = (0..<8).map { 0.1 + Double.pi * Double($0) / 8 }
    let sliced = SlicedWasserstein(
      directions: Batch(points: angles.map { [cosine($0), sine($0)] }))
    // ot.sliced_wasserstein_distance(X, Y, projections=P, p=2).
    #expect(abs(sliced.distance(a, b) - 0.4295115445495827) < 1e-14)
    #expect(sliced.distance(a, a) == 0)
  }

  @Test("in one dimension sliced W₂ is W₂, by sorting: POT's 0.52257868970612 and the assignment's")
  func oneDimension() {
    let a = Batch(dimension: 1, values: Array(Self.clouds.0.values[..<50]))
    let b = Batch(dimension: 1, values: Array(Self.clouds.1.values[..<50]))
    let sliced = SlicedWasserstein(dimension: 1, random: Random(seed: 1))
    // ot.emd2_1d, the root.
    #expect(abs(sliced.distance(a, b) - 0.5225786897061223) < 1e-14)
    #expect(abs(sliced.distance(a, b) - Wasserstein.w2(a, b)) < 1e-12)
  }

  @Test("the sliced distance of a translate is the mean of its squared projections")
  func translate() throws {
    var random = Random(seed: 2)
    let a = StandardNormal(dimension: 3).sample(count: 300, using: &random)
    var b = a
    for j in 0..<300 {
      for (i, shift) in [3.0, -4, 0].enumerated() { b[i, j] = a[i, 299 - j] + shift }
    }
    let sliced = SlicedWasserstein(dimension: 3, count: 4000, random: Random(seed: 3))
    let directions = try #require(sliced.directions)
    let projections = (0..<4000).map { k in
      let p = 3 * directions[0, k] - 4 * directions[1, k]
      return p * p
    }
    let mean = projections.reduce(0, +) / 4000
    let found = sliced.measure(a, b)
    #expect(abs(found.distance - mean.squareRoot()) < 1e-11)
    // Over all directions |δ|²/d, within what the measure says of itself.
    expectMean(of: projections, 25 / 3.0)
    #expect(abs(found.distance - (25 / 3.0).squareRoot()) < 4 * found.error && found.error < 0.05)
    #expect(sliced.distance(a, b) <= Wasserstein.w2(a, b))
  }

  @Test("a seed fixes the directions, whatever else was drawn from the stream")
  func directions() throws {
    var used = Random(seed: 4)
    _ = used.next()
    let (first, second) = (
      SlicedWasserstein(dimension: 3, random: Random(seed: 4)),
      SlicedWasserstein(dimension: 3, random: used)
    )
    #expect(first == second)
    #expect(first != SlicedWasserstein(dimension: 3, random: Random(seed: 5)))
    let directions = try #require(first.directions)
    for k in 0..<128 { #expect(abs(distance(directions.point(k), [0, 0, 0]) - 1) < 1e-15) }
    var bad = cloud(10, seed: 6)
    bad[0, 3] = .nan
    let plane = SlicedWasserstein(dimension: 2, random: used)
    #expect(plane.distance(bad, cloud(10, seed: 7)).isNaN && plane.directions == nil)
  }

  @Test(
    "in the plane it is the integral over all angles: √(1 − 2/π) for two crossed pairs, however turned",
    arguments: [0, 0.3, 1.1, 2.0])
  func crossedPairs(angle: Double) {
    // (|cos θ| − |sin θ|)² has the mean 1 − 2/π, and its kinks lie between the nodes.
    let (c, s) = (cosine(angle), sine(angle))
    let (a, b) = (Batch(points: [[c, s], [-c, -s]]), Batch(points: [[-s, c], [s, -c]]))
    for scale in [1e-3, 1, 1e6] {
      var (p, q) = (a, b)
      for k in p.values.indices {
        (p.values[k], q.values[k]) = (1000 + scale * a.values[k], 1000 + scale * b.values[k])
      }
      let found = SlicedWasserstein(dimension: 2, random: Random(seed: 1)).measure(p, q)
      let expected = scale * (1 - 2 / Double.pi).squareRoot()
      #expect(abs(found.distance - expected) <= found.error, "\(found), \(expected)")
      #expect(found.error < 1e-4 * expected)
    }
  }

  @Test(
    "in the plane it is the mean over a million angles, by NumPy, within the error that it states")
  func allAngles() {
    let sliced = SlicedWasserstein(dimension: 2, random: Random(seed: 1))
    let found = sliced.measure(Self.clouds.0, Self.clouds.1)
    #expect(abs(found.distance - 0.4297264972006357) <= found.error, "\(found)")
    #expect(found.error < 1e-4 && found.error > 0)
    #expect(sliced.measure(Self.clouds.0, Self.clouds.0).error == 0)
    // No seed chooses the angles: a training's distance is that of a later evaluation.
    #expect(SampleDistance.sliced(Self.clouds.0, Self.clouds.1) == found.distance)
    #expect(sliced == SlicedWasserstein(dimension: 2, random: Random(seed: 2)))
  }

  @Test(
    "the energy distance is SciPy's in one dimension, 0.49187548453275, and 0.476125616174 in two")
  func energyOracle() {
    let (a, b) = Self.clouds
    // √(2E|X − Y| − E|X − X′| − E|Y − Y′|) of SciPy's cdist; scipy.stats.energy_distance in 1-D.
    #expect(abs(EnergyDistance.distance(a, b) - 0.4761256161741029) < 1e-13)
    let line = EnergyDistance.distance(
      Batch(dimension: 1, values: Array(a.values[..<50])),
      Batch(dimension: 1, values: Array(b.values[..<50])))
    #expect(abs(line - 0.49187548453275315) < 1e-13)
    #expect(EnergyDistance.distance(a, a) == 0)
    #expect(abs(EnergyDistance.distance(b, a) - EnergyDistance.distance(a, b)) < 1e-14)
  }

  @Test("the unbiased energy distance has mean 0 for one distribution, its closed form for two")
  func unbiased() {
    var (same, moved) = ([Double](), [Double]())
    for seed in 0..<60 as Range<UInt64> {
      var random = Random(seed: 100 + seed)
      let a = StandardNormal(dimension: 1).sample(count: 60, using: &random)
      let b = StandardNormal(dimension: 1).sample(count: 80, using: &random)
      same.append(EnergyDistance.unbiasedSquare(a, b))
      moved.append(
        EnergyDistance.unbiasedSquare(a, Batch(dimension: 1, values: b.values.map { $0 + 1 })))
    }
    expectMean(of: same, 0)
    // E|Z√2 + 1| = 2/√π·e^(−¼) + erf(½), E|X − X′| = 2/√π; erf(½) = .5204998778130465.
    let root = 2 / Double.pi.squareRoot()
    expectMean(of: moved, 2 * (root * exponential(-0.25) + 0.5204998778130465) - 2 * root)
  }

  @Test("a point that is not finite leaves no energy distance")
  func notFinite() {
    var bad = cloud(10, seed: 8)
    bad[1, 2] = .infinity
    #expect(EnergyDistance.distance(bad, cloud(12, seed: 9)).isNaN)
  }
}
