import Foundation
import Testing

@testable import FlowMatching

@Suite("Semidiscrete transport")
struct SemidiscreteTests {
  private static func plan(_ target: WeightedPoints, seed: UInt64 = 0) -> SemidiscretePlan {
    var learning = SemidiscreteLearning(target, seed: seed)
    return learning.finish()
  }

  @Test(
    "to two points the source is parted where the normal quantile of the first one's weight lies")
  func twoPoints() {
    for (weight, direction) in [(0.5, [1.0, 0]), (0.2, [0.6, 0.8]), (0.93, [-0.28, 0.96])] {
      let far = direction.map { 5 + 3 * $0 }
      let target = WeightedPoints(
        Batch(points: [[5, 5], far]), weights: [weight, 1 - weight])
      let plan = SemidiscreteTests.plan(target)
      #expect(plan.certificate.holds)
      // The line is ⟨x, u⟩ = q, whatever the points' distance.
      let q = NormalQuantile.value(weight)
      for (side, expected) in [(-0.04, 0), (0.04, 1)] {
        let places = [-2.0, 0, 3].map { along in
          [
            (q + side) * direction[0] - along * direction[1],
            (q + side) * direction[1] + along * direction[0],
          ]
        }
        #expect(plan.cells.cells(of: Batch(points: places)) == [expected, expected, expected])
      }
    }
  }

  @Test("on a line the cells end at the quantiles of the summed weights, and the cost is theirs")
  func quantiles() {
    let points = [-3.0, -1.1, -1, 0.2, 0.5, 4]
    let weights = [0.1, 0.25, 0.15, 0.2, 0.22, 0.08]
    let plan = SemidiscreteTests.plan(
      WeightedPoints(Batch(points: points.map { [$0] }), weights: weights))
    var (sum, cost) = (0.0, 0.0)
    var last = -Double.infinity
    func density(_ x: Double) -> Double {
      x.isFinite ? exp(-0.5 * x * x) / (2 * .pi).squareRoot() : 0
    }
    for (i, weight) in weights.enumerated() {
      sum += weight
      let end = i == weights.count - 1 ? Double.infinity : NormalQuantile.value(sum)
      if end.isFinite {
        let cells = plan.cells.cells(of: Batch(points: [[end - 0.05], [end + 0.05]]))
        #expect(cells == [i, i + 1])
      }
      // ∫(x − xᵢ)² over the cell: its second moment, −2xᵢ its first, and xᵢ² its mass.
      let first = density(last) - density(end)
      let second =
        weight + (last.isFinite ? last * density(last) : 0)
        - (end.isFinite ? end * density(end) : 0)
      cost += second - 2 * points[i] * first + points[i] * points[i] * weight
      last = end
    }
    let proof = plan.certificate
    #expect(proof.dual.mean <= proof.primal.mean)
    #expect(abs(proof.dual.mean - cost) < 4 * proof.dual.standardError + 1e-3 * cost)
    #expect(abs(proof.primal.mean - cost) < 4 * proof.primal.standardError + 1e-3 * cost)
  }

  @Test("the potentials are those of the definition, in the data's own units")
  func potentials() {
    for (shift, spread) in [(0.0, 1.0), (20, 3), (-1, 0.05)] {
      var random = Random(seed: 3)
      let points = (0..<12).map { _ in (0..<2).map { _ in shift + spread * random.normal() } }
      let cells = SemidiscreteTests.plan(WeightedPoints(Batch(points: points))).cells
      let potentials = cells.potentials
      #expect(abs(potentials.reduce(0, +)) < 1e-9 * (1 + shift * shift))
      let places = (0..<400).map { _ in (0..<2).map { _ in random.normal() } }
      let found = places.map { x in
        points.indices.max { a, b in score(x, a) < score(x, b) }
      }
      func score(_ x: [Double], _ i: Int) -> Double {
        zip(x, points[i]).reduce(potentials[i]) { $0 + $1.0 * $1.1 - 0.5 * $1.1 * $1.1 }
      }
      #expect(cells.cells(of: Batch(points: places)) == found)
    }
  }

