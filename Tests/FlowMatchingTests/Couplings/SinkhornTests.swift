import Testing

@testable import FlowMatching

@Suite("Entropic optimal transport")
struct SinkhornTests {
  private static func clouds(_ n: Int, seed: UInt64 = 2) -> (Batch, Batch) {
    var random = Random(seed: seed)
    let a = StandardNormal(dimension: 2).sample(count: n, using: &random)
    return (a, DatasetCatalog.eightGaussians.distribution.sample(count: n, using: &random))
  }

  @Test(
    "row and column sums are 1/n to 1e-6 in all, for ε over six decades",
    arguments: [0.03, 0.1, 1, 10, 1e4])
  func marginals(regularisation: Double) {
    let n = 64
    let (a, b) = SinkhornTests.clouds(n)
    var plan = Sinkhorn(regularisation: regularisation, iterationLimit: 100_000)
    plan.solve(a, b)
    let rows = (0..<n).map { i in (0..<n).reduce(0) { $0 + plan.share(i, $1) } }
    let columns = (0..<n).map { j in (0..<n).reduce(0) { $0 + plan.share($1, j) } }
    #expect(rows.reduce(0) { $0 + abs($1 - 1.0 / 64) } <= 1e-6, "\(plan.iterations)")
    #expect(columns.allSatisfy { abs($0 - 1.0 / 64) < 1e-12 })
    #expect(plan.marginalError <= 1e-6 && plan.iterations < 100_000)
  }

  @Test("the plan of four points is that of a log-domain iteration run to its end in NumPy")
  func oracle() {
    let a = Batch(points: [[0, 0], [1, 0], [0, 2], [-1, 1]])
    let b = Batch(points: [[1, 1], [2, 0], [-2, 0], [0, -1]])
    var plan = Sinkhorn(regularisation: 1, tolerance: 1e-13)
    plan.solve(a, b)
    for (k, expected) in SinkhornTests.oraclePlan.enumerated() {
      #expect(abs(plan.share(k / 4, k % 4) - expected) < 1e-9)
    }
    #expect(abs(plan.cost(a, b) - SinkhornTests.oracleCost) < 1e-9)
  }

  @Test("ε → 0 costs what exact transport costs, ε → ∞ what independent pairs cost")
  func limits() {
    let n = 32
    let (a, b) = SinkhornTests.clouds(n)
    let exact = OptimalTransport.assignment(from: a, to: b).cost / Double(n)
    var independent = 0.0
    for i in 0..<n {
      for j in 0..<n {
        for k in 0..<2 {
          independent += (a[k, i] - b[k, j]) * (a[k, i] - b[k, j]) / Double(n * n)
        }
      }
    }
    var costs: [Double] = []
    for regularisation in [1e-3, 0.1, 1, 10, 1e6] {
      var plan = Sinkhorn(regularisation: regularisation, iterationLimit: 200_000)
      plan.solve(a, b)
      costs.append(plan.cost(a, b))
    }
    #expect(zip(costs, costs.dropFirst()).allSatisfy { $0 < $1 + 1e-9 }, "\(costs)")
    #expect(abs(costs[0] - exact) < 1e-3, "\(costs[0]) \(exact)")
    #expect(abs(costs[4] - independent) < 1e-3 * independent)
  }

  @Test("iterations that would run out give the exact transport, which is a plan too, and say so")
  func unfinished() {
    let (a, b) = SinkhornTests.clouds(64)
    let exact = OptimalTransport.assignment(from: a, to: b).cost / 64
    for (regularisation, limit) in [(0.5, 5), (1e-6, 400), (1e-3, 400)] {
      var plan = Sinkhorn(regularisation: regularisation, iterationLimit: limit)
      plan.solve(a, b)
      #expect(plan.isExact && plan.iterations <= limit && plan.marginalError == 0)
      #expect(abs(plan.cost(a, b) - exact) < 1e-12 * exact)
      // What converges in time is solved again afterwards.
      let (c, d) = SinkhornTests.clouds(64, seed: 3)
      var next = Sinkhorn(.relative(1), iterationLimit: 400)
      next.solve(a, b)
      next.solve(c, d)
      #expect(!next.isExact && next.iterations < 50)
    }
  }

  @Test(
    "rows and columns of a batch are 1/n to 1e-6 in all, relaxed in a hundred iterations or so",
    arguments: [1, 0.1, 0.05, 0.02])
  func relaxed(share: Double) {
    for (n, scale) in [(64, 1.0), (255, 1e6), (256, 1e-3)] {
      var (a, b) = SinkhornTests.clouds(n)
      for k in a.values.indices {
        a.values[k] *= scale
        b.values[k] *= scale
      }
      var plan = Sinkhorn(.relative(share))
      plan.solve(a, b)
      var (rows, columns) = (0.0, 0.0)
      for i in 0..<n {
        var (row, column) = (0.0, 0.0)
        for j in 0..<n {
          row += plan.share(i, j)
          column += plan.share(j, i)
        }
        rows += abs(row - 1 / Double(n))
        columns += abs(column - 1 / Double(n))
      }
      #expect(!plan.isExact && plan.iterations < 150, "\(plan.iterations)")
      #expect(rows <= 1e-6 && columns <= 1e-6, "\(rows) \(columns)")
    }
  }

