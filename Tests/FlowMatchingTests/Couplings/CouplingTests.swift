import Foundation
import Testing

@testable import FlowMatching

@Suite("Couplings")
struct CouplingTests {
  private static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)

  private static func costs(
    _ coupling: inout some Coupling, count: Int, batches: Int, seed: UInt64
  ) -> [Double] {
    var random = Random(seed: seed)
    return (0..<batches).map { _ in
      var x0 = StandardNormal(dimension: 2).sample(count: count, using: &random)
      var x1 = eight.sample(count: count, using: &random)
      coupling.pair(&x0, &x1, using: &random)
      return zip(x0.values, x1.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        / Double(count)
    }
  }

  @Test("transport permutes the data: nothing is lost or drawn twice, the noise stays in place")
  func permutes() {
    var coupling = MinibatchOptimalTransport()
    var random = Random(seed: 1)
    for count in [1, 2, 50, 256, 50] {
      var x0 = StandardNormal(dimension: 2).sample(count: count, using: &random)
      var x1 = CouplingTests.eight.sample(count: count, using: &random)
      let (before, drawn) = (x0, x1)
      coupling.pair(&x0, &x1, using: &random)
      #expect(x0 == before)
      let cheapest = OptimalTransport.assignment(from: before, to: drawn)
      // Wherever the search starts: as a matcher finds it that has seen no batch before.
      for i in 0..<count { #expect(x1.point(i) == drawn.point(cheapest.permutation[i])) }
    }
  }

  @Test("the mean cost of batches of 1, 16, 64, 256, 1024 is 6.08, 1.680, 1.096, .908, .840")
  func meanCosts() {
    var coupling = MinibatchOptimalTransport()
    for (count, batches, expected) in [
      (1, 4000, 6.08), (16, 400, 1.680), (64, 120, 1.096), (256, 30, 0.908), (1024, 8, 0.840),
    ] {
      let costs = CouplingTests.costs(&coupling, count: count, batches: batches, seed: 20)
      // The table has three decimals.
      let mean = costs.reduce(0, +) / Double(batches)
      let variance = costs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batches - 1)
      let bound = 4 * (variance / Double(batches)).squareRoot() + 5e-4
      #expect(abs(mean - expected) < bound, "\(count): \(mean) ± \(bound / 4)")
    }
  }

  @Test("names are unique, and every choice survives being written and read")
  func names() throws {
    #expect(Set(CouplingChoice.all.map(\.name)).count == CouplingChoice.all.count)
    for choice in CouplingChoice.all {
      #expect(try CouplingChoice.named(choice.name) == choice)
      #expect(try CouplingChoice.named(choice.description) == choice)
      let data = try JSONEncoder().encode([choice])
      #expect(try JSONDecoder().decode([CouplingChoice].self, from: data) == [choice])
    }
    #expect(throws: UnknownName.self) { try CouplingChoice.named("ot:3") }
    let error = #expect(throws: UnknownName.self) { try CouplingChoice.named("independant") }
    #expect(error?.nearest == "independent")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([CouplingChoice].self, from: Data(#"["best"]"#.utf8))
    }
  }
}
