import Foundation
import Testing

@testable import FlowMatching

@Suite("Optimal transport up to symmetry")
struct OrbitTransportTests {
  private static func pairs(_ count: Int) -> (Batch, Batch) {
    var random = Random(seed: 7)
    return (
      MeanFreeNormal.doubleWells.sample(count: count, using: &random),
      DoubleWells().sample(count: count, using: &random)
    )
  }

  private static func cost(_ a: Batch, _ b: Batch, _ j: Int) -> Double {
    (0..<8).reduce(0) { $0 + (a[$1, j] - b[$1, j]) * (a[$1, j] - b[$1, j]) }
  }

  @Test("No permutation with any angle and mirror image is nearer, by brute force")
  func bruteForce() {
    let (x0, x1) = Self.pairs(12)
    var (start, end, random) = (x0, x1, Random(seed: 1))
    var orbit = OrbitTransport()
    orbit.pair(&start, &end, using: &random)
    #expect(start == x0)
    for j in 0..<12 {
      var best = Double.infinity
      for order in OrbitTransport.permutations {
        for mirror in [1.0, -1] {
          for k in 0..<720 {
            let angle = Double(k) / 720 * 2 * .pi
            var sum = 0.0
            for i in 0..<4 {
              let (x, y) = (x1[2 * order[i], j], mirror * x1[2 * order[i] + 1, j])
              let u = cos(angle) * x - sin(angle) * y - x0[2 * i, j]
              let v = sin(angle) * x + cos(angle) * y - x0[2 * i + 1, j]
              sum += u * u + v * v
            }
            best = min(best, sum)
          }
        }
      }
      let cost = Self.cost(start, end, j)
      #expect(cost <= best + 1e-9)
      // And it is in reach of a grid of half degrees: |x₀||x₁|(1 − cos ¼°) at most above.
      #expect(best - cost < 2e-3)
    }
  }

  @Test("It stays in the orbit, leaves no angular momentum, and costs an eighth of a random pair")
  func orbit() {
    let (x0, x1) = Self.pairs(4000)
    var (start, end, random) = (x0, x1, Random(seed: 1))
    var orbit = OrbitTransport()
    orbit.pair(&start, &end, using: &random)
    let (before, after) = (DoubleWells.energies(x1), DoubleWells.energies(end))
    #expect(zip(before, after).allSatisfy { abs($0 - $1) < 1e-9 })
    for j in 0..<4000 {
      var momentum = 0.0
      for i in 0..<4 {
        momentum += x0[2 * i, j] * end[2 * i + 1, j] - x0[2 * i + 1, j] * end[2 * i, j]
      }
      #expect(abs(momentum) < 1e-9)
    }
    let plain = Estimate(of: (0..<4000).map { Self.cost(x0, x1, $0) })
    let near = Estimate(of: (0..<4000).map { Self.cost(x0, end, $0) })
    #expect(abs(plain.mean - 51.2) <= 4 * plain.standardError)
    #expect(abs(near.mean - 6.66) <= 4 * near.standardError)
  }

  @Test("Molecules without extent are left as they are")
  func points() {
    var (x0, x1, random) = (Batch(dimension: 8, count: 1), Self.pairs(1).1, Random(seed: 1))
    var orbit = OrbitTransport()
    orbit.pair(&x0, &x1, using: &random)
    #expect(x1.isFinite)
    orbit.pair(&x1, &x0, using: &random)
    #expect(x0.isFinite)
  }
}
