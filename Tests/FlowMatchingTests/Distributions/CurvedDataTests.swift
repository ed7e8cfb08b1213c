import Testing

@testable import FlowMatching

@Suite struct CurvedDataTests {
  static let names = DatasetCatalog.curved.map(\.name)

  private func dataset(_ name: String) throws -> Dataset {
    try #require(DatasetCatalog.curved.first { $0.name == name })
  }

  @Test("the density of draws has the entropy as its mean logarithm", arguments: names)
  func entropies(name: String) throws {
    let dataset = try dataset(name)
    let floor = try #require(dataset.entropyFloor)
    var random = Random(seed: 1)
    let draws = dataset.distribution.sample(count: 40_000, using: &random)
    let logs = try #require(dataset.logDensity(draws))
    // Uniform ones have one value, and no draw is off them.
    let spread = (logs.max() ?? 0) - (logs.min() ?? 0)
    if spread < 1e-9 {
      #expect(abs(logs[0] + floor) < 1e-5)
    } else {
      expectMean(of: logs.map { -$0 }, floor, errors: 4)
    }
    let space = try #require(dataset.space)
    var settled = draws
    space.wrap(&settled)
    #expect(difference(settled, draws) < 1e-15 && draws.isFinite)
  }

  @Test("the density integrates to 1 by area", arguments: names)
  func masses(name: String) throws {
    let dataset = try dataset(name)
    let rule = try #require(dataset.space).quadrature(resolution: 200)
    let logs = try #require(dataset.logDensity(rule.nodes))
    // Edges are met to the width of a node.
    let isSmooth = ["sphere-vmf", "torus-mixture"].contains(name)
    #expect(abs(rule.integrate(logs.map(exponential)) - 1) < (isSmooth ? 1e-12 : 1e-2))
  }

  @Test("draws fall on a region as often as the density says", arguments: names)
  func shares(name: String) throws {
    let dataset = try dataset(name)
    let space = try #require(dataset.space)
    let rule = space.quadrature(resolution: 200)
    let densities = try #require(dataset.logDensity(rule.nodes)).map(exponential)
    var random = Random(seed: 2)
    let draws = dataset.distribution.sample(count: 40_000, using: &random)
    let centres = space.points(6, seed: 3)
    for c in 0..<6 {
      func inside(_ points: Batch) -> [Double] {
        var centre = points
        for i in 0..<points.dimension {
          for j in 0..<points.count { centre[i, j] = centres[i, c] }
        }
        return space.squaredDistances(points, centre).map { $0 < 1 ? 1.0 : 0 }
      }
      let share = rule.integrate(zip(inside(rule.nodes), densities).map { $0 * $1 })
      let found = inside(draws).reduce(0, +) / 40_000
      let deviation = (max(share * (1 - share), 1e-3) / 40_000).squareRoot()
      // And what the nodes miss of the edges.
      #expect(abs(found - share) < 4 * deviation + 6e-3, "\(found), expected \(share)")
    }
  }

  @Test("the floors are those of the literature's definitions")
  func floors() throws {
    #expect(
      abs(try #require(dataset("torus-checkerboard").entropyFloor) - logarithm(2 * .pi * .pi))
        < 1e-5)
    #expect(
      abs(try #require(dataset("torus-checkerboard-meta").entropyFloor) - logarithm(8)) < 1e-5)
    #expect(abs(try #require(dataset("sphere-checkerboard").entropyFloor) - 0.578) < 5e-4)
    #expect(abs(try #require(dataset("sphere-land").entropyFloor) - 1.2852) < 5e-5)
    #expect(
      abs(logarithm(Torus().area) - 3.676) < 5e-4 && abs(logarithm(Sphere().area) - 2.531) < 5e-4)
    // ln 2 + E ln(sin r/r) over the dark squares, by quadrature.
    let rule = GaussLegendre(20)
    var mean = 0.0
    for centre in Checkerboard(scale: 0.5).centres {
      mean += rule.integrate { a in
        rule.integrate { b in
          let (x, y) = (centre[0] + 0.5 * (a - 0.5), centre[1] + 0.5 * (b - 0.5))
          let r = (x * x + y * y).squareRoot()
          return logarithm(sine(r) / r) / 8
        }
      }
    }
    #expect(abs(logarithm(2) + mean - 0.5783123663) < 1e-10)
    #expect(Set(Self.names).isDisjoint(with: DatasetCatalog.plane.map(\.name)))
  }

