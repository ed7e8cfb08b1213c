import Testing

@testable import FlowMatching

@Suite struct MarginalFieldTests {
  static let times = [0, 0.02, 0.3, 0.5, 0.77, 0.98, 1]
  static let tilted = GaussianMixtureTests.tilted
  static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)
  static let otherSource = GaussianMixture(
    weights: [1, 2], means: [[0.5, 0], [-1, 1]],
    covariances: [[1, 0.3, 0.3, 0.8], [0.6, 0, 0, 0.4]])

  private func points(_ count: Int, spread: Double = 1.5) -> Batch {
    var random = Random(seed: 21)
    var points = StandardNormal(dimension: 2).sample(count: count, using: &random)
    for k in points.values.indices { points.values[k] *= spread }
    return points
  }

  @Test("N(0, I) → N(m, s²I): the velocity of ψ_t(x) = tm + √((1−t)² + t²s²) x, to 1e-10")
  func gaussianToGaussian() {
    let (m, s) = ([1.5, -0.7], 0.4)
    let target = GaussianMixture(weights: [1], means: [m], standardDeviation: s)
    var field = MarginalField(target: target, scheduler: .conditionalOT)
    let x0 = points(50)
    var velocity = x0
    for t in Self.times {
      let scale = ((1 - t) * (1 - t) + t * t * s * s).squareRoot()
      let rate = (t * s * s - (1 - t)) / scale
      var x = x0
      for i in 0..<2 { for j in 0..<50 { x[i, j] = t * m[i] + scale * x0[i, j] } }
      field.evaluate(x, at: .shared(t), into: &velocity)
      for i in 0..<2 {
        for j in 0..<50 { #expect(abs(velocity[i, j] - (m[i] + rate * x0[i, j])) < 1e-10) }
      }
    }
  }

  @Test("velocity and posterior means are the integrals over all pairs of ends, by quadrature")
  func bruteForce() {
    // p(x₁ | x) ∝ p₁(x₁) p₀((x − αx₁)/σ), summed on a grid that is spectrally fine.
    var field = MarginalField(source: Self.otherSource, target: Self.tilted)
    let h = 0.1
    let axis = (0...128).map { -6.4 + h * Double($0) }
    var grid = Batch(dimension: 2, count: axis.count * axis.count)
    for (a, u) in axis.enumerated() {
      for (b, v) in axis.enumerated() {
        grid[0, a * axis.count + b] = u
        grid[1, a * axis.count + b] = v
      }
    }
    let logTarget = Self.tilted.logDensity(grid)
    for (t, x) in [(0.35, [0.4, -0.2]), (0.7, [-1.0, 0.6])] {
      var start = grid
      for k in start.values.indices {
        start.values[k] = (x[k / grid.count] - t * grid.values[k]) / (1 - t)
      }
      let logSource = Self.otherSource.logDensity(start)
      var mass = 0.0
      var (velocity, end) = ([0.0, 0.0], [0.0, 0.0])
      for j in 0..<grid.count {
        let weight = exponential(logTarget[j] + logSource[j])
        mass += weight
        for i in 0..<2 {
          velocity[i] += weight * (grid[i, j] - start[i, j])
          end[i] += weight * grid[i, j]
        }
      }
      var result = Batch(dimension: 2, count: 1)
      field.evaluate(Batch(points: [x]), at: .shared(t), into: &result)
      for i in 0..<2 { #expect(abs(result[i, 0] - velocity[i] / mass) < 1e-9) }
      field.expectedTarget(Batch(points: [x]), at: .shared(t), into: &result)
      for i in 0..<2 { #expect(abs(result[i, 0] - end[i] / mass) < 1e-9) }
    }
  }

  @Test("αE[X₁|x] + σE[X₀|x] = x and u = α̇E[X₁|x] + σ̇E[X₀|x], to 1e-12", arguments: times)
  func posterior(t: Double) {
    for source in [nil, Self.otherSource] {
      for target in [Self.tilted, Self.eight] {
        var field = MarginalField(source: source, target: target)
        let x = points(40)
        var (start, end, velocity) = (x, x, x)
        field.expectedSource(x, at: .shared(t), into: &start)
        field.expectedTarget(x, at: .shared(t), into: &end)
        field.evaluate(x, at: .shared(t), into: &velocity)
        for k in x.values.indices {
          let sum = t * end.values[k] + (1 - t) * start.values[k]
          #expect(abs(sum - x.values[k]) < 1e-12)
          #expect(abs(velocity.values[k] - end.values[k] + start.values[k]) < 1e-12)
        }
      }
    }
  }

  @Test("from N(0, I), E[X₀|x] = −σ∇log p_t(x), to 1e-12", arguments: times)
  func tweedie(t: Double) {
    var field = MarginalField(target: Self.tilted)
    let x = points(40)
    var (start, score) = (x, x)
    field.expectedSource(x, at: .shared(t), into: &start)
    field.score(x, at: .shared(t), into: &score)
    for k in x.values.indices {
      #expect(abs(start.values[k] + (1 - t) * score.values[k]) < 1e-12)
    }
  }

  @Test("the score is the gradient of log p_t, by central differences")
  func score() {
    var field = MarginalField(source: Self.otherSource, target: Self.tilted)
    let x = points(20)
    var score = x
    let h = 1e-5
    for t in Self.times {
      field.score(x, at: .shared(t), into: &score)
      for i in 0..<2 {
        var (low, high) = (x, x)
        for j in 0..<20 {
          low[i, j] -= h
          high[i, j] += h
        }
        let below = field.logDensity(low, at: .shared(t))
        let above = field.logDensity(high, at: .shared(t))
        for j in 0..<20 {
          let slope = (above[j] - below[j]) / (2 * h)
          #expect(abs(slope - score[i, j]) < 1e-7 * (1 + abs(slope)))
        }
      }
    }
  }

  @Test("the continuity equation ∂p/∂t + ∇·(pu) = 0 holds, to 1e-7 of max |∂p/∂t|")
  func continuity() {
    let h = 5e-4
    for target in [Self.tilted, Self.eight] {
      var field = MarginalField(target: target)
      var worst = 0.0
      var largest = 0.0
      for t in [0.1, 0.35, 0.6, 0.9] {
        let x = points(30, spread: 1.2)
        func density(_ points: Batch, _ time: Double) -> [Double] {
          field.logDensity(points, at: .shared(time)).map(exponential)
        }
        func flux(_ points: Batch, _ axis: Int) -> [Double] {
          var velocity = points
          field.evaluate(points, at: .shared(t), into: &velocity)
          let p = density(points, t)
          return p.indices.map { p[$0] * velocity[axis, $0] }
        }
        func moved(_ axis: Int, _ distance: Double) -> Batch {
          var copy = x
          for j in 0..<copy.count { copy[axis, j] += distance }
          return copy
        }
        // Fourth-order central differences.
        func slope(_ f: (Double) -> [Double]) -> [Double] {
          let (a, b, c, d) = (f(-2 * h), f(-h), f(h), f(2 * h))
          return a.indices.map { (a[$0] - 8 * b[$0] + 8 * c[$0] - d[$0]) / (12 * h) }
        }
        let rate = slope { density(x, t + $0) }
        let divergence = (0..<2).map { axis in slope { flux(moved(axis, $0), axis) } }
        for j in rate.indices {
          worst = max(worst, abs(rate[j] + divergence[0][j] + divergence[1][j]))
          largest = max(largest, abs(rate[j]))
        }
      }
      #expect(worst < 1e-7 * largest, "\(worst / largest)")
    }
  }

  @Test("isotropic components take a shorter way to the same numbers")
  func fastPath() {
    let nudge = 1e-15
    let general = GaussianMixture(
      weights: Self.eight.weights, means: Self.eight.means,
      covariances: Self.eight.covariances.map { [$0[0], nudge, nudge, $0[3]] })
    #expect(general.deviations == nil && Self.eight.deviations != nil)
    var fast = MarginalField(target: Self.eight)
    var slow = MarginalField(target: general)
    let x = points(60)
    var (a, b) = (x, x)
    for t in Self.times {
      fast.evaluate(x, at: .shared(t), into: &a)
      slow.evaluate(x, at: .shared(t), into: &b)
      for k in a.values.indices { #expect(abs(a.values[k] - b.values[k]) < 1e-9) }
      fast.score(x, at: .shared(t), into: &a)
      slow.score(x, at: .shared(t), into: &b)
      for k in a.values.indices {
        #expect(abs(a.values[k] - b.values[k]) < 1e-9 * (1 + abs(a.values[k])))
      }
    }
  }

  @Test("a time for each point gives what the shared time gives, to the bit")
  func eachTime() {
    for target in [Self.tilted, Self.eight] {
      var field = MarginalField(target: target)
      let x = points(Self.times.count)
      var each = x
      field.evaluate(x, at: .each(Self.times), into: &each)
      var one = Batch(dimension: 2, count: 1)
      for (j, t) in Self.times.enumerated() {
        field.evaluate(x.points(j..<(j + 1)), at: .shared(t), into: &one)
        #expect(one.values == each.point(j))
      }
    }
  }

  @Test("far from every component, and at both ends, the field is finite and known")
  func ends() {
    var field = MarginalField(target: Self.eight)
    let x = Batch(points: [[300, -200], [0, 0], [2, 0]])
    var velocity = x
    field.evaluate(x, at: .shared(0), into: &velocity)
    // At t = 0 nothing is known of the target: E[X₁] − x, here −x.
    for k in x.values.indices { #expect(abs(velocity.values[k] + x.values[k]) < 1e-9) }
    field.evaluate(x, at: .shared(1), into: &velocity)
    // At t = 1 nothing is known of the source: x − E[X₀] = x.
    for k in x.values.indices { #expect(abs(velocity.values[k] - x.values[k]) < 1e-9) }
    for t in Self.times {
      field.evaluate(x, at: .shared(t), into: &velocity)
      #expect(velocity.isFinite)
    }
  }
}
