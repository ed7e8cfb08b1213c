import FlowMatching
import Testing

/// Entropies by summation over a grid: what no sampling error blurs.
@Suite struct EntropyTests {
  /// −∫ p log p and ∫ p over [−reach, reach]², by the trapezoidal rule.
  private func entropy(
    _ density: any DensityDistribution, reach: Double, step: Double
  ) -> (entropy: Double, mass: Double) {
    let side = Int((reach / step).rounded(.up))
    var (entropy, mass) = (0.0, 0.0)
    var row = Batch(dimension: 2, count: 2 * side + 1)
    for i in -side...side {
      for j in -side...side { (row[0, j + side], row[1, j + side]) = (Double(j), Double(i)) }
      for k in row.values.indices { row.values[k] *= step }
      for log in density.logDensity(row) where log > -60 {
        mass += exponential(log)
        entropy -= exponential(log) * log
      }
    }
    return (entropy * step * step, mass * step * step)
  }

  @Test(
    "the catalogue's entropy floors are the integrals of their densities, to 2e-5",
    arguments: [
      ("8gaussians", 3.2, 0.1), ("8gaussians-ffjord", 5, 0.15), ("8gaussians-torchcfm", 8.5, 0.25),
      ("8gaussians-r5", 11, 0.4), ("moons", 4.2, 0.09), ("moons-sklearn", 3.7, 0.045),
      ("rings", 3.6, 0.035), ("circles", 4.6, 0.11), ("swissroll", 4, 0.09),
      ("s-curve", 3.6, 0.035),
    ])
  func catalogue(name: String, reach: Double, step: Double) throws {
    let dataset = try DatasetCatalog.named(name)
    let density = try #require(dataset.distribution as? any DensityDistribution)
    let (entropy, mass) = entropy(density, reach: reach, step: step)
    #expect(abs(mass - 1) < 1e-5, "\(mass)")
    #expect(abs(entropy - dataset.entropyFloor!) < 2e-5, "\(entropy)")
  }

  /// The density of FFJORD's pinwheel, whose arms are Gaussians (r, t) bent by θ(r) = 2πk/5 + e^r/4:
  /// a sum over the arms and over all r with r = x cos θ − y sin θ of q(r, t)/|1 + θ′t|.
  private struct PinwheelDensity {
    private let nodes = (0..<401).map { 1 + 0.3 * (-8.9137 + 17.9848 * Double($0) / 400) }
    /// cos θ and sin θ of every node of an arm.
    private let turns: [[(Double, Double)]]

    init() {
      let nodes = nodes
      turns = (0..<5).map { k in
        nodes.map { (cosine(PinwheelDensity.angle(k, $0)), sine(PinwheelDensity.angle(k, $0))) }
      }
    }

    private static func angle(_ k: Int, _ r: Double) -> Double {
      0.4 * .pi * Double(k) + 0.25 * exponential(r)
    }

    func callAsFunction(_ point: SIMD2<Double>) -> Double {
      let x = point / 2
      var sum = 0.0
      for k in 0..<5 {
        var before = 0.0
        for (n, turn) in turns[k].enumerated() {
          let value = x.x * turn.0 - x.y * turn.1 - nodes[n]
          if n > 0 && (value > 0) != (before > 0) {
            sum += share(of: root(k, x, nodes[n - 1], nodes[n], before > 0), k, x)
          }
          before = value
        }
      }
      // Five arms, and an area that scaling by 2 makes four times as large.
      return sum / 20
    }

    private func root(
      _ k: Int, _ x: SIMD2<Double>, _ low: Double, _ high: Double, _ isPositive: Bool
    ) -> Double {
      var (low, high) = (low, high)
      for _ in 0..<45 {
        let middle = 0.5 * (low + high)
        let angle = PinwheelDensity.angle(k, middle)
        let value = x.x * cosine(angle) - x.y * sine(angle) - middle
        if (value > 0) == isPositive { low = middle } else { high = middle }
      }
      return 0.5 * (low + high)
    }

    private func share(of r: Double, _ k: Int, _ x: SIMD2<Double>) -> Double {
      let angle = PinwheelDensity.angle(k, r)
      let t = x.x * sine(angle) + x.y * cosine(angle)
      let (a, b) = ((r - 1) / 0.3, t / 0.1)
      return exponential(-0.5 * (a * a + b * b))
        / (2 * .pi * 0.3 * 0.1 * abs(1 + 0.25 * exponential(r) * t))
    }
  }

  @Test("the pinwheel's entropy is −E log p over one of its five equal arms, to 1e-5")
  func pinwheel() throws {
    let density = PinwheelDensity()
    let h = 0.5
    var (entropy, mass) = (0.0, 0.0)
    for i in -14...14 {
      for j in -14...14 where i * i + j * j < 240 {
        let (a, b) = (h * Double(i), h * Double(j))
        let weight = exponential(-0.5 * (a * a + b * b)) * h * h / (2 * .pi)
        let (r, t) = (1 + 0.3 * a, 0.1 * b)
        let (c, s) = (cosine(0.25 * exponential(r)), sine(0.25 * exponential(r)))
        mass += weight
        entropy -= weight * logarithm(density(2 * SIMD2(r * c + t * s, t * c - r * s)))
      }
    }
    #expect(abs(mass - 1) < 1e-11)
    let floor = try #require(DatasetCatalog.pinwheel.entropyFloor)
    #expect(abs(entropy - floor) < 1e-5, "\(entropy)")
  }

  @Test("scikit-learn's moons with noise .05, .1, .2, and scaling by k adds 2 ln k")
  func moons() {
    // By NumPy, 768 nodes and three grid points to a standard deviation.
    for (noise, expected) in [(0.05, 0.289_234), (0.1, 1.007_585), (0.2, 1.677_476)] {
      let plain = Moons(noise: noise, scale: 1, offset: .zero)
      #expect(abs(entropy(plain, reach: 3.2, step: 0.45 * noise).entropy - expected) < 2e-5)
    }
    let large = Moons(noise: 0.2, scale: 3, offset: SIMD2(-1, -1))
    let expected = 1.677_476 + 2 * logarithm(3)
    #expect(abs(entropy(large, reach: 9, step: 0.27).entropy - expected) < 2e-5)
  }
}
