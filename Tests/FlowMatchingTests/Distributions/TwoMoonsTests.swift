import Foundation
import Testing

@testable import FlowMatching

@Suite("The two moons of simulation-based inference")
struct TwoMoonsTests {
  let simulator = TwoMoonsSimulator()

  @Test("observations have the means and deviations that their columns say")
  func columns() {
    var random = Random(seed: 1)
    let drawn = simulator.sample(count: 30_000, using: &random)
    for (i, column) in simulator.columns.enumerated() {
      let values = (0..<drawn.observations.count).map { drawn.observations[i, $0] }
      expectMean(of: values, column.mean)
      let squares = values.map { ($0 - column.mean) * ($0 - column.mean) }
      expectMean(of: squares, column.deviation * column.deviation)
    }
    #expect(drawn.parameters.values.allSatisfy { abs($0) <= 1 })
  }

  @Test("E log p over the prior predictive is 3.656 nats without the prior's box and 3.79 in it")
  func meanLogDensity() throws {
    var random = Random(seed: 2)
    let drawn = simulator.sample(count: 10_000, using: &random)
    let inside = try #require(
      simulator.logPosterior(of: drawn.parameters, given: drawn.observations))
    let masses = (0..<drawn.observations.count).map {
      TwoMoonsPosterior(
        given: SIMD2(drawn.observations[0, $0], drawn.observations[1, $0])
      ).mass
    }
    // Without the box P is 1, so that log p differs by log P.
    expectMean(of: zip(inside, masses).map { $0 + log($1) }, 3.6560173)
    #expect(abs(Estimate(of: inside).mean - 3.79) < 0.04)
    #expect(abs(try #require(DatasetCatalog.twoMoonsPosterior.entropyFloor) + 3.6560173) < 1e-5)
  }

  @Test(
    "the density has mass 1 over the prior, also where its box cuts a crescent",
    arguments: [SIMD2(0.0, 0.0), SIMD2(-0.4, 0.3), SIMD2(-0.95, 0.2), SIMD2(0.3, -0.1)])
  func unitMass(observation: SIMD2<Double>) {
    let posterior = TwoMoonsPosterior(given: observation)
    // Unequal sides: the ends of the crescents lie along diagonals.
    let (n, m) = (1411, 1129)
    var sum = 0.0
    for i in 0..<n {
      for j in 0..<m {
        let theta = SIMD2(Double(2 * i + 1) / Double(n), Double(2 * j + 1) / Double(m)) - 1
        sum += exp(posterior.logDensity(theta))
      }
    }
    #expect(abs(sum * 4 / Double(n * m) - 1) < 1e-3, "\(sum * 4 / Double(n * m))")
    #expect(
      posterior.logDensity(Batch(points: [[1.01, 0], [0, -1.01]])) == [-.infinity, -.infinity])
  }

  @Test(
    "draws follow the density: E log p of draws is its negative entropy, half lie on each branch")
  func draws() throws {
    for observation in [[0.0, 0.0], [-0.95, 0.2], [-0.6, -0.5]] {
      let posterior = try #require(simulator.posterior(of: observation) as? TwoMoonsPosterior)
      var random = Random(seed: 3)
      let points = posterior.sample(count: 20_000, using: &random)
      let logs = posterior.logDensity(points)
      #expect(logs.allSatisfy { $0.isFinite })
      // E 1/p over draws is the area where p > 0; of log p the expectation by a grid.
      var (entropy, n) = (0.0, 1200)
      for i in 0..<n {
        for j in 0..<n {
          let theta = SIMD2(Double(2 * i + 1 - n), Double(2 * j + 1 - n)) / Double(n)
          let value = posterior.logDensity(theta)
          if value.isFinite { entropy += exp(value) * value * 4 / Double(n * n) }
        }
      }
      let mean = Estimate(of: logs)
      #expect(abs(mean.mean - entropy) < 4 * mean.standardError + 0.01)
      expectMean(
        of: (0..<points.count).map { points[0, $0] + points[1, $0] > 0 ? 1 : 0 }, 0.5)
    }
  }

  @Test("simulations at drawn parameters scatter about what was observed as their likelihood says")
  func simulationsAgree() throws {
    // Of the pairs of the prior predictive near an observation the parameters are posterior draws.
    var random = Random(seed: 4)
    let drawn = simulator.sample(count: 400_000, using: &random)
    let near = (0..<drawn.parameters.count).filter {
      abs(drawn.observations[0, $0] + 0.2) < 0.02 && abs(drawn.observations[1, $0] - 0.1) < 0.02
    }
    let posterior = try #require(simulator.posterior(of: [-0.2, 0.1]))
    let exact = posterior.sample(count: 20_000, using: &random)
    for square in [0, 1] {
      let expected = (0..<exact.count).reduce(0) { $0 + exact[square, $1] * exact[square, $1] }
      expectMean(
        of: near.map { drawn.parameters[square, $0] * drawn.parameters[square, $0] },
        expected / Double(exact.count))
    }
  }

  @Test("what the simulator hardly yields has no posterior, and is not waited for")
  func impossible() {
    #expect(simulator.posterior(of: [5, 5]) == nil)
    #expect(simulator.posterior(of: [0]) == nil)
    #expect(DatasetCatalog.twoMoonsPosterior.given([5, 5]) == nil)
    #expect(DatasetCatalog.twoMoonsPosterior.given([-0.3, 0.4])?.isKnownTarget == true)
  }

  @Test("a table of simulations keeps pairs together, and no posterior")
  func table() throws {
    var random = Random(seed: 5)
    let table = SimulationTable(50, of: simulator, using: &random)
    #expect(table.columns == simulator.columns && table.posterior(of: [0, 0]) == nil)
    let drawn = table.sample(count: 300, using: &random)
    for j in 0..<300 {
      let k = try #require(
        (0..<50).first { table.parameters.point($0) == drawn.parameters.point(j) })
      #expect(table.observations.point(k) == drawn.observations.point(j))
    }
    let own = try #require(
      SimulationTable(
        parameters: table.parameters, observations: table.observations, named: ["a", "b"]))
    var scaled = table.observations
    own.columns.standardise(&scaled)
    let units = try #require(Standardisation(of: scaled))
    #expect(units.means.allSatisfy { abs($0) < 1e-12 })
    #expect(units.deviations.allSatisfy { abs($0 - 1) < 1e-12 })
    #expect(own.columns.standardised(own.observations.point(7)) == scaled.point(7))
  }
}
