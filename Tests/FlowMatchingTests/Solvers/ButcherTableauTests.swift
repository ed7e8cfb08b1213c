import Testing

@testable import FlowMatching

@Suite struct ButcherTableauTests {
  @Test("Σb = 1, Σa = c, the error weights sum to 0", arguments: ButcherTableau.all)
  func consistency(tableau: ButcherTableau) {
    #expect(abs(tableau.b.reduce(0, +) - 1) < 1e-15)
    for i in 0..<tableau.stages {
      #expect(abs(tableau.a[i].reduce(0, +) - tableau.c[i]) < 2e-14)
    }
    if let weights = tableau.bError { #expect(abs(weights.reduce(0, +)) < 1e-16) }
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
    if let weights = tableau.bError {
      let embedded = zip(tableau.b, weights).map { $0 - $1 }
      let lower = conditions(tableau, embedded)
      #expect(lower.allSatisfy { $0.nodes > tableau.order - 1 || abs($0.defect) < 1e-14 })
      #expect(lower.contains { $0.nodes == tableau.order && abs($0.defect) > 1e-4 })
    }
  }

  @Test("a method is found by its name; evaluations a step are 1, 2, 2, 4 and 6")
  func names() throws {
    #expect(ButcherTableau.all.map(\.name) == ["euler", "midpoint", "heun", "rk4", "dopri5"])
    let titles = ["Euler", "midpoint", "Heun", "RK4", "Dormand–Prince"]
    #expect(ButcherTableau.all.map(\.title) == titles)
    #expect(ButcherTableau.all.map(\.evaluationsPerStep) == [1, 2, 2, 4, 6])
    for tableau in ButcherTableau.all {
      #expect(try ButcherTableau.named(tableau.name) == tableau)
      #expect(tableau.isFirstSameAsLast == (tableau.name == "dopri5"))
    }
    let error = #expect(throws: UnknownName.self) { try ButcherTableau.named("dopri") }
    #expect(error?.nearest == "dopri5")
  }
}
