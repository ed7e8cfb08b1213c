import Testing

@testable import FlowMatching

@Suite("Pairs within classes")
struct ClassPairsTests {
  private struct Draw {
    var x0: Batch
    var x1: Batch
    var labels: [Int]
  }

  private static func draw(across: Bool, _ choice: CouplingChoice) -> (Draw, before: Draw) {
    let classes = DatasetCatalog.twoClasses.classes!
    var random = Random(seed: 11)
    var draw = Draw(
      x0: StandardNormal(dimension: 2).sample(count: 256, using: &random),
      x1: Batch(dimension: 2, count: 256), labels: [Int](repeating: 0, count: 256))
    classes.sample(into: &draw.x1, labels: &draw.labels, using: &random)
    let before = draw
    var coupling = choice.coupling(instructionSet: .best, pairs: nil)!
    ClassPairs.pair(
      &draw.x0, &draw.x1, &draw.labels, by: &coupling, across: across, of: 2, using: &random)
    return (draw, before)
  }

  private static func mean(_ batch: Batch, _ places: [Int]) -> Double {
    places.reduce(0) { $0 + batch[0, $1] } / Double(places.count)
  }

  @Test("labels stay with their targets, within classes and across", arguments: [false, true])
  func labels(across: Bool) {
    let (draw, before) = Self.draw(across: across, .optimalTransport)
    var known: [[Double]: Int] = [:]
    for j in 0..<256 { known[before.x1.point(j)] = before.labels[j] }
    for j in 0..<256 { #expect(known[draw.x1.point(j)] == draw.labels[j]) }
    #expect(Set((0..<256).map(draw.x1.point)).count == 256)
  }

  @Test(
    "within classes a class starts from all of the noise; across, from its own side of it",
    arguments: [CouplingChoice.optimalTransport, .sinkhorn(regularisation: 0.5)])
  func starts(choice: CouplingChoice) {
    func startOfRight(_ across: Bool) -> Double {
      let draw = Self.draw(across: across, choice).0
      return Self.mean(draw.x0, draw.labels.indices.filter { draw.labels[$0] == 0 })
    }
    // The mean of 128 normal numbers is 0 ± .09; that of the greater half .8.
    #expect(abs(startOfRight(false)) < 0.3)
    #expect(startOfRight(true) > 0.5)
  }

  @Test("optimal transport within classes is no cheaper than across")
  func costs() {
    func cost(_ draw: Draw) -> Double {
      zip(draw.x0.values, draw.x1.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let within = cost(Self.draw(across: false, .optimalTransport).0)
    let (across, before) = Self.draw(across: true, .optimalTransport)
    #expect(cost(across) < within && within < cost(before))
  }
}
