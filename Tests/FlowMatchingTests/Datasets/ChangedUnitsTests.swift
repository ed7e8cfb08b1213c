import FlowMatching
import Foundation
import Testing

@Suite("Data in the units of a network")
struct ChangedUnitsTests {
  private static let units = Standardisation(means: [2, -1], deviations: [4, 0.5])!

  @Test(
    "Densities change by the product of the deviations, fields stay exact",
    arguments: ["8gaussians", "checkerboard", "moons"])
  func densities(name: String) throws {
    let raw = try DatasetCatalog.named(name)
    let changed = try #require(raw.changed(to: Self.units))
    #expect(changed.units == Self.units && changed.hasExactField && changed.name == raw.name)
    var random = Random(seed: 5)
    let x = raw.distribution.sample(count: 200, using: &random)
    let z = Self.units.applied(to: x)
    let before = raw.logDensity(x)
    if let before, let after = changed.logDensity(z) {
      for (p, q) in zip(before, after) { #expect(abs(q - p - log(4 * 0.5)) < 1e-6) }
    }
    let sample = changed.distribution.sample(count: 20_000, using: &random)
    let old = Self.units.applied(to: raw.distribution.sample(count: 20_000, using: &random))
    for i in 0..<2 {
      let (one, other) = (mean(sample, i), mean(old, i))
      #expect(abs(one - other) < 0.05 * max(1, abs(other)), "\(i): \(one) \(other)")
    }
  }

  @Test("An entropy loses the logarithms of the deviations, and clusters move along")
  func clusters() throws {
    let raw = try DatasetCatalog.named("8gaussians")
    let changed = try #require(raw.changed(to: Self.units))
    let floors = try (#require(raw.entropyFloor), #require(changed.entropyFloor))
    #expect(abs(floors.1 - floors.0 + log(2)) < 1e-12)
    let east = try #require(changed.classes?.parts[0] as? GaussianMixture)
    #expect(changed.classes?.names.first == "east" && east.means == [changed.centres[0]])
    for (centre, moved) in zip(raw.centres, changed.centres) {
      #expect(abs(moved[0] - (centre[0] - 2) / 4) < 1e-12)
      #expect(abs(moved[1] - (centre[1] + 1) / 0.5) < 1e-12)
    }
  }

  @Test("What has no exact field becomes draws; what has no such units is left")
  func others() throws {
    let wheel = try #require(DatasetCatalog.named("pinwheel").changed(to: Self.units))
    #expect((wheel.distribution as? PointCloud)?.points.count == 16_384)
    let spirals = try DatasetCatalog.named("2spirals")
    #expect(spirals.changed(to: Self.units)?.distribution is PointCloud)
    let round = try #require(Standardisation(means: [0, 1], deviations: [2, 2]))
    let even = try #require(spirals.changed(to: round))
    let (x, z) = (Batch(points: [[1, 1]]), Batch(points: [[0.5, 0]]))
    let densities = try (#require(spirals.logDensity(x)), #require(even.logDensity(z)))
    #expect(abs(densities.1[0] - densities.0[0] - log(4)) < 1e-9)
    let sphere = try DatasetCatalog.named("sphere-vmf")
    #expect(sphere.changed(to: Self.units) == nil)
    #expect(try DatasetCatalog.named("gaussians-16d").changed(to: Self.units) == nil)
  }

  private func mean(_ points: Batch, _ row: Int) -> Double {
    (0..<points.count).reduce(0) { $0 + points[row, $1] } / Double(points.count)
  }
}
