import Testing

@testable import FlowMatching

@Suite("Two samples, told apart by a classifier")
struct ClassifierTestTests {
  /// Enough for what is seen at once.
  private static let short: ClassifierTest.Training = {
    var training = ClassifierTest.Training()
    training.epochs = 20
    return training
  }()

  private static func test(_ sample: Batch, _ reference: Batch) throws -> ClassifierTest {
    try #require(
      ClassifierTest(sample, reference, short, random: Random(seed: 1), instructionSet: .best))
  }

  private static func draws(_ posterior: TwoMoonsPosterior, _ seed: UInt64) -> Batch {
    var random = Random(seed: seed)
    return posterior.sample(count: 1000, using: &random)
  }

  @Test("two samples of one posterior are told apart half of the time")
  func same() throws {
    let posterior = TwoMoonsPosterior(given: .zero)
    let test = try Self.test(Self.draws(posterior, 1), Self.draws(posterior, 2))
    #expect(test.count == 1000 && abs(test.accuracy.mean - 0.5) < 4 * test.accuracy.standardError)
    #expect(abs(test.accuracy.standardError - 0.01118) < 1e-4)
  }

  @Test("Gaussians m apart in one coordinate are told by Φ(m/2)")
  func shifted() throws {
    var random = Random(seed: 3)
    let normal = StandardNormal(dimension: 3)
    var moved = normal.sample(count: 2000, using: &random)
    for j in 0..<2000 { moved[1, j] += 1 }
    let test = try Self.test(moved, normal.sample(count: 2000, using: &random))
    // Φ(½), of which a network that learned 3 200 points falls a little short.
    #expect(test.accuracy.mean > 0.665 && test.accuracy.mean < 0.6915 + 0.025, "\(test.accuracy)")
  }

  @Test("crescents that are nearly twice as thick, or that lack a branch, are found out")
  func wrong() throws {
    let posterior = TwoMoonsPosterior(given: .zero)
    let exact = Self.draws(posterior, 4)
    var random = Random(seed: 5)
    let many = posterior.sample(count: 4000, using: &random)
    var thick = posterior.sample(count: 4000, using: &random)
    for k in thick.values.indices { thick.values[k] += 0.015 * random.normal() }
    var quick = ClassifierTest.Training()
    quick.judged = 1
    let blurred = try #require(
      ClassifierTest(thick, many, quick, random: Random(seed: 2), instructionSet: .best))
    #expect(blurred.accuracy.mean > 0.57, "\(blurred.accuracy)")
    var lean = Self.draws(posterior, 7)
    for j in 0..<lean.count where j % 2 == 0 && lean[0, j] + lean[1, j] > 0 {
      (lean[0, j], lean[1, j]) = (-lean[1, j], -lean[0, j])
    }
    // Three quarters on one branch, one on the other: (¾ + ½)/2.
    let branch = try Self.test(lean, exact)
    #expect(abs(branch.accuracy.mean - 0.625) < 0.04, "\(branch.accuracy)")
  }

  @Test("lost points and too few points are no sample")
  func none() {
    var random = Random(seed: 8)
    var sample = StandardNormal(dimension: 2).sample(count: 60, using: &random)
    let other = StandardNormal(dimension: 2).sample(count: 60, using: &random)
    sample[0, 3] = .nan
    #expect(ClassifierTest(sample, other, random: random) == nil)
    #expect(ClassifierTest(other.prefix(20), other.prefix(20), random: random) == nil)
  }
}
