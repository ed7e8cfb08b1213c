import Testing

@testable import FlowMatching

@Suite struct DatasetCatalogTests {
  static let names: [String] = DatasetCatalog.plane.map(\.name)

  @Test("every public data set of the plan is there, under a name of its own")
  func plan() {
    let expected = [
      "8gaussians", "8gaussians-ffjord", "8gaussians-torchcfm", "8gaussians-r5", "moons",
      "moons-sklearn", "checkerboard", "2spirals", "rings", "circles", "pinwheel", "swissroll",
      "moons-torchcfm", "s-curve", "checkerboard-meta", "checkerboard-small", "two-classes",
      "text:FLOW",
    ]
    #expect(Self.names == expected)
  }

  @Test("a data set is found by its name and draws finite, repeatable points", arguments: names)
  func draws(name: String) throws {
    let dataset = try DatasetCatalog.named(name)
    #expect(!dataset.title.isEmpty && !dataset.summary.contains("\n"))
    var first = Random(seed: 7).stream(name)
    var second = Random(seed: 7).stream(name)
    let points = dataset.distribution.sample(count: 500, using: &first)
    #expect(points.isFinite)
    #expect(points == dataset.distribution.sample(count: 500, using: &second))
    #expect(points != dataset.distribution.sample(count: 500, using: &second))
    #expect(Set(points.values).count > 990, "coordinates repeat")
  }

  /// E[X] and E|X|² of each definition: closed forms; moons, spirals and roll by SciPy's quadrature
  /// of the curve; the word by
  /// adding up its 59 cells.
  static let moments: [String: (mean: SIMD2<Double>, square: Double)] = [
    "8gaussians": ([0, 0], 4 + 2 * 0.04),
    "8gaussians-ffjord": ([0, 0], 16.5 / (1.414 * 1.414)),
    "8gaussians-torchcfm": ([0, 0], 25 + 2 * 0.1.squareRoot()),
    "8gaussians-r5": ([0, 0], 27),
    "moons": ([0, 0.3], 4.14676),
    "moons-sklearn": ([0, 0.5], 4.24676),
    "checkerboard": ([0, 0], 32.0 / 3),
    "2spirals": ([0, 0], 5.10301),
    "rings": ([0, 0], 4.2188 + 0.0128),
    "circles": ([0, 0], 5.625 + 0.1152),
    "pinwheel": ([0, 0], 4 * (1 + 0.09 + 0.01)),
    "swissroll": ([0.4, 0.0424413], 3.92915),
    "moons-torchcfm": ([0.8, 0.05], 9.650211),
    "s-curve": ([0, 0], 2.25 * (2 + 2 / (1.5 * .pi)) + 2 * 0.075 * 0.075),
    "checkerboard-meta": ([0, 0], 8 / 3 / (0.45 * 0.45)),
    "checkerboard-small": ([0, 0], 8.0 / 3),
    "two-classes": ([0, 0], (2 * (0.45 * 0.45 + 1.44) + 1) / 3 + 2 * 0.35 * 0.35),
    "text:FLOW": ([0.1591746, -0.0294768], 7.3242553),
  ]

  @Test("the mean and E|X|² of 40 000 draws are within 5 standard errors", arguments: names)
  func drawMoments(name: String) throws {
    let expected = try #require(Self.moments[name])
    var random = Random(seed: 11).stream(name)
    let n = 40_000
    let points = try DatasetCatalog.named(name).distribution.sample(count: n, using: &random)
    let squares = (0..<n).map { points[0, $0] * points[0, $0] + points[1, $0] * points[1, $0] }
    expectMean(of: (0..<n).map { points[0, $0] }, expected.mean.x)
    expectMean(of: (0..<n).map { points[1, $0] }, expected.mean.y)
    expectMean(of: squares, expected.square)
  }

  @Test("the clusters of a mixture are its components, those of the board its dark squares")
  func centres() throws {
    for dataset in DatasetCatalog.all {
      if let mixture = dataset.mixture { #expect(dataset.centres == mixture.means) }
    }
    let board = DatasetCatalog.checkerboard
    #expect(board.centres.count == 8)
    let density = try #require(board.distribution as? Checkerboard)
    #expect(density.logDensity(Batch(points: board.centres)).allSatisfy { $0.isFinite })
  }

  @Test("the draws of a checkerboard lie on its dark squares, an eighth on each")
  func checkerboard() {
    var random = Random(seed: 3)
    let board = Checkerboard(scale: 2)
    let points = board.sample(count: 16_000, using: &random)
    #expect(board.logDensity(points).allSatisfy { abs($0 + 3.465_735_902_799_727) < 1e-12 })
    var counts = [Int](repeating: 0, count: 8)
    for j in 0..<points.count {
      let x = SIMD2(points[0, j], points[1, j])
      let nearest = board.centres.firstIndex { abs($0[0] - x.x) <= 1 && abs($0[1] - x.y) <= 1 }
      #expect(nearest != nil)
      if let nearest { counts[nearest] += 1 }
    }
    // 2000 ± 42 each; 5 standard deviations.
    #expect(counts.allSatisfy { abs($0 - 2000) < 210 }, "\(counts)")
    let outside = board.logDensity(Batch(points: [[1, 3], [-5, 0], [4.5, 4.5]]))
    #expect(outside.allSatisfy { $0 == -.infinity })
  }

  @Test("the entropy floor is E[−log p] over the data set's own draws", arguments: names)
  func entropies(name: String) throws {
    let dataset = try DatasetCatalog.named(name)
    var random = Random(seed: 5).stream(name)
    let isSlow = name == "2spirals"
    let points = dataset.distribution.sample(count: isSlow ? 1000 : 10_000, using: &random)
    guard let logDensity = dataset.logDensity(points) else {
      #expect(name == "pinwheel")
      return
    }
    let floor = try #require(dataset.entropyFloor)
    if dataset.distribution is Checkerboard || dataset.distribution is Boxes {
      #expect(logDensity.allSatisfy { abs($0 + floor) < 1e-5 })
    } else {
      expectMean(of: logDensity.map { -$0 }, floor, errors: 4)
    }
  }

  @Test("all data sets have names of their own, those of the plane first")
  func allNames() {
    let names = DatasetCatalog.all.map(\.name)
    #expect(
      names == Self.names
        + (DatasetCatalog.spatial + DatasetCatalog.pictured + DatasetCatalog.curved
        + DatasetCatalog.seenAtTimes + DatasetCatalog.letters
        + DatasetCatalog.simulated).map(\.name))
    #expect(Set(names).count == names.count)
  }

  @Test("what has an exact field has a density, and the reverse but for the smeared moons")
  func knowledge() {
    for dataset in DatasetCatalog.plane {
      let density = dataset.distribution as? any DensityDistribution
      #expect((density != nil) == (dataset.hasExactField || dataset.name == "moons-torchcfm"))
      #expect((dataset.exactField() != nil) == dataset.hasExactField)
    }
  }
}
