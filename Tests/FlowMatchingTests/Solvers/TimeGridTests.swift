import Testing

@testable import FlowMatching

@Suite("Time grids")
struct TimeGridTests {
  @Test("Every grid of N steps has N + 1 rising times from 0 to 1", arguments: TimeGrid.all)
  func families(grid: TimeGrid) throws {
    #expect(TimeGrid("\(grid)") == grid)
    for steps in [1, 2, 3, 8, 100] {
      guard let times = grid.times(steps: steps) else {
        #expect(grid == .best)
        continue
      }
      #expect(times.count == steps + 1 && times.first == 0 && times.last == 1)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(times)")
    }
  }

  @Test("A shift is the one of Esser et al.: σ = ½ becomes s/(1 + s), and two make their product")
  func shift() throws {
    let times = try #require(TimeGrid.shift(3).times(steps: 2))
    #expect(abs(1 - times[1] - 0.75) < 1e-15)
    let twice = try #require(TimeGrid.shift(9).times(steps: 10))
    for (u, once) in zip(twice, try #require(TimeGrid.shift(3).times(steps: 10))) {
      let sigma = 1 - once
      #expect(abs(3 * sigma / (1 + 2 * sigma) - (1 - u)) < 1e-14)
    }
  }

  @Test("EDM's levels are those of Karras et al. for ρ = 7 and 18 steps")
  func edm() throws {
    // numpy: (80**(1/7) + i/17*(.002**(1/7) - 80**(1/7)))**7 at i = 1, 9 and 17.
    let times = try #require(TimeGrid.edm(7).times(steps: 18))
    for (index, level) in [(1, 57.585985), (9, 1.92333984), (17, 0.002)] {
      #expect(abs((1 - times[index]) / times[index] / level - 1) < 1e-6)
    }
  }

  @Test(
    "What is no grid is refused",
    arguments: [
      "", "shift", "0.5,0.4", "0,1,1", "-0.1,0.5", "0.5,nan", "shift:0", "edm:x", "uniform,1",
      "1.5",
      "shift:3,4", "0.5,,0.7",
    ])
  func refused(text: String) {
    if text == "shift" {
      #expect(TimeGrid(text) == .shift(3))
    } else {
      #expect(TimeGrid(text) == nil)
    }
  }

  @Test(
    "A solve on a grid meets its times to the bit, forwards, backwards and on a part of the way")
  func meets() {
    let grid = [0, 0.1, 0.35, 0.7, 1.0]
    var field: any VelocityField = MarginalField(
      target: GaussianMixture(weights: [1], means: [[1, 0]], standardDeviation: 0.5))
    let x = Batch(points: [[0.2, 0.1]])
    for (start, end, expected) in [
      (0.0, 1.0, [0.1, 0.35, 0.7, 1]), (1, 0, [0.7, 0.35, 0.1, 0]), (0.2, 0.7, [0.35, 0.7]),
    ] {
      var solve = Integrator(.heun, control: .grid(grid), from: x, start: start, end: end)
      #expect(solve.plannedSteps == expected.count)
      var met: [Double] = []
      while solve.status == .running {
        _ = solve.advance(&field, budget: .max)
        if solve.stepsAccepted > met.count { met.append(solve.knot.t) }
      }
      #expect(met == expected)
    }
  }

  @Test("Equal times are the same solve as equal steps, to the bit")
  func sameAsFixed() {
    var field: any VelocityField = MarginalField(
      target: .eightGaussians(radius: 2, standardDeviation: 0.2))
    var random = Random(seed: 1).stream("grid")
    let x = StandardNormal(dimension: 2).sample(count: 64, using: &random)
    let even = TimeGrid.uniform.times(steps: 8)!
    for tableau in [ButcherTableau.euler, .midpoint, .rk4] {
      let a = Integrator.solve(&field, tableau, control: .grid(even), from: x)
      let b = Integrator.solve(&field, tableau, control: .fixed(steps: 8), from: x)
      #expect(a == b)
    }
  }
}

@Suite("The best time grid")
struct BestTimeGridTests {
  private static func noise(_ count: Int = 256, seed: UInt64 = 0) -> Batch {
    var random = Random(seed: seed).stream("best grid")
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  /// √(mean |x − x*|²) on fresh points.
  private static func error(_ field: any VelocityField, _ control: StepControl) -> Double {
    var field = field
    let x = noise(2048, seed: 9)
    let exact = Integrator.solve(
      &field, .dop853, control: .adaptive(relative: 1e-9, absolute: 1e-9), from: x)
    return Integrator.solve(&field, .midpoint, control: control, from: x).x
      .rootMeanSquareDistance(to: exact.x)
  }

  @Test(
    "Eight steps of the midpoint rule on eight Gaussians: .0066 at most, where equal steps have .012"
  )
  func eightGaussians() throws {
    let field = MarginalField(target: .eightGaussians(radius: 2, standardDeviation: 0.2))
    let best = try #require(BestTimeGrid(field, .midpoint, steps: 8, from: Self.noise(512)))
    #expect(best.isBetter && best.times.count == 9)
    let (found, equal) = (
      Self.error(field, .grid(best.times)), Self.error(field, .fixed(steps: 8))
    )
    #expect(equal > 0.0085 && equal < 0.016, "\(equal)")
    #expect(found < 0.0066 && found < 0.7 * equal, "\(found), \(best.times)")
    // Few points, those that are torn apart, make up most of it: other points have another error.
    #expect(best.error < 0.6 * best.uniformError)
  }

  @Test("Looked for in slices it is the same")
  func slices() throws {
    let field = MarginalField(target: .eightGaussians(radius: 2, standardDeviation: 0.2))
    let whole = BestTimeGrid(field, .heun, steps: 4, from: Self.noise(32), candidates: 16)
    var search = BestGridSearch(field, .heun, steps: 4, from: Self.noise(32), candidates: 16)
    var slices = 0
    while !search.isOver {
      var budget = 1
      search.advance(budget: &budget)
      slices += 1
    }
    #expect(search.result == whole && slices > 16)
    #expect(try #require(whole).localErrors.count == 16)
  }

  @Test("On straight ways all grids are the same, and equal steps are the answer")
  func straight() throws {
    // Δt·v is all that a point moves by.
    struct Straight: VelocityField {
      var dimension: Int { 2 }
      func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
        for k in velocity.values.indices { velocity.values[k] = k < x.count ? 3 : -1 }
      }
    }
    let best = try #require(BestTimeGrid(Straight(), .euler, steps: 4, from: Self.noise(32)))
    #expect(!best.isBetter && best.times == [0, 0.25, 0.5, 0.75, 1])
    #expect(best.error < 1e-12)
  }

  @Test(
    "It is never worse than equal steps on points that had no part in it",
    arguments: ["checkerboard-small", "8gaussians-ffjord"])
  func neverWorse(name: String) throws {
    let field = try #require(try DatasetCatalog.named(name).exactField())
    let best = try #require(
      BestTimeGrid(field, .midpoint, steps: 6, from: Self.noise(64), candidates: 24))
    #expect(best.error <= best.uniformError)
  }
}
