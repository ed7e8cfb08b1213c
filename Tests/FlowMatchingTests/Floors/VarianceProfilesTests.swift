import Testing

@testable import FlowMatching

/// The tabulated profiles of curves, each number by itself: a floor averages a wrong digit away.
@Suite struct VarianceProfilesTests {
  @Test(
    "every number of a curve's table is E|X₁ − X₀|² − E|u|² of its mixture in the plane, to 1e-4",
    arguments: ["moons", "moons-sklearn", "circles", "swissroll", "s-curve", "rings"])
  func curves(name: String) throws {
    let dataset = try DatasetCatalog.named(name)
    let table = try #require(dataset.varianceProfile)
    let curve = try #require(dataset.distribution as? any CurveDistribution)
    let (source, target) = (GaussianMixture.standardNormal(dimension: 2), curve.quadrature)
    var pairs = MixturePairs(source: source, target: target, path: NoisyPath(path: .affine))
    for (time, found) in zip(GaussLegendre(table.values.count).nodes, table.values) {
      let wanted =
        target.meanSquare + source.meanSquare - pairs.marginalEnergy(at: time, resolution: 2)
      #expect(abs(found - wanted) < 1e-4, "at \(time): \(found), \(wanted)")
    }
  }
}
