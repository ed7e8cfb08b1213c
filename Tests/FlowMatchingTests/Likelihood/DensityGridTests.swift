import FlowMatching
import Testing

@Suite struct DensityGridTests {
  static let noise = StandardNormal(dimension: 2)

  private func grid(
    _ target: GaussianMixture, _ x: ClosedRange<Double>, _ y: ClosedRange<Double>,
    _ cells: Int = 60,
    source: any DensityDistribution = noise
  ) -> DensityGrid {
    var grid = DensityGrid(
      MarginalField(target: target), source: source, x: x, y: y, columns: cells, rows: cells + 5,
      control: .fixed(steps: 40))
    grid.finish()
    return grid
  }

  @Test("N(m, s²I): cells have its density, ∫p = 1, and the bound holds on the mass outside")
  func gaussian() throws {
    let target = GaussianMixture(weights: [1], means: [[1, -1]], standardDeviation: 0.5)
    let wide = grid(target, -2...4, -4...2)
    #expect(abs(try #require(wide.integral) - 1) < 1e-6)
    #expect(try #require(wide.outsideBound) < 1e-6)
    // Cell (3, 7): x = −2 + 3.5·.1, y = −4 + 7.5·6/65.
    let exact = target.logDensity(Batch(points: [[-1.65, -4 + 7.5 * 6 / 65]]))[0]
    #expect(abs(try #require(wide.logDensity)[7 * 60 + 3] - exact) < 1e-4)

    // One standard deviation each way: erf(1/√2)² = .682689492² inside.
    let narrow = grid(target, 0.5...1.5, -1.5 ... -0.5)
    let inside = 0.682689492137086 * 0.682689492137086
    #expect(abs(try #require(narrow.integral) - inside) < 1e-4)
    let bound = try #require(narrow.outsideBound)
    // The disc within the square has e^(−½) outside; its edge cells lie half a cell inside.
    #expect(bound >= 1 - inside && abs(bound - exponential(-0.5)) < 0.02)
  }

  @Test("a grid far from all mass has none, and the bound is 1; another source has no bound")
  func elsewhere() throws {
    let target = GaussianMixture(weights: [1], means: [[0, 0]], standardDeviation: 0.5)
    let empty = grid(target, 3...4, 3...4, 20)
    #expect(try #require(empty.integral) < 1e-12 && empty.outsideBound == 1)
    let other = grid(
      target, -3...3, -3...3, 20, source: GaussianMixture.standardNormal(dimension: 2))
    #expect(other.outsideBound == nil && other.integral != nil)
  }

  @Test("slices change nothing, and nothing is told before the end")
  func slices() {
    let target = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
    func make() -> DensityGrid {
      DensityGrid(
        MarginalField(target: target), source: Self.noise, x: -3...3, y: -3...3, columns: 50,
        rows: 50, control: .fixed(steps: 5))
    }
    var (whole, slices) = (make(), make())
    whole.finish()
    while slices.status == .running {
      #expect(slices.integral == nil && slices.outsideBound == nil)
      _ = slices.advance(budget: 1000)
    }
    #expect(slices.logDensity == whole.logDensity && slices.progress == 1)
  }

  @Test("NLL of the exact flow is the entropy 1.697, its KL 0; of a shifted one KL is |δ|²/2s²")
  func estimates() throws {
    let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
    var random = Random(seed: 71)
    let x = eight.sample(count: 4000, using: &random)
    var exact = LogLikelihood(
      MarginalField(target: eight), of: x, source: Self.noise, .dormandPrince,
      control: .adaptive(relative: 1e-6, absolute: 1e-6))
    #expect(exact.negative == nil)
    exact.finish()
    let negative = try #require(exact.negative)
    #expect(abs(negative.mean - 1.69806) < 3 * negative.standardError)
    let none = try #require(exact.divergence(from: eight.logDensity(x)))
    #expect(abs(none.mean) < 1e-5 && none.standardError < 1e-6)

    let (q, p) = (
      GaussianMixture(weights: [1], means: [[0, 0]], standardDeviation: 0.5),
      GaussianMixture(weights: [1], means: [[0.3, 0.4]], standardDeviation: 0.5)
    )
    let points = q.sample(count: 2000, using: &random)
    var shifted = LogLikelihood(
      MarginalField(target: p), of: points, source: Self.noise, control: .fixed(steps: 50))
    shifted.finish()
    let divergence = try #require(shifted.divergence(from: q.logDensity(points)))
    #expect(abs(divergence.mean - 0.5) < 3 * divergence.standardError)
  }
}
