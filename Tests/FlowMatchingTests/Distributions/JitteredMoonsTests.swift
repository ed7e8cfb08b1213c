import FlowMatching
import Testing

@Suite("The moons of torchcfm's notebooks")
struct JitteredMoonsTests {
  private let moons = JitteredMoons(jitter: 0.2, scale: 1, offset: .zero)

  @Test("one number moves both coordinates: x − y stays that of a half circle")
  func diagonal() {
    var random = Random(seed: 4)
    let points = moons.sample(count: 20_000, using: &random)
    let across = (0..<points.count).map { points[0, $0] - points[1, $0] }
    let root = 2.0.squareRoot()
    // cos φ − sin φ of the outer moon, ½ − cos φ + sin φ of the inner one; two numbers a point would
    // pass both ends by up to 0.2.
    #expect(across.allSatisfy { $0 >= -root - 1e-12 && $0 <= 0.5 + root + 1e-12 })
    #expect(across.min()! < -root + 1e-3 && across.max()! > 0.5 + root - 1e-3)
  }

  @Test("the closed density has mass 1, and a box as much of it as draws fall into it")
  func density() {
    // No rational ratio: cells along x − y = ±√2, where the density has no bound, lie at all
    // distances from it.
    let (width, height) = (0.004, 0.004 * 0.618_033_988_75)
    var (mass, inside) = (0.0, 0.0)
    var row = Batch(dimension: 2, count: Int(3.6 / width))
    for i in 0..<Int(2.4 / height) {
      for j in 0..<row.count {
        row[0, j] = -1.2 + width * (Double(j) + 0.5)
        row[1, j] = -0.8 + height * (Double(i) + 0.5)
      }
      for (j, log) in moons.logDensity(row).enumerated() where log > -60 {
        let share = exponential(log) * width * height
        mass += share
        if (0.4..<1.2).contains(row[0, j]) && (-0.2..<0.5).contains(row[1, j]) { inside += share }
      }
    }
    #expect(abs(mass - 1) < 0.005, "\(mass)")
    var random = Random(seed: 6)
    let points = moons.sample(count: 40_000, using: &random)
    let hits = (0..<points.count).count {
      (0.4..<1.2).contains(points[0, $0]) && (-0.2..<0.5).contains(points[1, $0])
    }
    let error = (inside * (1 - inside) / 40_000).squareRoot()
    #expect(abs(Double(hits) / 40_000 - inside) < 4 * error + 0.002, "\(hits), \(inside)")
  }

  @Test("off the moons there is no density")
  func outside() {
    let points = Batch(points: [[0, 0], [5, 5], [-1.01, 0], [1, 0.2]])
    #expect(moons.logDensity(points).map(\.isFinite) == [false, false, false, true])
  }
}
