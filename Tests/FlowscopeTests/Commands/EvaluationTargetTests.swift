import FlowMatching
import Testing

@testable import flowscope

@Suite("What evaluate compares with what")
struct EvaluationTargetTests {
  private static let moons = DatasetCatalog.moons

  private func draws(_ dataset: Dataset, _ count: Int, seed: UInt64) -> Batch {
    var random = Random(seed: seed).stream("points")
    return dataset.distribution.sample(count: count, using: &random)
  }

  private func complaint(
    _ points: Batch, of total: Int? = nil, _ dataset: Dataset, seed: UInt64 = 0
  ) -> String? {
    EvaluationTarget.complaint(
      points, of: total ?? points.count, in: "points.csv", dataset, seed: seed)
  }

  @Test(
    "Draws of a data set are taken for it, whatever the seed",
    arguments: ["moons", "8gaussians", "checkerboard", "pinwheel", "moons-torchcfm"])
  func own(name: String) throws {
    let dataset = try DatasetCatalog.named(name)
    for seed: UInt64 in 0..<8 {
      #expect(complaint(draws(dataset, 300, seed: seed), dataset, seed: seed) == nil)
    }
    // More than are matched, in an order that a part of them would not show.
    let many = draws(dataset, 4000, seed: 9)
    let order = (0..<4000).sorted { many[0, $0] < many[0, $1] }
    let sorted = Batch(points: order.map { [many[0, $0], many[1, $0]] })
    #expect(complaint(sorted, dataset) == nil)
  }

  @Test("What is no draw of it is told: moved, of another noise, scaled by 1000, of a part of it")
  func others() {
    let points = draws(Self.moons, 2000, seed: 1)
    func mapped(_ change: (Double, Double) -> [Double]) -> Batch {
      Batch(points: (0..<points.count).map { change(points[0, $0], points[1, $0]) })
    }
    #expect(complaint(mapped { [$0 + 0.5, $1] }, Self.moons)?.contains("W2") == true)
    #expect(complaint(mapped { [1e3 * $0, 1e3 * $1] }, Self.moons)?.contains("W2") == true)
    let noisier = Dataset(
      name: "noisier", title: "", summary: "",
      distribution: Moons(noise: 0.14, scale: 2, offset: SIMD2(-1, -0.2)), entropyFloor: nil)
    #expect(complaint(draws(noisier, 2000, seed: 1), Self.moons)?.contains("−log p") == true)
    let part = (0..<points.count).filter { points[0, $0] > 0 }
    let half = Batch(points: part.map { [points[0, $0], points[1, $0]] })
    #expect(complaint(half, Self.moons) != nil)
    #expect(complaint(points.prefix(99), Self.moons)?.contains("too few") == true)
  }

  @Test("Points of one's own are those of a run only where they are the same")
  func clouds() {
    let points = draws(Self.moons, 200, seed: 2)
    let cloud = Dataset(name: "a.csv", points: points)
    #expect(complaint(points, cloud) == nil)
    #expect(complaint(draws(Self.moons, 200, seed: 3), cloud) != nil)
    // Some of the cloud's points, as they are drawn from a file that has too many.
    let some = points.prefix(50)
    #expect(complaint(some, of: 200, cloud) == nil)
    #expect(complaint(some, of: 300, cloud) != nil && complaint(some, of: 50, cloud) != nil)
    #expect(complaint(draws(Self.moons, 50, seed: 3), of: 200, cloud) != nil)
  }

  @Test("Where the density is not that of the points, they are the target themselves")
  func density() {
    let points = draws(DatasetCatalog.rings, 200, seed: 2)
    let other = EvaluationTarget(points: points, of: 200, in: "a.csv", beside: Self.moons, seed: 0)
    #expect(!other.hasDensity && other.dataset.name == "a.csv" && other.note != nil)
    #expect((other.dataset.distribution as? PointCloud)?.points == points)
    let alone = EvaluationTarget(points: points, of: 200, in: "a.csv", beside: nil, seed: 0)
    #expect(!alone.hasDensity && alone.note == nil)
    let right = EvaluationTarget(
      points: points, of: 200, in: "a.csv", beside: DatasetCatalog.rings, seed: 0)
    #expect(right.hasDensity && right.dataset.name == "rings" && right.points == points)
  }

  @Test("A named data set is measured in the units of the model")
  func units() throws {
    let units = try #require(Standardisation(means: [3, -1], deviations: [2, 0.5]))
    let target = EvaluationTarget(drawing: 400, of: Self.moons, in: units, seed: 0)
    let drawn = try #require(target.points)
    #expect(!target.hasDensity && target.note != nil)
    #expect(complaint(units.restored(drawn), Self.moons) == nil)
  }
}
