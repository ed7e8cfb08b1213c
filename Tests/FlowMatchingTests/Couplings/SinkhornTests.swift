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

  @Test("iterations that run out leave their error to be read, and finite numbers")
  func unfinished() {
    let (a, b) = SinkhornTests.clouds(64)
    var plan = Sinkhorn(regularisation: 1e-6, iterationLimit: 5)
    plan.solve(a, b)
    #expect(plan.iterations == 5 && plan.marginalError > 1e-6 && plan.marginalError <= 2)
    #expect(plan.cost(a, b).isFinite)
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
