import Testing

@testable import FlowMatching

@Suite("Straightness over the number of dimensions")
struct ClusterStraightnessTests {
  @Test(
    "path energy and W₂² of two clusters are those of an independent quadrature",
    arguments: [
      (2, 2.269454, 1.447169), (4, 5.378398, 4.132389), (16, 25.577278, 22.660851),
      (64, 110.446569, 103.157774),
    ])
  func two(d: Int, energy: Double, transport: Double) {
    let flow = ClusterStraightness(.two, dimension: d, deviation: 0.1)
    #expect(abs(flow.pathEnergy - energy) < 1e-4 * energy)
    #expect(abs(flow.squaredTransport - transport) < 1e-5 * transport)
    #expect(abs(flow.npe - (energy - transport) / transport) < 1e-3)
  }

  @Test("two clusters get straighter with d, clusters at every corner do not")
  func remark() {
    let two = ClusterStraightness.dimensions.map {
      ClusterStraightness(.two, dimension: $0, deviation: 0.1).npe
    }
    #expect(zip(two, two.dropFirst()).allSatisfy { $1 < 0.6 * $0 })
    let corners = ClusterStraightness.dimensions.map {
      ClusterStraightness(.corners, dimension: $0, deviation: 0.1).npe
    }
    #expect(corners.allSatisfy { abs($0 - 1.8145) < 1e-3 })
    // In one dimension both are the same.
    let one = ClusterStraightness(.two, dimension: 1, deviation: 0.1)
    #expect(abs(one.npe - corners[0]) < 1e-9)
  }

  @Test("the exact flow's particles have that energy and straightness, and W₂ is the data set's")
  func particles() throws {
    let target = GaussianMixture(
      weights: [1, 1], means: [[1, 1, 1, 1], [-1, -1, -1, -1]], standardDeviation: 0.1)
    let flow = ClusterStraightness(.two, dimension: 4, deviation: 0.1)
    var random = Random(seed: 3)
    let x0 = StandardNormal(dimension: 4).sample(count: 2000, using: &random)
    var energy = PathEnergy(MarginalField(target: target), from: x0, control: .fixed(steps: 60))
    energy.finish()
    let (path, straightness) = try (
      #require(energy.pathEnergy), #require(energy.straightness)
    )
    #expect(abs(path.mean - flow.pathEnergy) < 4 * path.standardError)
    #expect(abs(straightness.mean - flow.straightness) < 4 * straightness.standardError + 0.01)
    let known = DatasetCatalog.clusters64.squaredTransport
    let found = ClusterStraightness(.two, dimension: 64, deviation: 0.1).squaredTransport
    #expect(abs(try #require(known) - found) < 1e-3)
  }
}