  @Test("a relative ε has the same plan at every scale")
  func relative() {
    let (a, b) = SinkhornTests.clouds(40)
    var one = Sinkhorn(.relative(0.1), tolerance: 1e-10)
    one.solve(a, b)
    for scale in [1e-3, 1e6] {
      var (c, d) = (a, b)
      for k in c.values.indices {
        c.values[k] *= scale
        d.values[k] *= scale
      }
      var plan = Sinkhorn(.relative(0.1), tolerance: 1e-10)
      plan.solve(c, d)
      #expect(abs(plan.epsilon / (one.epsilon * scale * scale) - 1) < 1e-12)
      #expect(abs(plan.cost(c, d) / (one.cost(a, b) * scale * scale) - 1) < 1e-9)
    }
    // 0.05 of the mean cost of these grids: NumPy's iteration in the logarithmic domain, run to its end.
    let grid = (0..<16).map { k -> [Double] in
      [0.25 * Double(k % 4), 0.3 * Double(k / 4)]
    }
    let other = (0..<16).map { k -> [Double] in
      [1 + 0.1 * Double(k * k % 7), 0.2 * Double(k % 5)]
    }
    let (x, y) = (Batch(points: grid), Batch(points: other))
    var plan = Sinkhorn(.relative(0.05), tolerance: 1e-10)
    plan.solve(x, y)
    #expect(abs(plan.epsilon - 0.047546875000) < 1e-9)
    #expect(abs(plan.cost(x, y) - 0.715038371723) < 1e-8, "\(plan.cost(x, y))")
  }

  @Test(
    "nine points right and one left: every batch uses what it was given, however small ε is",
    arguments: [
      CouplingChoice.sinkhorn(regularisation: 1e-4), .sinkhorn(regularisation: 2),
      .sinkhorn(regularisation: 1e-6), .relativeSinkhorn(share: 0.05),
    ])
  func nineToOne(choice: CouplingChoice) throws {
    let places = [[3.0, 0]] + [[Double]](repeating: [3, 0], count: 8) + [[-3.0, 0]]
    let cloud = PointCloud(Batch(points: places))
    var coupling = try #require(choice.coupling(instructionSet: .baseline, pairs: nil))
    var random = Random(seed: 4)
    let (batches, n) = (100, 64)
    var (given, used) = (0, 0)
    for _ in 0..<batches {
      var x0 = StandardNormal(dimension: 2).sample(count: n, using: &random)
      var x1 = cloud.sample(count: n, using: &random)
      given += x1.values.count { $0 == -3 }
      coupling.pair(&x0, &x1, using: &random)
      used += x1.values.count { $0 == -3 }
    }
    // Drawn from the rows of a plan: the scatter is at most that of independent draws.
    #expect(abs(Double(used - given)) < 4 * (0.09 * Double(batches * n)).squareRoot())
    let tally = try #require(coupling.tally)
    #expect(tally.batches == batches)
    #expect((tally.complaint(of: choice) != nil) == (tally.exact > 0))
  }

  @Test("partners are drawn as often as the plan says, within four standard errors")
  func draws() {
    let (a, b) = SinkhornTests.clouds(6)
    var plan = Sinkhorn(regularisation: 3)
    plan.solve(a, b)
    var random = Random(seed: 8)
    var partners = [Int](repeating: 0, count: 6)
    var counts = [Int](repeating: 0, count: 36)
    let trials = 5000
    for _ in 0..<trials {
      plan.drawPartners(into: &partners, using: &random)
      for i in 0..<6 { counts[6 * i + partners[i]] += 1 }
    }
    for i in 0..<6 {
      for j in 0..<6 {
        let share = 6 * plan.share(i, j)
        let error = (share * (1 - share) * Double(trials)).squareRoot()
        #expect(abs(Double(counts[6 * i + j]) - share * Double(trials)) < 4 * error + 1)
      }
    }
  }

  @Test("coupled ends keep their source, and small ε pairs as exact transport does")
  func pairing() {
    let (a, b) = SinkhornTests.clouds(128)
    func cost(_ coupling: some Coupling) -> Double {
      var (x0, x1) = (a, b)
      var coupling = coupling
      var random = Random(seed: 0)
      coupling.pair(&x0, &x1, using: &random)
      #expect(x0 == a)
      return x0.values.indices.reduce(0) {
        $0 + (x0.values[$1] - x1.values[$1]) * (x0.values[$1] - x1.values[$1]) / 128
      }
    }
    let exact = cost(MinibatchOptimalTransport())
    let near = cost(EntropicTransport(regularisation: 0.02))
    let far = cost(EntropicTransport(regularisation: 1e5))
    #expect(abs(near - exact) < 0.1 * exact, "\(near) \(exact)")
    #expect(far > 4, "\(far)")
  }
}

extension SinkhornTests {
  static let oraclePlan = [
    0.008154992212, 0.025955337532, 0.010160052059, 0.205729618196, 0.008949409936, 0.210468204406,
    0.000027637572, 0.030554748085,
    0.229447065164, 0.013375428674, 0.005235726620, 0.001941779542, 0.003448532688, 0.000201029388,
    0.234576583749, 0.011773854176,
  ]
  static let oracleCost = 1.816363261213
}