  @Test("a von Mises–Fisher distribution has its entropy and its mean, coth κ − 1/κ")
  func vonMisesFisher() {
    for (kappa, entropy) in [(5.0, 1.227939733), (10, 0.535291930)] {
      #expect(abs(VonMisesFisher.entropy(kappa) - entropy) < 1e-9)
    }
    #expect(abs(VonMisesFisher.entropy(1e-3) - logarithm(4 * .pi)) < 1e-6)
    #expect(abs(VonMisesFisher.entropy(1e4) - (1 + logarithm(2 * .pi / 1e4))) < 1e-12)
    #expect(
      abs(VonMisesFisher.meanResultant(0.0199999) - VonMisesFisher.meanResultant(0.0200001)) < 1e-7)
    let mean = [0.48, -0.6, 0.64]
    for kappa in [0.5, 5, 200] {
      var random = Random(seed: 4)
      let points = VonMisesFisher(means: [mean], concentrations: [kappa])
        .sample(count: 20_000, using: &random)
      for i in 0..<3 {
        expectMean(of: points.row(i), mean[i] * VonMisesFisher.meanResultant(kappa))
      }
    }
  }

  @Test("the land is where it is, and its cells are those of the file")
  func land() {
    let mask = LandMask.earth
    #expect(abs(mask.share - 0.28769796181957) < 1e-12)
    #expect(mask.columns.reduce(0) { $0 + $1.count } == 21_456)
    // FNV-1a of the digits, computed from Data/land.txt by another program.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in LandRows.hexadecimal.utf8 where byte != 0x0a {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    #expect(hash == 0xdea7_7c43_57c7_36c6)
    for (longitude, latitude) in [
      (2.3, 47.0), (-100, 40), (135, -25), (25, -2), (0, -89.9), (359.9, 51.5),
    ] {
      #expect(mask.contains(longitude: longitude, latitude: latitude), "\(longitude), \(latitude)")
    }
    for (longitude, latitude) in [
      (-140.0, 0.0), (-30, 30), (80, -30), (0, 89.9), (180, 0), (-180, 0),
    ] {
      #expect(!mask.contains(longitude: longitude, latitude: latitude), "\(longitude), \(latitude)")
    }
    #expect(
      !mask.contains(longitude: .nan, latitude: 0) && !mask.contains(longitude: 0, latitude: 91))
  }

  @Test("parts of a circle have the mass, the mean and the ends that quadrature finds")
  func circleParts() {
    let factors: [CircleFactor] = [
      .arc(low: 2.5, length: 1.5), .arc(low: -1, length: 2 * .pi), .arc(low: 0.2, length: 0.1),
      .normal(mean: 3, deviation: 0.4), .normal(mean: -1, deviation: 5),
      .normal(mean: 0, deviation: 0.02),
    ]
    let rule = GaussLegendre(40)
    for factor in factors {
      for (angle, reach) in [(3.0, 1.0), (-2.9, .pi), (0.4, 0.3), (-1, 0.01), (0.1, 2.5)] {
        var (mass, moment) = (0.0, 0.0)
        let panels = 400
        for panel in 0..<panels {
          let (from, width) = (
            reach * (2 * Double(panel) / Double(panels) - 1), 2 * reach / Double(panels)
          )
          for (node, weight) in zip(rule.nodes, rule.weights) {
            let y = from + width * node
            let density = exponential(factor.logDensity(Torus.wrap(angle + y)))
            mass += width * weight * density
            moment += width * weight * density * y
          }
        }
        let part = factor.part(around: angle, within: reach)
        let isArc = if case .arc = factor { true } else { false }
        let tolerance = isArc ? 2e-2 * reach : 1e-11
        #expect(abs(exponential(part.logMass) - mass) < tolerance, "\(factor), \(angle) ± \(reach)")
        if mass > 1e-3 {
          #expect(
            abs(part.mean - moment / mass) < (isArc ? 2e-2 * reach / mass : 1e-10),
            "\(factor), \(angle) ± \(reach)")
        }
        if part.logMass > -20 {
          let above = exponential(factor.logDensity(Torus.wrap(angle + reach)) - part.logMass)
          #expect(abs(part.above - above) < 1e-9 * (1 + above), "\(factor), \(angle) ± \(reach)")
        }
      }
    }
  }
}
