import Testing

@testable import FlowMatching

/// The identities on points as they come from files: any mean, any spread.
@Suite struct TheoryScaleTests {
  static let scales: [(mean: Double, spread: Double)] = [
    (0, 1e-3), (1e3, 1e-3), (1e3, 1e6), (-1e6, 1),
  ]

  /// Sixty points of N(mean, spread²I).
  static func cloud(_ mean: Double, _ spread: Double) -> Dataset {
    var random = Random(seed: 5)
    var points = StandardNormal(dimension: 2).sample(count: 60, using: &random)
    for k in points.values.indices { points.values[k] = mean + spread * points.values[k] }
    return Dataset(name: "cloud", points: points)
  }

  @Test("every identity holds on points of any mean and spread", arguments: scales)
  func exact(mean: Double, spread: Double) throws {
    let setting = try #require(
      TheorySetting(
        dataset: Self.cloud(mean, spread), scheduler: .conditionalOT, seed: 1))
    for check in TheoryCheck.all {
      let verdict = check.verdict(in: setting)
      #expect(verdict.passes, "\(verdict)")
    }
  }
}
