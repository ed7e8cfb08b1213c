import Testing

@testable import FlowMatching

@Suite struct ParticleIntegratorTests {
  static let eight = GaussianMixture.eightGaussians(radius: 2, standardDeviation: 0.2)

  private func solve(
    _ field: any VelocityField, _ x0: Batch, _ tolerance: Double = 1e-6,
    _ tableau: ButcherTableau = .dormandPrince, start: Double = 0, end: Double = 1,
    chunkSize: Int = 2048
  ) -> ParticleIntegrator {
    var integrator = ParticleIntegrator(
      field, tableau, relative: tolerance, absolute: tolerance, from: x0, start: start, end: end,
      chunkSize: chunkSize)
    integrator.finish()
    return integrator
  }

  private func noise(_ count: Int) -> Batch {
    var random = Random(seed: 12)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  @Test(
    "a particle's way does not depend on its company: the same bits alone, in chunks, in slices",
    arguments: ButcherTableau.all.filter(\.hasErrorEstimate))
  func independence(tableau: ButcherTableau) {
    let field = MarginalField(target: Self.eight)
    let x0 = noise(60)
    let all = solve(field, x0, 1e-5, tableau)
    let parts = solve(field, x0, 1e-5, tableau, chunkSize: 7)
    #expect(all.x == parts.x && all.evaluations == parts.evaluations)
    for j in [0, 31, 59] {
      let alone = solve(field, x0.points(j..<j + 1), 1e-5, tableau)
      #expect(alone.x == all.x.points(j..<j + 1))
      #expect(alone.evaluations[0] == all.evaluations[j])
    }
    var slices = ParticleIntegrator(
      field, tableau, relative: 1e-5, absolute: 1e-5, from: x0, chunkSize: 7)
    var spent = 0
    while slices.status == .running { spent += slices.advance(budget: 1) }
    #expect(slices.x == all.x && spent == all.totalEvaluations)
  }

  @Test("alone, a particle takes the steps of the shared solve, as many and to 1e-12 the same")
  func sharedSolve() {
    for problem in KnownProblem.all {
      let x0 = Batch(points: [problem.start])
      let own = solve(problem.field, x0, 1e-7, end: problem.end)
      var field: any VelocityField = problem.field
      var shared = Integrator(
        .dormandPrince, control: .adaptive(relative: 1e-7, absolute: 1e-7), from: x0,
        end: problem.end)
      shared.finish(&field)
      #expect(own.status == .finished && own.times == [problem.end])
      #expect(own.stepsAccepted[0] == shared.stepsAccepted)
      #expect(own.stepsRejected[0] == shared.stepsRejected)
      #expect(own.evaluations[0] == shared.evaluations)
      #expect(distance(own.x.point(0), shared.knot.x.point(0)) < 1e-12)
    }
  }

  @Test("NFE is the number of evaluations really made, and a hard particle pays for itself alone")
  func evaluations() throws {
    // The second coordinate is the stiffness, which rests.
    let field = FormulaField(dimension: 2) { x, t in [-x[1] * (x[0] - cosine(3 * t)), 0] }
    let x0 = Batch(points: [[1, 1], [1, 300], [1, 0.1]])
    let solved = solve(field, x0, 1e-6)
    let counted = try #require(solved.field as? FormulaField)
    #expect(counted.evaluations == solved.totalEvaluations)
    #expect(solved.evaluations[1] > 5 * solved.evaluations[0])
    for j in 0..<3 {
      let attempts = solved.stepsAccepted[j] + solved.stepsRejected[j]
      #expect(solved.evaluations[j] == 2 + 6 * attempts)
    }
    var shared = Integrator(
      .dormandPrince, control: .adaptive(relative: 1e-6, absolute: 1e-6), from: x0)
    var all: any VelocityField = field
    shared.finish(&all)
    #expect(solved.totalEvaluations < 3 * shared.evaluations / 2)
  }

  @Test("every particle meets its tolerance, there and back")
  func bothWays() {
    let field = MarginalField(target: Self.eight)
    let x0 = noise(100)
    let there = solve(field, x0, 1e-9)
    let back = solve(field, there.x, 1e-9, start: 1, end: 0)
    #expect(back.status == .finished && back.times.allSatisfy { $0 == 0 })
    let worst = zip(back.x.values, x0.values).map { abs($0 - $1) }.max()!
    #expect(worst < 1e-6, "\(worst)")
  }

  @Test("a particle that fails says why and where; the others arrive")
  func failures() {
    // y′ = y², pole at 1/y₀; and a field that is NaN beyond 5.
    let field = FormulaField(dimension: 1) { x, _ in [x[0] < -5 ? .nan : x[0] * x[0]] }
    let solved = solve(field, Batch(points: [[0.5], [2], [-6], [-0.3]]), 1e-8)
    #expect(solved.status == .finished)
    #expect(solved.failures[0] == nil && abs(solved.x[0, 0] - 1) < 1e-6)
    #expect(solved.failures[3] == nil && abs(solved.x[0, 3] + 0.3 / 1.3) < 1e-6)
    #expect(solved.failures[1] != nil && abs(solved.times[1] - 0.5) < 1e-6)
    #expect(solved.failures[2] == .notFinite(0))
    #expect(solved.x.isFinite)
    let none = solve(field, Batch(dimension: 1, count: 0))
    #expect(none.status == .finished)
  }
}
