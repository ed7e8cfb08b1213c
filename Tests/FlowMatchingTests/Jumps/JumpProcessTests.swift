import Foundation
import Testing

@testable import FlowMatching

@Suite("One p_t by three processes")
struct JumpProcessTests {
  private static let target = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
  private static let field = MarginalField(target: target)
  private static let grid = PlanarGrid(covering: [.standardNormal(dimension: 2), target])
  private static let count = 10_000

  /// Draws of X_t.
  private static func points(at t: Double, seed: UInt64) -> Batch {
    var random = Random(seed: seed)
    let x0 = StandardNormal(dimension: 2).sample(count: count, using: &random)
    var x = target.sample(count: count, using: &random)
    for k in x.values.indices { x.values[k] = t * x.values[k] + (1 - t) * x0.values[k] }
    return x
  }

  private static func exact(at t: Double) -> [Double] {
    var density = FieldDensity(field)
    return grid.probabilities(of: &density, at: t)
  }

  /// The mean total variation of fresh draws of the same number.
  private static func floor(at t: Double) -> Double {
    let exact = exact(at: t)
    return (0..<4).reduce(0) {
      $0 + 0.25
        * PlanarGrid.totalVariation(grid.shares(of: points(at: t, seed: 100 + UInt64($1))), exact)
    }
  }

  private static func distance(_ x: Batch, at t: Double) -> Double {
    PlanarGrid.totalVariation(grid.shares(of: x), exact(at: t)) / floor(at: t)
  }

  @Test("The probabilities of the cells are those of draws, and sum to 1")
  func cells() {
    let p = JumpProcessTests.exact(at: 0.7)
    #expect(abs(p.reduce(0, +) - 1) < 1e-12)
    // χ² over the cells with many draws.
    let shares = JumpProcessTests.grid.shares(of: JumpProcessTests.points(at: 0.7, seed: 1))
    let n = Double(JumpProcessTests.count)
    var (chi, cells) = (0.0, 0.0)
    for (share, p) in zip(shares, p) where n * p > 10 {
      chi += n * (share - p) * (share - p) / p
      cells += 1
    }
    #expect(cells > 100 && abs(chi - cells) < 5 * (2 * cells).squareRoot())
  }

  @Test(
    "Flow, diffusion and jumps are within 1.3 of the sampling floor of p_t", arguments: [0.5, 1])
  func threeProcesses(end: Double) {
    let x0 = JumpProcessTests.points(at: 0, seed: 2)
    var field: any VelocityField = JumpProcessTests.field
    let flow = Integrator.solve(&field, .midpoint, control: .fixed(steps: 40), from: x0, end: end)
    #expect(JumpProcessTests.distance(flow.x, at: end) < 1.3)
    var diffusion = StochasticIntegrator(
      JumpProcessTests.field, EulerMaruyama(), noise: .squareRoot(scale: 1.6.squareRoot()),
      steps: 300, from: x0, end: end, random: Random(seed: 3))
    diffusion.finish()
    #expect(JumpProcessTests.distance(diffusion.x, at: end) < 1.3)
    for steps in [4, 24] {
      var jumps = JumpProcess(
        FieldDensity(JumpProcessTests.field), on: JumpProcessTests.grid, steps: steps, from: x0,
        end: end, random: Random(seed: 4))
      jumps.finish()
      #expect(jumps.t == end && jumps.steps == steps)
      #expect(JumpProcessTests.distance(jumps.state, at: end) < 1.3)
      // It leaps: most points stand where they stood, or are cells away.
      #expect(jumps.jumps.contains(0) && jumps.jumps.contains { $0 > 1 })
    }
    // Noise without its drift, and another p_t, are seen.
    var wrong = x0
    for k in wrong.values.indices { wrong.values[k] *= 1 - 0.5 * end }
    #expect(JumpProcessTests.distance(wrong, at: end) > 1.5)
  }

