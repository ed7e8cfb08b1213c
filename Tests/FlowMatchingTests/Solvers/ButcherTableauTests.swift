import Testing

@testable import FlowMatching

@Suite struct ButcherTableauTests {
  @Test(
    "Σb = 1, Σa = c and error weights of sum 0, to 10 eps of the sum of sizes",
    arguments: ButcherTableau.all)
  func consistency(tableau: ButcherTableau) {
    func defect(_ weights: [Double], _ sum: Double) -> Double {
      let size = weights.reduce(abs(sum)) { $0 + abs($1) }
      return abs(weights.reduce(0, +) - sum) / max(size, 1)
    }
    let limit = 10 * Double.ulpOfOne
    #expect(defect(tableau.b, 1) < limit)
    for i in 0..<tableau.stages { #expect(defect(tableau.a[i], tableau.c[i]) < limit) }
    for weights in [tableau.bError, tableau.bCoarseError] {
      if let weights { #expect(defect(weights, 0) < limit) }
    }
    #expect(!tableau.title.isEmpty && !tableau.reference.isEmpty)
  }

  /// The order conditions: Σ b·Φ(tree) = 1/γ(tree) for the trees of that many nodes.
  private func conditions(
    _ tableau: ButcherTableau, _ b: [Double]
  ) -> [(nodes: Int, defect: Double)] {
    let c = tableau.c
    func dot(_ u: [Double], _ v: [Double]) -> Double { zip(u, v).reduce(0) { $0 + $1.0 * $1.1 } }
    func times(_ u: [Double], _ v: [Double]) -> [Double] { zip(u, v).map { $0 * $1 } }
    func apply(_ v: [Double]) -> [Double] { tableau.a.map { dot($0, v) } }
    let c2 = times(c, c)
    let c3 = times(c2, c)
    let ac = apply(c)
    let ac2 = apply(c2)
    let aac = apply(ac)
    return [
      (1, b.reduce(0, +) - 1), (2, dot(b, c) - 1 / 2.0),
      (3, dot(b, c2) - 1 / 3.0), (3, dot(b, ac) - 1 / 6.0),
      (4, dot(b, c3) - 1 / 4.0), (4, dot(b, times(c, ac)) - 1 / 8.0),
      (4, dot(b, ac2) - 1 / 12.0), (4, dot(b, aac) - 1 / 24.0),
      (5, dot(b, times(c2, c2)) - 1 / 5.0), (5, dot(b, times(c2, ac)) - 1 / 10.0),
      (5, dot(b, times(ac, ac)) - 1 / 20.0), (5, dot(b, times(c, ac2)) - 1 / 15.0),
      (5, dot(b, times(c, aac)) - 1 / 30.0), (5, dot(b, apply(c3)) - 1 / 20.0),
      (5, dot(b, apply(times(c, ac))) - 1 / 40.0), (5, dot(b, apply(ac2)) - 1 / 60.0),
      (5, dot(b, apply(aac)) - 1 / 120.0),
    ]
  }

  @Test(
    "a method meets the order conditions of its order, and not all of the next",
    arguments: ButcherTableau.all)
  func orderConditions(tableau: ButcherTableau) {
    let all = conditions(tableau, tableau.b)
    #expect(all.allSatisfy { $0.nodes > tableau.order || abs($0.defect) < 1e-14 })
    if tableau.order < 5 {
      #expect(all.contains { $0.nodes == tableau.order + 1 && abs($0.defect) > 1e-3 })
    }
    // The embedded method is one order less; of DOP853's two, one is order 5 and one is 3.
    let estimates =
      tableau.bCoarseError == nil
      ? [(tableau.bError, tableau.order - 1)] : [(tableau.bError, 5), (tableau.bCoarseError, 3)]
    for (weights, order) in estimates {
      guard let weights else { continue }
      let lower = conditions(tableau, zip(tableau.b, weights).map { $0 - $1 })
      #expect(lower.allSatisfy { $0.nodes > order || abs($0.defect) < 1e-14 })
      if order < 5 {
        #expect(lower.contains { $0.nodes == order + 1 && abs($0.defect) > 1e-4 })
      }
    }
  }

  @Test("a method is found by its name; titles, and evaluations a step")
  func names() throws {
    let expected: [(String, String, Int)] = [
      ("euler", "Euler", 1), ("midpoint", "midpoint", 2), ("heun", "Heun", 2),
      ("ralston", "Ralston", 2), ("bosh3", "Bogacki–Shampine", 3), ("rk4", "RK4", 4),
      ("rk4-38", "RK4 3/8", 4), ("dopri5", "Dormand–Prince", 6), ("tsit5", "Tsitouras", 6),
      ("dop853", "DOP853", 12),
    ]
    #expect(ButcherTableau.all.map(\.name) == expected.map(\.0))
    #expect(ButcherTableau.all.map(\.title) == expected.map(\.1))
    #expect(ButcherTableau.all.map(\.evaluationsPerStep) == expected.map(\.2))
    for tableau in ButcherTableau.all {
      #expect(try ButcherTableau.named(tableau.name) == tableau)
      #expect(tableau.isFirstSameAsLast == ["bosh3", "dopri5", "tsit5"].contains(tableau.name))
      #expect(tableau.hasErrorEstimate == (tableau.order == 3 || tableau.order > 4))
    }
    let error = #expect(throws: UnknownName.self) { try ButcherTableau.named("dopri") }
    #expect(error?.nearest == "dopri5")
  }
}