  @Test("a square's corners have the quadrants as their cells, wherever it is and however small")
  func quadrants() {
    let corners = [[1.0, 1], [-1, 1], [-1, -1], [1, -1]]
    for (shift, scale) in [(0.0, 1.0), (1000, 1e-3), (-7, 1e4)] {
      let moved = corners.map { $0.map { shift + scale * $0 } }
      let plan = SemidiscreteTests.plan(WeightedPoints(Batch(points: moved)))
      #expect(plan.certificate.holds)
      let places = corners.flatMap { corner in
        [[0.06, 1.5], [1.5, 0.06]].map { [corner[0] * $0[0], corner[1] * $0[1]] }
      }
      #expect(plan.cells.cells(of: Batch(points: places)) == [0, 0, 1, 1, 2, 2, 3, 3])
    }
  }

  @Test("learned cells of the moons hold, those before do not; the dual is never above the primal")
  func certificate() {
    var random = Random(seed: 4)
    let points = DatasetCatalog.moons.distribution.sample(count: 200, using: &random)
    let target = WeightedPoints(points)
    let plan = SemidiscreteTests.plan(target)
    #expect(plan.certificate.holds)
    #expect(plan.certificate.variation < 1.3 * plan.certificate.variationNoise)
    #expect(plan.certificate.gap >= 0)
    // Before anything is learned the masses are wrong, and the bracket says by how much at most.
    let cells = LaguerreCells(target)
    let x = StandardNormal(dimension: 2).sample(count: 8192, using: &random)
    var (own, scores) = ([Int](), [Double]())
    cells.assign(x, into: &own, &scores)
    let before = TransportCertificate(cells, x, own, scores)
    #expect(!before.holds && before.chiScore > 20)
    #expect(before.gap > 10 * plan.certificate.gap)
    // The least cost lies within both brackets.
    let slack = 4 * before.dual.standardError + 4 * plan.certificate.dual.standardError
    #expect(before.dual.mean < plan.certificate.primal.mean + slack)
    #expect(before.primal.mean > plan.certificate.dual.mean - slack)
  }

  @Test("equal points are one point that weighs more, and the same seed learns the same bits")
  func repeats() {
    let target = WeightedPoints(Batch(points: [[0, 0], [1, 2], [0, 0], [0, 0]]))
    #expect(target.count == 2 && target.weights == [0.75, 0.25])
    #expect(SemidiscreteTests.plan(target) == SemidiscreteTests.plan(target))
    #expect(SemidiscreteTests.plan(target) != SemidiscreteTests.plan(target, seed: 1))
    let alone = SemidiscreteTests.plan(WeightedPoints(Batch(points: [[3, 4]])))
    #expect(alone.certificate.holds && abs(alone.certificate.dual.mean - 27) < 0.1)
  }

  @Test(
    "batches matched at least cost pay more than the transport itself, the less the larger they are"
  )
  func ladder() {
    var random = Random(seed: 2)
    let points = DatasetCatalog.eightGaussians.distribution.sample(count: 64, using: &random)
    let plan = SemidiscreteTests.plan(WeightedPoints(points))
    var ladder = BatchTransportLadder(to: plan.cells, seed: 0)
    var budget = 130_000_000
    ladder.advance(budget: &budget)
    let costs = ladder.rungs.map(\.cost)
    #expect(costs.count >= 3)
    for (large, small) in zip(costs.dropFirst(), costs) {
      #expect(large.mean + 2 * large.standardError < small.mean)
    }
    #expect(costs.last!.mean > plan.certificate.dual.mean)
  }

  @Test("training pairs a batch by the cells: the noise stays, the data are those of its cells")
  func coupling() {
    let target = WeightedPoints(Batch(points: [[2, 0], [-2, 0]]))
    var coupling = SemidiscreteTransport(SemidiscreteTests.plan(target).cells)
    var random = Random(seed: 0)
    var x0 = Batch(points: [[0.5, 3], [-0.2, 1], [1, -1]])
    var x1 = x0
    let before = x0
    coupling.pair(&x0, &x1, using: &random)
    #expect(x0 == before)
    #expect(x1 == Batch(points: [[2, 0], [-2, 0], [2, 0]]))
  }
}