  @Test("The least jumps turn p into q exactly")
  func exactness() {
    let (p, q) = (JumpProcessTests.exact(at: 0.3), JumpProcessTests.exact(at: 0.6))
    let jumps = GridJumps(from: p, to: q)
    var sum = 0.0
    var before = 0.0
    for cell in p.indices { sum += jumps.leaving[cell] * p[cell] }
    for cell in p.indices {
      let arriving = sum * (jumps.arrivals[cell] - before)
      before = jumps.arrivals[cell]
      #expect(abs(p[cell] * (1 - jumps.leaving[cell]) + arriving - q[cell]) < 1e-15)
      #expect(arriving == 0 || jumps.leaving[cell] == 0)
    }
    #expect(abs(sum - PlanarGrid.totalVariation(p, q)) < 1e-14)
    #expect(GridJumps(from: p, to: p).leaving.allSatisfy { $0 == 0 })
  }

  @Test("The same seed gives the same points whatever the budgets")
  func slices() {
    let x0 = JumpProcessTests.points(at: 0, seed: 5).prefix(200)
    var whole = JumpProcess(
      FieldDensity(JumpProcessTests.field), on: JumpProcessTests.grid, steps: 3, from: x0,
      random: Random(seed: 6))
    var sliced = whole
    whole.finish()
    while sliced.status == .running { #expect(sliced.advance(budget: 1) > 0) }
    #expect(sliced.state == whole.state && sliced.jumps == whole.jumps)
  }

  @Test("The teleport mixture follows its own p_t, which is another than the flow's")
  func teleport() {
    let mixture = TeleportMixture(
      from: GaussianMixture.standardNormal(dimension: 2), to: JumpProcessTests.target)
    var random = Random(seed: 7)
    var x = JumpProcessTests.points(at: 0, seed: 8)
    var jumps = 0
    for k in 0..<5 {
      let flags = mixture.step(
        &x, from: 0.1 * Double(k), to: 0.1 * Double(k + 1), using: &random)
      jumps += flags.count { $0 }
    }
    var density = mixture
    let exact = JumpProcessTests.grid.probabilities(of: &density, at: 0.5)
    let found = PlanarGrid.totalVariation(JumpProcessTests.grid.shares(of: x), exact)
    let fresh = PlanarGrid.totalVariation(
      JumpProcessTests.grid.shares(
        of: {
          var fresh = JumpProcessTests.points(at: 0, seed: 9)
          let data = JumpProcessTests.points(at: 1, seed: 10)
          for j in 0..<fresh.count where random.uniform() < 0.5 {
            for i in 0..<2 { fresh[i, j] = data[i, j] }
          }
          return fresh
        }()), exact)
    #expect(found < 1.3 * fresh)
    #expect(JumpProcessTests.distance(x, at: 0.5) > 3)
    // Every step moves its share of κ, some points more than once.
    let share = Double(jumps) / Double(x.count)
    #expect(abs(share - 0.5) < 0.03, "\(share)")
    // Rates of leaving: Σ p λ = κ̇ over points of p_t.
    let rates = mixture.rates(x, at: 0.5)
    #expect(abs(Estimate(of: rates).mean - 1) < 5 * Estimate(of: rates).standardError)
  }

  @Test("The rates of jumps balance the flow through a cell's edges; a control does not")
  func theory() throws {
    for dataset in [DatasetCatalog.eightGaussians, try DatasetCatalog.named("checkerboard")] {
      let setting = try #require(
        TheorySetting(dataset: dataset, scheduler: .conditionalOT, seed: 1))
      for check in TheoryCheck.jumps {
        let verdict = check.verdict(in: setting)
        #expect(verdict.passes, "\(dataset.name) \(verdict)")
        guard !check.isControl else { continue }
        for k in check.coefficients.indices {
          var changed = check.coefficients
          changed[k] *= 1.01
          #expect(!check.verdict(in: setting, coefficients: changed).passes)
        }
      }
    }
  }
}
