import Testing

@testable import FlowMatching

@Suite struct RescheduledFieldTests {
  static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)

  /// Points of the path at a time of a schedule.
  static func points(_ scheduler: Scheduler, at t: Double) -> Batch {
    var random = Random(seed: 3)
    let x0 = StandardNormal(dimension: 2).sample(count: 40, using: &random)
    let x1 = eight.sample(count: 40, using: &random)
    var sample = PathSample(dimension: 2, count: 40)
    AffinePath(scheduler: scheduler).sample(
      from: x0, to: x1, at: [Double](repeating: t, count: 40), using: &random, into: &sample)
    return sample.x
  }

  @Test(
    "the exact field of any schedule, rescheduled, is the exact field of the other, to 1e-10",
    arguments: Scheduler.all)
  func exact(original: Scheduler) {
    for scheduler in Scheduler.all {
      var changed = RescheduledField(
        MarginalField(target: Self.eight, scheduler: original), from: original, to: scheduler)
      var exact = MarginalField(target: Self.eight, scheduler: scheduler)
      for r in stride(from: 0.02, through: 0.98, by: 0.08) {
        // The diffusion begins with some signal: below it there is no time to go back to.
        let signal = scheduler.coefficients(at: r).signalToNoise
        if signal < original.coefficients(at: 0).signalToNoise { continue }
        let x = Self.points(scheduler, at: r)
        var (a, b) = (x, x)
        var (da, db) = ([Double](repeating: 0, count: 40), [Double](repeating: 0, count: 40))
        changed.evaluate(x, at: .shared(r), into: &a, divergence: &da)
        exact.evaluate(x, at: .shared(r), into: &b, divergence: &db)
        let scale = max(1, b.values.map(abs).max()!)
        for k in a.values.indices { #expect(abs(a.values[k] - b.values[k]) < 1e-10 * scale) }
        let size = max(1, db.map(abs).max()!)
        for j in 0..<40 { #expect(abs(da[j] - db[j]) < 1e-9 * size) }
      }
    }
  }

  @Test("conditional OT becomes cosine at both ends too, for each point at its own time")
  func ends() {
    var changed = RescheduledField(
      MarginalField(target: Self.eight), from: .conditionalOT, to: .cosine)
    var exact = MarginalField(target: Self.eight, scheduler: .cosine)
    let x = Self.points(.cosine, at: 0.5)
    let times = Times.each((0..<40).map { Double($0) / 39 })
    var (a, b, c) = (x, x, x)
    changed.evaluate(x, at: times, into: &a)
    exact.evaluate(x, at: times, into: &b)
    for k in a.values.indices { #expect(abs(a.values[k] - b.values[k]) < 1e-10) }
    let probes = Self.points(.cosine, at: 0.3)
    var (p, q) = ([Double](repeating: 0, count: 40), [Double](repeating: 0, count: 40))
    changed.evaluate(x, at: times, probes: probes, into: &c, divergence: &p)
    exact.evaluate(x, at: times, probes: probes, into: &b, divergence: &q)
    for k in a.values.indices { #expect(abs(c.values[k] - a.values[k]) < 1e-12) }
    for j in 0..<40 { #expect(abs(p[j] - q[j]) < 1e-10) }
  }

  @Test("the flow under another schedule ends in the same points")
  func flow() {
    let x = Self.points(.conditionalOT, at: 0)
    var straight: any VelocityField = MarginalField(target: Self.eight)
    let expected = Integrator.solve(&straight, .rk4, control: .fixed(steps: 200), from: x).x
    for scheduler in [Scheduler.cosine, .polynomial(2)] {
      var other: any VelocityField = RescheduledField(
        MarginalField(target: Self.eight), from: .conditionalOT, to: scheduler)
      let end = Integrator.solve(&other, .rk4, control: .fixed(steps: 200), from: x).x
      for k in end.values.indices { #expect(abs(end.values[k] - expected.values[k]) < 2e-4) }
    }
  }

  @Test("a schedule rescheduled to itself is the field itself, to the bit")
  func identity() {
    var field = MarginalField(target: Self.eight, scheduler: .linearVP)
    var same = RescheduledField(field, from: .linearVP, to: .linearVP)
    let x = Self.points(.linearVP, at: 0.4)
    var (a, b) = (x, x)
    field.evaluate(x, at: .shared(0.4), into: &a)
    same.evaluate(x, at: .shared(0.4), into: &b)
    #expect(a == b)
  }
}
