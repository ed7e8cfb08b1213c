import Foundation
import Testing

@testable import FlowMatching

@Suite("Data sets with classes")
struct DatasetClassesTests {
  static let labelled = DatasetCatalog.all.filter { $0.classes != nil && $0.pictures == nil }

  @Test("Gaussians, moons, spirals, rings, circles and the two classes have some")
  func which() {
    #expect(
      Self.labelled.map(\.name) == [
        "8gaussians", "8gaussians-ffjord", "8gaussians-torchcfm", "8gaussians-r5", "moons",
        "moons-sklearn", "2spirals", "rings", "circles", "two-classes", "gaussians-16d",
        "clusters-64d",
      ])
  }

  @Test("Pictures have classes of points, without a density")
  func pictures() throws {
    let digits = try #require(DatasetCatalog.digits.classes)
    #expect(digits.names == (0..<10).map(String.init) && digits.labels?.count == 1438)
    #expect(DatasetCatalog.pictured.map(\.name) == ["digits"])
  }

  @Test("the density is the mixture of the classes'", arguments: labelled.map(\.name))
  func density(name: String) throws {
    let dataset = try DatasetCatalog.named(name)
    let classes = try #require(dataset.classes)
    var random = Random(seed: 8)
    let x = dataset.distribution.sample(count: 40, using: &random)
    let whole = try #require(dataset.logDensity(x))
    let parts = try classes.parts.map { try #require($0 as? any DensityDistribution).logDensity(x) }
    for j in 0..<x.count {
      let sum = classes.weights.indices.reduce(0) { $0 + classes.weights[$1] * exp(parts[$1][j]) }
      #expect(abs(log(sum) - whole[j]) < 1e-8)
    }
    #expect(abs(classes.weights.reduce(0, +) - 1) < 1e-12)
  }

  @Test("draws are of the class that their label says", arguments: labelled.map(\.name))
  func draws(name: String) throws {
    let classes = try #require(DatasetCatalog.named(name).classes)
    var (random, labels) = (Random(seed: 1), [Int](repeating: 0, count: 600))
    var x = Batch(dimension: classes.dimension, count: labels.count)
    classes.sample(into: &x, labels: &labels, using: &random)
    for label in 0..<classes.count {
      let places = labels.indices.filter { labels[$0] == label }
      #expect(abs(Double(places.count) / 600 - classes.weights[label]) < 0.08)
      // Under its own class a draw is likelier than under any other, but where classes overlap.
      let own = x.choosing(places)
      let logs = classes.parts.map { ($0 as! any DensityDistribution).logDensity(own) }
      let right = places.indices.count { j in logs.allSatisfy { $0[j] <= logs[label][j] } }
      #expect(Double(right) > 0.75 * Double(places.count), "\(classes.names[label])")
    }
  }

  @Test("points by label are drawn as often as they are, and a class without one is refused")
  func points() throws {
    let points = Batch(points: [[0, 0], [1, 0], [2, 0], [3, 0]])
    let classes = try #require(
      LabelledDistribution(points, labels: [1, 0, 1, 1], names: ["a", "b"]))
    #expect(classes.weights == [0.25, 0.75] && classes.labels == [1, 0, 1, 1])
    var (random, labels) = (Random(seed: 3), [Int](repeating: 0, count: 8000))
    var x = Batch(dimension: 2, count: 8000)
    classes.sample(into: &x, labels: &labels, using: &random)
    for k in 0..<4 {
      let drawn = (0..<8000).filter { x[0, $0] == Double(k) }
      #expect(abs(Double(drawn.count) / 8000 - 0.25) < 0.025)
      #expect(drawn.allSatisfy { labels[$0] == (k == 1 ? 0 : 1) })
    }
    #expect(LabelledDistribution(points, labels: [1, 1, 1, 1], names: ["a", "b"]) == nil)
  }

  @Test("the entropy of the two classes is that of their density")
  func entropy() throws {
    var random = Random(seed: 6)
    let dataset = DatasetCatalog.twoClasses
    let x = dataset.distribution.sample(count: 40_000, using: &random)
    let estimate = Estimate(of: try #require(dataset.logDensity(x)).map { -$0 })
    #expect(abs(estimate.mean - 2.26484) < 4 * estimate.standardError)
  }

  @Test("the tilt of a class draws nearer its own side: .633, .702 and .755 at w = 1, 2 and 4")
  func tilt() throws {
    let dataset = DatasetCatalog.twoClasses
    let classes = try #require(dataset.classes)
    var random = Random(seed: 2)
    let draws = classes.parts[0].sample(count: 2000, using: &random)
    for (w, mean, deviation) in [(1.0, 0.633, 0.436), (2, 0.702, 0.395), (4, 0.755, 0.369)] {
      let tilt = try #require(
        ClassTilt(classes, of: dataset.distribution, label: 0, weight: w))
      let moments = try #require(tilt.moments(around: draws, along: [1, 0]))
      // By NumPy on a grid of 1601².
      #expect(abs(moments.mean[0] - mean) < 1e-3 && abs(moments.deviation - deviation) < 1e-3)
      #expect(abs(moments.mean[1]) < 1e-3)
    }
  }
}
