import Testing

@testable import FlowMatching

/// The exact fields against other ways to compute them.
@Suite struct ExactFieldOracleTests {
  private static func points(_ count: Int, spread: Double = 1.5) -> Batch {
    var random = Random(seed: 29)
    var points = StandardNormal(dimension: 2).sample(count: count, using: &random)
    for k in points.values.indices { points.values[k] *= spread }
    return points
  }

  private func expectSame(
    _ first: any ExactField, _ second: any ExactField, at times: [Double], within tolerance: Double,
    on points: Batch? = nil
  ) {
    var (first, second) = (first, second)
    let x = points ?? Self.points(20)
    var (a, b) = (x, x)
    for t in times {
      var (p, q) = ([Double](repeating: 0, count: 20), [Double](repeating: 0, count: 20))
      first.evaluate(x, at: .shared(t), into: &a, divergence: &p)
      second.evaluate(x, at: .shared(t), into: &b, divergence: &q)
      for k in a.values.indices {
        let bound = tolerance * max(1, abs(a.values[k]))
        #expect(abs(a.values[k] - b.values[k]) < bound, "t = \(t)")
      }
      for j in 0..<20 { #expect(abs(p[j] - q[j]) < 100 * tolerance * max(1, abs(p[j]))) }
      let (r, s) = (
        first.logDensity(x, at: .shared(t)), second.logDensity(x, at: .shared(t))
      )
      for j in 0..<20 { #expect(abs(r[j] - s[j]) < tolerance * max(1, abs(r[j])), "t = \(t)") }
    }
  }

  @Test("five points: the posterior is the softmax of −|x − αx_i|²/2σ², E[X₁|x] its mean")
  func points() throws {
    let data = Batch(points: [[0, 0], [1, 2], [-1, 1], [2, -0.5], [0.3, 0.2]])
    for scheduler in Scheduler.all {
      var field = MarginalField(points: data, scheduler: scheduler)
      let x = Self.points(10)
      var weights = Batch(dimension: 5, count: 10)
      var (mean, velocity) = (x, x)
      for t in [0.1, 0.5, 0.9] {
        let c = scheduler.coefficients(at: t)
        field.posteriorWeights(x, at: .shared(t), into: &weights)
        field.expectedTarget(x, at: .shared(t), into: &mean)
        field.evaluate(x, at: .shared(t), into: &velocity)
        for j in 0..<10 {
          let logs = (0..<5).map { k in
            -(0..<2).reduce(0.0) {
              let difference = x[$1, j] - c.alpha * data[$1, k]
              return $0 + difference * difference
            } / (2 * c.sigma * c.sigma)
          }
          let total = logSumExp(logs)
          for k in 0..<5 { #expect(abs(weights[k, j] - exponential(logs[k] - total)) < 1e-12) }
          for i in 0..<2 {
            let expected = (0..<5).reduce(0.0) { $0 + exponential(logs[$1] - total) * data[i, $1] }
            #expect(abs(mean[i, j] - expected) < 1e-12)
            let u = c.sigmaRate / c.sigma * x[i, j] + c.determinant / c.sigma * expected
            #expect(abs(velocity[i, j] - u) < 1e-10)
          }
        }
      }
    }
  }

  @Test("points are a mixture of tiny variance, to 1e-8, and the flow ends in them")
  func tinyVariance() {
    let data = Batch(points: [[0, 0], [1, 2], [-1, 1]])
    let tiny = GaussianMixture(
      weights: [1, 1, 1], means: (0..<3).map(data.point), standardDeviation: 1e-7)
    for path in [ConditionalPath.affine, .noisy(sigma: 0.3), .schroedingerBridge(sigma: 0.5)] {
      for source in [nil, ExactFieldTests.mixtureSource] {
        expectSame(
          MarginalField(source: source, points: data, path: path),
          MarginalField(source: source, target: tiny, path: path), at: [0, 0.3, 0.7, 0.95],
          within: 1e-8)
      }
    }
    var field: any VelocityField = MarginalField(points: data)
    let end = Integrator.solve(
      &field, .rk4, control: .fixed(steps: 400), from: Self.points(30)
    ).x
    for j in 0..<30 {
      let nearest = (0..<3).map { distance(end.point(j), data.point($0)) }.min()!
      #expect(nearest < 1e-2, "\(end.point(j))")
    }
  }

  @Test("boxes are a fine quadrature of themselves by narrow Gaussians, noise or not")
  func boxes() {
    let rule = GaussLegendre(24)
    for (boxes, width) in [(Checkerboard(scale: 1).boxes, 1e-5), (BoxesTests.pair, 0.2)] {
      var (nodes, weights): ([[Double]], [Double]) = ([], [])
      for k in boxes.weights.indices {
        for (a, p) in zip(rule.nodes, rule.weights) {
          for (b, q) in zip(rule.nodes, rule.weights) {
            nodes.append([
              boxes.lows[k][0] + a * (boxes.highs[k][0] - boxes.lows[k][0]),
              boxes.lows[k][1] + b * (boxes.highs[k][1] - boxes.lows[k][1]),
            ])
            weights.append(boxes.weights[k] * p * q)
          }
        }
      }
      let mixture = GaussianMixture(weights: weights, means: nodes, standardDeviation: width)
      for (source, path) in [
        (nil, ConditionalPath.affine), (ExactFieldTests.mixtureSource, .affine),
        (nil, .noisy(sigma: 0.3)),
      ] {
        expectSame(
          BoxField(source: source, target: boxes, path: path),
          MarginalField(source: source, target: mixture, path: path), at: [0, 0.01, 0.3, 0.7],
          within: 1e-8)
      }
      expectSame(
        BoxField(target: boxes, scheduler: .linearVP),
        MarginalField(target: mixture, scheduler: .linearVP), at: [0, 0.5, 0.7], within: 1e-8)
    }
  }

  @Test(
    "a curve's quadrature is its limit: twenty times as many evenly spaced points agree to 1e-4",
    arguments: ["moons", "moons-sklearn", "circles", "rings", "swissroll", "s-curve"])
  func curves(name: String) throws {
    func arc(_ f: (Double) -> [Double]) -> [[Double]] {
      (0..<4000).map { f((Double($0) + 0.5) / 4000) }
    }
    func circle(_ radius: Double) -> [[Double]] {
      arc { [radius * cosine(2 * .pi * $0), radius * sine(2 * .pi * $0)] }
    }
    func moons(_ y: Double) -> [[Double]] {
      arc { [2 * cosine(.pi * $0) - 1, 2 * sine(.pi * $0) + y] }
        + arc { [1 - 2 * cosine(.pi * $0), 1 - 2 * sine(.pi * $0) + y] }
    }
    let (nodes, noise): ([[Double]], Double) =
      switch name {
      case "moons": (moons(-0.2), 0.2)
      case "moons-sklearn": (moons(0), 0.1)
      case "circles": ([1.5, 3].flatMap(circle), 0.24)
      case "rings": ([0.75, 1.5, 2.25, 3].flatMap(circle), 0.08)
      case "swissroll":
        (
          arc { u in
            let angle = 1.5 * Double.pi * (1 + 2 * u)
            return [angle * cosine(angle) / 5, angle * sine(angle) / 5]
          }, 0.2
        )
      default:
        (
          arc { u in
            let angle = 3 * Double.pi * (u - 0.5)
            let y = angle < 0 ? 1 - cosine(angle) : cosine(angle) - 1
            return [1.5 * sine(angle), 1.5 * y]
          }, 0.075
        )
      }
    let fine = GaussianMixture(
      weights: [Double](repeating: 1, count: nodes.count), means: nodes, standardDeviation: noise)
    let dataset = try DatasetCatalog.named(name)
    let field = try #require(dataset.exactField() as? MarginalField)
    #expect(field.target.weights.count <= 1024)
    // Far from a curve the tails magnify the evenly spaced points' own error: draws are near it.
    var random = Random(seed: 8)
    var draws = dataset.distribution.sample(count: 20, using: &random)
    expectSame(field, MarginalField(target: fine), at: [1], within: 1e-4, on: draws)
    for k in 0..<40 { draws.values[k] *= 0.5 }
    expectSame(field, MarginalField(target: fine), at: [0.5], within: 1e-4, on: draws)
  }

  @Test("two spirals: the density is that of a fine quadrature over angle and jitter, to 1e-4")
  func spirals() throws {
    let rule = GaussLegendre(4)
    var (nodes, weights): ([[Double]], [Double]) = ([], [])
    for k in 0..<1200 {
      // The middle of equal parts of the angle; its density is 2φ/(3π)².
      let angle = 3 * Double.pi * (Double(k) + 0.5) / 1200
      for (a, p) in zip(rule.nodes, rule.weights) {
        for (b, q) in zip(rule.nodes, rule.weights) {
          let x = (-angle * cosine(angle) + 0.5 * a) / 3
          let y = (angle * sine(angle) + 0.5 * b) / 3
          nodes += [[x, y], [-x, -y]]
          weights += [angle * p * q, angle * p * q]
        }
      }
    }
    let fine = GaussianMixture(weights: weights, means: nodes, standardDeviation: 0.1)
    let spirals = DatasetCatalog.twoSpirals
    var random = Random(seed: 6)
    var draws = spirals.distribution.sample(count: 20, using: &random)
    let density = try #require(spirals.logDensity(draws))
    for (a, b) in zip(density, fine.logDensity(draws)) { #expect(abs(a - b) < 1e-5) }
    for k in 0..<40 { draws.values[k] *= 0.8 }
    expectSame(
      try #require(spirals.exactField(scheduler: .cosine)),
      MarginalField(target: fine, scheduler: .cosine), at: [0.6], within: 1e-4, on: draws)
  }

  @Test(
    "VP: u = ½β(1−t)(x + s), β(τ) = b + (B−b)τ, the diffusion's probability-flow ODE, to 1e-11",
    arguments: ["8gaussians", "moons", "checkerboard", "text:IT"])
  func probabilityFlow(name: String) throws {
    var field = try #require(
      try DatasetCatalog.named(name).exactField(scheduler: .variancePreserving))
    let x = Self.points(20)
    var (velocity, score) = (x, x)
    // Without noise of its own a target's field stands still at the very end.
    for t in [0, 0.1, 0.5, 0.9, 0.999] + (name == "moons" ? [1] : []) {
      field.evaluate(x, at: .shared(t), into: &velocity)
      field.score(x, at: .shared(t), into: &score)
      let beta = 0.1 + 19.9 * (1 - t)
      for k in x.values.indices {
        let expected = 0.5 * beta * (x.values[k] + score.values[k])
        #expect(abs(velocity.values[k] - expected) < 1e-11 * max(1, abs(expected)), "t = \(t)")
      }
    }
  }

  @Test("log p at t = 1 is the target's own density; a source without isotropy has no box field")
  func ends() throws {
    let x = Self.points(20)
    for dataset in [DatasetCatalog.moons, DatasetCatalog.eightGaussians] {
      var field = try #require(dataset.exactField(scheduler: .variancePreserving))
      let own = try #require(dataset.logDensity(x))
      for (a, b) in zip(field.logDensity(x, at: .shared(1)), own) { #expect(abs(a - b) < 1e-9) }
    }
    let tilted = GaussianMixtureTests.tilted
    #expect(DatasetCatalog.checkerboard.exactField(source: tilted) == nil)
    #expect(DatasetCatalog.moons.exactField(source: tilted) != nil)
  }
}
