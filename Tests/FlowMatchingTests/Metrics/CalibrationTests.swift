import Testing

@testable import FlowMatching

@Suite("Simulation-based calibration")
struct CalibrationTests {
  /// Ranks of pairs of the two moons, given draws that `change` spoils.
  private static func ranks(_ change: (inout Batch, [Double]) -> Void) throws -> Calibration {
    var random = Random(seed: 1)
    let drawn = TwoMoonsSimulator().sample(count: 400, using: &random)
    var calibration = Calibration(dimension: 2, draws: 99)
    for j in 0..<400 {
      guard let posterior = TwoMoonsSimulator().posterior(of: drawn.observations.point(j)) else {
        continue
      }
      var draws = posterior.sample(count: 99, using: &random)
      change(&draws, drawn.parameters.point(j))
      calibration.note(drawn.parameters.point(j), among: draws)
    }
    return calibration
  }

  @Test("draws of the exact posterior cover the truth as often as they should")
  func exact() throws {
    let calibration = try Self.ranks { _, _ in }
    #expect(calibration.count > 390 && calibration.coverage.count == 6)
    #expect(calibration.coverage.allSatisfy { $0.isWithin }, "\(calibration.coverage)")
    for curve in calibration.coverageCurves {
      #expect(curve.count == 51 && curve[0].share == 0 && curve[50].share == 1)
      #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.share <= $1.share })
      let middle = try #require(curve.first { abs($0.level - 0.8) < 1e-9 })
      #expect(calibration.coverage.contains { $0.level == 0.8 && $0.share == middle.share })
    }
    for parameter in 0..<2 {
      let bins = calibration.histogram(of: parameter)
      #expect(bins.reduce(0, +) == calibration.count)
      let band = Calibration.band(of: calibration.count, 0.1)
      #expect(bins.count { !band.contains(Double($0) / Double(calibration.count)) } <= 1)
    }
  }

  @Test("ranks at the ends of a central interval are counted as they should be")
  func edges() {
    // 90 % of 19 draws leave out the rank 0 and the rank 19, the smallest and the largest of all.
    for (rank, isInside) in [(0, false), (1, true), (18, true), (19, false)] {
      var calibration = Calibration(dimension: 1, draws: 19)
      let draws = Batch(dimension: 1, values: (0..<19).map { Double($0) })
      calibration.note([Double(rank) - 0.5], among: draws)
      #expect(calibration.ranks == [[rank]])
      #expect(calibration.coverage[2].share == (isInside ? 1 : 0), "\(rank)")
      #expect(calibration.histogram(of: 0)[rank / 2] == 1)
    }
    // Of many bands one may well be left: all together are wider.
    #expect(Calibration.band(of: 500, 0.5, holding: 0.999).lowerBound < 221.0 / 500)
  }

  @Test("draws that are too narrow are found out")
  func narrow() throws {
    let calibration = try Self.ranks { draws, _ in
      for k in draws.values.indices { draws.values[k] *= 0.7 }
    }
    #expect(calibration.coverage.contains { !$0.isWithin && $0.share < $0.level })
  }

  @Test("the band is that of the binomial distribution")
  func band() {
    // SciPy: binom.ppf(0.005, n, p) and binom.ppf(0.995, n, p).
    #expect(Calibration.band(of: 500, 0.5) == 221.0 / 500...279.0 / 500)
    #expect(Calibration.band(of: 100, 0.9) == 82.0 / 100...97.0 / 100)
    #expect(Calibration.band(of: 10, 0.1) == 0...4.0 / 10)
    #expect(Calibration.band(of: 0, 0.5) == 0...1)
  }
}
