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
