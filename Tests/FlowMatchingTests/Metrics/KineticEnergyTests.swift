import FlowMatching
import Testing

@Suite struct KineticEnergyTests {
  static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)

  private func energy(_ scheduler: Scheduler, _ target: GaussianMixture) -> KineticEnergy {
    var field = MarginalField(target: target, scheduler: scheduler)
    return KineticEnergy(
      of: &field, from: StandardNormal(dimension: target.dimension), to: target,
      along: AffinePath(scheduler: scheduler), count: 40_000, random: Random(seed: 31))
  }

  private func expect(
    _ estimate: Estimate, _ value: Double, slack: Double = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      abs(estimate.mean - value) < 3 * estimate.standardError + slack,
      "\(estimate), expected \(value)", sourceLocation: sourceLocation)
  }

  @Test("eight Gaussians: conditional 6.08 and 7.50, marginal 2.22 and 1.44 (CondOT, cosine)")
  func published() {
    for (scheduler, conditional, marginal) in [
      (Scheduler.conditionalOT, 6.08, 2.22), (.cosine, 7.50, 1.44),
    ] {
      let energy = energy(scheduler, Self.eight)
      expect(energy.conditional, conditional, slack: 0.005)
      expect(energy.marginal, marginal, slack: 0.005)
      // The gap is d times the loss floor, which quadrature knows: 1.929 and 3.027.
      expect(energy.gap, 2 * LossFloor.of(target: Self.eight, scheduler: scheduler))
      #expect(energy.gap.mean > 0 && energy.marginal.mean < energy.conditional.mean)
      let gap = energy.conditional.mean - energy.marginal.mean
      #expect(abs(gap - energy.gap.mean) < 1e-10)
    }
  }

  @Test("straight conditional paths cost least, their marginal field does not")
  func misconception() {
    let (straight, cosine) = (
      energy(.conditionalOT, Self.eight), energy(.cosine, Self.eight)
    )
    #expect(straight.conditional.mean < cosine.conditional.mean - 1)
    #expect(straight.marginal.mean > cosine.marginal.mean + 0.5)
  }

  @Test("N(0, 1) → N(m, s²): conditional 1 + s² + m², gap πs/2")
  func gaussian() {
    let target = GaussianMixture(weights: [1], means: [[1.5]], standardDeviation: 0.4)
    let energy = energy(.conditionalOT, target)
    expect(energy.conditional, 1 + 0.16 + 2.25)
    expect(energy.gap, .pi * 0.4 / 2)
  }

  @Test("a field that is off by (1, 2) everywhere has the error 2.5 in every bin, an exact one 0")
  func constantError() {
    var exact = MarginalField(target: Self.eight)
    let teacher = exact
    var off = FormulaField(dimension: 2) { x, t in
      var (teacher, velocity) = (teacher, Batch(dimension: 2, count: 1))
      teacher.evaluate(Batch(points: [x]), at: .shared(t), into: &velocity)
      return [velocity[0, 0] + 1, velocity[1, 0] + 2]
    }
    let error = FieldErrorOverTime(
      of: &off, exact: &exact, from: StandardNormal(dimension: 2), to: Self.eight,
      along: AffinePath(scheduler: .conditionalOT), bins: 7, count: 300, random: Random(seed: 3))
    #expect(error.errors.count == 7 && error.times.count == 7)
    #expect(error.errors.allSatisfy { abs($0.mean - 2.5) < 1e-12 })
    #expect(abs(error.total.mean - 2.5) < 1e-12)
    var same = exact
    let none = FieldErrorOverTime(
      of: &same, exact: &exact, from: StandardNormal(dimension: 2), to: Self.eight,
      along: AffinePath(scheduler: .conditionalOT), random: Random(seed: 3))
    #expect(none.errors.count == 20 && none.total.mean == 0)
  }

  @Test("an error that grows as t is t² in the bin around t")
  func growingError() {
    var rest = FormulaField(dimension: 1) { _, _ in [0] }
    var grows = FormulaField(dimension: 1) { _, t in [t] }
    let error = FieldErrorOverTime(
      of: &grows, exact: &rest, from: StandardNormal(dimension: 1),
      to: StandardNormal(dimension: 1), along: AffinePath(scheduler: .conditionalOT), bins: 10,
      count: 4000, random: Random(seed: 5))
    for (t, estimate) in zip(error.times, error.errors) {
      // Within a bin of width .1 the mean of t² is t² + .1²/12.
      #expect(abs(estimate.mean - t * t - 0.01 / 12) < 1e-3)
    }
    #expect(abs(error.total.mean - 1 / 3.0) < 1e-4)
  }
}
